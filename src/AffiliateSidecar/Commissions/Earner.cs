using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Commissions;

/// <summary>The partner who earns, as the rules see him. The group is the one he was in when he was credited: a later move changes no order.</summary>
sealed record Earner(string Code, string? Id = null, string? Group = null)
{
    public static readonly Earner Nobody = new("");

    public static Earner Of(PartnerEntry partner) => new(partner.Code, PublicId.Of(PublicId.Partner, partner.Id), partner.Group);

    public static Earner Of(Decision decision) => decision.PartnerId is { } id
        ? new(decision.PartnerCode ?? "", PublicId.Of(PublicId.Partner, id), decision.PartnerGroup)
        : Nobody;

    /// <summary>Whether a rule or policy that names a code or an id means him.</summary>
    public bool Is(string named) => named == Id || (Code.Length > 0 && CodeText.Fold(named) == CodeText.Fold(Code));
}
