using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>Where a partner wants to be paid. Rows are never changed but for the time from which they may be used: an exported payout keeps its own.</summary>
[Table("afs_payout_details", IsColumnAttributeRequired = false)]
sealed record PayoutDetailsRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>The payout file that pays it: <c>sepa</c>, <c>paypal</c>, <c>paya</c>, or <c>manual</c>.</summary>
    public required string Method { get; init; }

    /// <summary>JSON, encrypted.</summary>
    public required string Details { get; init; }

    /// <summary>The account as it may be shown: its first and last characters.</summary>
    public required string Account { get; init; }

    /// <summary>Keyed hash of the account: the same for two partners who share one.</summary>
    public required string AccountKey { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A changed account waits.</summary>
    public required DateTimeOffset UsableFrom { get; init; }
}

/// <summary>A payout batch: a frozen list of what is paid to whom, in one currency.</summary>
[Table("afs_payouts", IsColumnAttributeRequired = false)]
sealed record PayoutRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }

    /// <summary>One batch a currency and period; the batch's own id where the caller named none.</summary>
    public required string Period { get; init; }

    /// <summary>The currency while the batch is open, so that there is one at a time; null afterwards and where a period was named.</summary>
    public string? OpenKey { get; init; }
    public required long MinimumMinor { get; init; }
    public required long TotalMinor { get; init; }
    public required int LineCount { get; init; }
    public required int SkippedCount { get; init; }

    /// <summary>SHA-256 over the frozen list.</summary>
    public required string Hash { get; init; }

    /// <summary><c>2026-11-30</c>.</summary>
    public required string ExecuteOn { get; init; }
    public required string PayCurrency { get; init; }
    public string? Rate { get; init; }
    public string? RateSource { get; init; }
    public DateTimeOffset? RateAt { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public string? ReviewedBy { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }
    public DateTimeOffset? ExportedAt { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}

/// <summary>One partner in a payout batch, also where he is left out of it.</summary>
[Table("afs_payout_lines", IsColumnAttributeRequired = false)]
sealed record PayoutLineRow
{
    [PrimaryKey(0)] public required string PayoutId { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }

    /// <summary><c>ready</c>, <c>paid</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string Status { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>In the currency in which the batch pays.</summary>
    public required long PayMinor { get; init; }
    public required string Method { get; init; }
    public long? DetailsId { get; init; }

    /// <summary>The payee's name as it was.</summary>
    public required string Name { get; init; }

    /// <summary>Why it is left out or has failed.</summary>
    public string? Reason { get; init; }

    /// <summary>The bank's.</summary>
    public string? Reference { get; init; }
    public DateTimeOffset? SettledAt { get; init; }
}
