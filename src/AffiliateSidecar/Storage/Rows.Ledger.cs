using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>Append-only, double entry: the rows of one transaction sum to zero per currency.</summary>
[Table("afs_ledger", IsColumnAttributeRequired = false)]
sealed record LedgerRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required string TransactionId { get; init; }

    /// <summary><c>program</c>, or the partner's <c>pending</c>, <c>held</c>, <c>approved</c>, <c>paid</c>.</summary>
    public required string Account { get; init; }
    public required int PartnerId { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required string Kind { get; init; }
    public string? OrderId { get; init; }

    /// <summary>The adjustment, payout, bonus or recruit's commission that the entry belongs to; null where it is an order's.</summary>
    public string? Reference { get; init; }
    public required string Cause { get; init; }
    public required string Actor { get; init; }
    public required int RuleVersion { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>Entries up to <see cref="LedgerClosingRow.ClosedTo"/>, summed; the program's side is left out.</summary>
[Table("afs_ledger_sums", IsColumnAttributeRequired = false)]
sealed record LedgerSumRow
{
    [PrimaryKey(0)] public required int PartnerId { get; init; }
    [PrimaryKey(1)] public required string Currency { get; init; }
    [PrimaryKey(2)] public required string Account { get; init; }
    public required long AmountMinor { get; init; }
}

/// <summary>One row: up to which entry the sums go, and the entry that was the newest at a moment.</summary>
[Table("afs_ledger_closing", IsColumnAttributeRequired = false)]
sealed record LedgerClosingRow
{
    [PrimaryKey] public required int Id { get; init; }
    public required long ClosedTo { get; init; }
    public required long NextTo { get; init; }
    public required DateTimeOffset NextAt { get; init; }
}
