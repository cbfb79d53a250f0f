using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

[Table("afs_rule_versions", IsColumnAttributeRequired = false)]
sealed record RuleVersionRow
{
    [PrimaryKey] public required int Version { get; init; }

    /// <summary>JSON of the whole rule set.</summary>
    public required string Body { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Orders from then on are decided under it; of several, the one with the larger number holds.</summary>
    public required DateTimeOffset AppliesAt { get; init; }
}

/// <summary>A version of the terms, word for word. Never changed, never deleted.</summary>
[Table("afs_terms", IsColumnAttributeRequired = false)]
sealed record TermsRow
{
    [PrimaryKey] public required int Version { get; init; }

    /// <summary>The rules that it puts in words.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>Of the texts.</summary>
    public required string Hash { get; init; }

    /// <summary>JSON: by language, the lines.</summary>
    public required string Texts { get; init; }
    public required DateTimeOffset EffectiveAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether partners earn on what they buy themselves; null in old rows.</summary>
    public bool? OwnPurchases { get; init; }
}

/// <summary>A partner is to be told of a version.</summary>
[Table("afs_terms_notices", IsColumnAttributeRequired = false)]
sealed record TermsNoticeRow
{
    [PrimaryKey(0)] public required int Version { get; init; }
    [PrimaryKey(1)] public required int PartnerId { get; init; }
    public required DateTimeOffset QueuedAt { get; init; }
}
