using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>What another affiliate program had credited to a partner, and what was booked so that his balance here is what it was there.</summary>
[Table("afs_imported_referrals", IsColumnAttributeRequired = false)]
sealed record ImportedReferralRow
{
    /// <summary><c>affiliatewp</c> or <c>slicewp</c>.</summary>
    [PrimaryKey(0)] public required string Program { get; init; }
    [PrimaryKey(1)] public required string Shop { get; init; }

    /// <summary>That program's number.</summary>
    [PrimaryKey(2)] public required string ExternalId { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>The shop's order that is credited here through it; null where none is.</summary>
    public string? OrderExternalId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>There: <c>pending</c>, <c>unpaid</c>, <c>paid</c> or <c>rejected</c>.</summary>
    public required string Status { get; init; }

    /// <summary>That program's number of the payout.</summary>
    public string? Payout { get; init; }

    /// <summary>By how much the ledger was adjusted: what was credited there less what the order deserved here.</summary>
    public required long AdjustedMinor { get; init; }

    /// <summary>What the ledger shows as paid there.</summary>
    public required long PaidMinor { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }
}
