using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>What the owner was told of a partner, and what came of it. One open case a partner.</summary>
[Table("afs_fraud_cases", IsColumnAttributeRequired = false)]
sealed record FraudCaseRow
{
    /// <summary>Served as <c>alr_…</c>.</summary>
    [PrimaryKey] public required string Id { get; init; }
    public required int PartnerId { get; init; }

    /// <summary>Cases of one ring have the same message.</summary>
    public required string Message { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The day of the scan that opened it.</summary>
    public required int Day { get; init; }

    /// <summary>The day of the newest evidence.</summary>
    public required int EvidenceDay { get; init; }
    public required double Risk { get; init; }

    /// <summary>What is at stake: unpaid commission inside what is suspicious, and the next 30 days at this rate.</summary>
    public required long MoneyMinor { get; init; }

    /// <summary>Of it the next 30 days.</summary>
    public required long NextMinor { get; init; }
    public required string Currency { get; init; }

    /// <summary>How often the owner was told, when last, and what he was told then: the money, and the families with a space between them.</summary>
    public required int Told { get; init; }
    public required int ToldDay { get; init; }
    public required long ToldMinor { get; init; }
    public required string ToldFamilies { get; init; }

    /// <summary>Codes, the most important first, with a space between them.</summary>
    public required string Reasons { get; init; }

    /// <summary>JSON of the findings.</summary>
    public required string Evidence { get; init; }

    /// <summary>Until when the pending commissions are held without a verdict; null where they are not.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When that time was over and they were released.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }
    public string? Verdict { get; init; }
    public string? Action { get; init; }
    public string? Note { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public string? ResolvedBy { get; init; }
}

/// <summary>"This is fine": the signals of a family leave the partner alone for a while.</summary>
[Table("afs_fraud_tolerances", IsColumnAttributeRequired = false)]
sealed record FraudToleranceRow
{
    [PrimaryKey(0)] public required int PartnerId { get; init; }
    [PrimaryKey(1)] public required string Family { get; init; }
    public required DateTimeOffset Until { get; init; }
    public required string CaseId { get; init; }
}

/// <summary>A scan that was run.</summary>
[Table("afs_fraud_scans", IsColumnAttributeRequired = false)]
sealed record FraudScanRow
{
    [PrimaryKey] public required int Day { get; init; }
    public required DateTimeOffset RanAt { get; init; }
    public required int Partners { get; init; }
    public required int Suspicious { get; init; }
    public required int Messages { get; init; }

    /// <summary>Expected number of false alarms among the day's suspicions.</summary>
    public required double ExpectedFalse { get; init; }

    /// <summary>Messages that may still be sent.</summary>
    public required double Slots { get; init; }
}
