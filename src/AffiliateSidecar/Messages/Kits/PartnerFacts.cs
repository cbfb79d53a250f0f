using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Kits;

/// <summary>What a mail may say of a partner, beside his name: kept with each mail of a broadcast, so that it says what held when it was queued.</summary>
sealed record PartnerFacts
{
    public required string Code { get; init; }
    public string Group { get; init; } = "";
    public required DateTimeOffset Since { get; init; }

    /// <summary>Coupons of the shop that credit him.</summary>
    public IReadOnlyList<string> Coupons { get; init; } = [];
    public IReadOnlyList<PartnerPage> Pages { get; init; } = [];

    public string? FirstCoupon() => Coupons is [var first, ..] ? first : null;

    /// <summary>A partner who has everything, and one who has nothing: what is written is tried with both.</summary>
    public static PartnerFacts Rich { get; } = new() { Code = "sara", Group = "gold", Since = DateTimeOffset.UnixEpoch, Coupons = ["SARA10"], Pages = [new("Mugs", "/product/mug/")] };
    public static PartnerFacts Bare { get; } = new() { Code = "omid", Since = DateTimeOffset.UnixEpoch };

    public static async Task<IReadOnlyDictionary<int, PartnerFacts>> OfAsync(SidecarDb db, IReadOnlyList<PartnerRow> partners, CancellationToken cancel)
    {
        if (partners.Count == 0)
            return new Dictionary<int, PartnerFacts>();
        var (first, last) = (partners.Min(p => p.Id), partners.Max(p => p.Id));
        var coupons = (await db.PartnerCodes.Where(c => c.Kind == CodeKind.Coupon && c.PartnerId >= first && c.PartnerId <= last).OrderBy(c => c.CodeKey)
            .Select(c => new { c.PartnerId, c.Code }).ToListAsync(cancel)).ToLookup(c => c.PartnerId, c => c.Code);
        var pages = (await db.Links.Where(l => l.PartnerId >= first && l.PartnerId <= last).OrderBy(l => l.Id)
            .Select(l => new { l.PartnerId, l.Name, l.Path }).ToListAsync(cancel)).ToLookup(l => l.PartnerId, l => new PartnerPage(l.Name, l.Path));
        return partners.ToDictionary(p => p.Id, p => new PartnerFacts { Code = p.Code, Group = p.GroupName ?? "", Since = p.CreatedAt, Coupons = [.. coupons[p.Id]], Pages = [.. pages[p.Id]] });
    }
}

/// <summary>A page of the shop that a partner has a link of his own to.</summary>
sealed record PartnerPage(string? Name, string Path);
