using AffiliateSidecar.Orders;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>An order of the shop that is not here, or not the same.</summary>
/// <param name="Kind"><c>missing</c>, <c>different</c>, <c>gone</c> or <c>unreadable</c>.</param>
/// <param name="Words">What differs, a sentence each.</param>
/// <param name="ChangedAt">The shop's time of the change; null where the order is gone.</param>
/// <param name="KnownAt">The shop's time of the change that was known; null where none was.</param>
/// <param name="Status">As the shop has it.</param>
/// <param name="KnownStatus">As it was here.</param>
/// <param name="RefundsGone">Nothing differs but refunds that are there no more.</param>
/// <param name="OrderId">Our id; null where it is missing.</param>
sealed record DriftItem(string ExternalId, string Kind, IReadOnlyList<string> Words, DateTimeOffset? ChangedAt, DateTimeOffset? KnownAt, string? Status, string? KnownStatus, bool RefundsGone,
    Money? Total, Money? AtStake, string? OrderId)
{
    public const string Unreadable = "unreadable";

    public static DriftItem? Of(string externalId, IntakeResult result) => result switch
    {
        { Status: IntakeStatus.Refused } => new(externalId, Unreadable, [result.Reason!], null, null, null, null, false, null, null, null),
        { Difference: { } d } => new(externalId, d.Kind, d.Words, d.UpdatedAt, d.KnownUpdatedAt, d.Status, d.KnownStatus, d.OnlyRefundsGone, d.Total, d.AtStake,
            d.Kind == OrderDifference.Missing ? null : result.Order?.Id),
        _ => null,
    };
}
