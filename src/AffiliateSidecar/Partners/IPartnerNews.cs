using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Partners;

/// <summary>Told of a partner in the transaction that changes him: what follows from it happens with it or not at all.</summary>
interface IPartnerNews
{
    Task AddedAsync(SidecarDb db, PartnerRow partner, CancellationToken cancel);

    /// <summary>Somebody has applied with the address of this partner.</summary>
    Task AppliedAgainAsync(SidecarDb db, PartnerRow partner, CancellationToken cancel);

    /// <param name="decision">What was decided, also where the partner was in that state already.</param>
    Task DecidedAsync(SidecarDb db, PartnerRow before, PartnerDecision decision, CancellationToken cancel);
}

/// <summary>A partner's new status.</summary>
/// <param name="Actor">A key's id, <c>rule</c> or <c>owner</c>: the audit log has it.</param>
/// <param name="Origin">The network address it came from.</param>
/// <param name="Quiet">The partner is not written to.</param>
/// <param name="TellAt">Not written to before; null: at once.</param>
sealed record PartnerDecision(string Status, string? Reason, string Actor, string? Origin = null, bool Quiet = false, DateTimeOffset? TellAt = null);
