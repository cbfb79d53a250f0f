using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>An application by the form, beside its partner.</summary>
[Table("afs_applications", IsColumnAttributeRequired = false)]
sealed record ApplicationRow
{
    [PrimaryKey] public required int PartnerId { get; init; }
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When the applicant was asked by mail to confirm his address; null: no mail server was set, and nobody waits for it.</summary>
    public DateTimeOffset? AskedAt { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When the site was looked at and the rule of automatic approval was asked.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>Whether the applicant's site answers: <c>unknown</c>, <c>reachable</c> or <c>unreachable</c>.</summary>
    public required string Site { get; init; }
    public string? SiteDetail { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary><c>rule</c> or <c>person</c>.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Approved by the rule: beyond so much, nothing is paid before a person has looked.</summary>
    public long? CapMinor { get; init; }
    public string? CapCurrency { get; init; }
}

/// <summary>How often the signup page was shown and its form begun, of a day, door and language.</summary>
[Table("afs_funnel_days", IsColumnAttributeRequired = false)]
sealed record FunnelDayRow
{
    [PrimaryKey(0)] public required DateTimeOffset Day { get; init; }

    /// <summary><c>visit</c> or <c>start</c>.</summary>
    [PrimaryKey(1)] public required string Step { get; init; }

    /// <summary>Empty: none was named.</summary>
    [PrimaryKey(2)] public required string Source { get; init; }
    [PrimaryKey(3)] public required string Locale { get; init; }
    public required long Count { get; init; }
}
