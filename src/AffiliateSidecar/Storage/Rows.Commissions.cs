using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

[Table("afs_commissions", IsColumnAttributeRequired = false)]
sealed record CommissionRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string OrderId { get; init; }
    public required int PartnerId { get; init; }
    public required string Currency { get; init; }

    /// <summary>What the order's newest state deserves, net of refunds.</summary>
    public required long AmountMinor { get; init; }
    public required string Status { get; init; }

    /// <summary>End of the hold period.</summary>
    public required DateTimeOffset MaturesAt { get; init; }

    /// <summary>What a person decided: <c>approve</c>, <c>hold</c>, <c>reverse</c>, or null.</summary>
    public string? Override { get; init; }
    public string? OverrideReason { get; init; }
    public DateTimeOffset? OverrideAt { get; init; }

    /// <summary>From when on its sale counts for tiers and bonuses: the end of the hold period, or earlier by hand; null while it is held.</summary>
    public DateTimeOffset? CountsAt { get; init; }

    /// <summary>What the order sold net of refunds; zero in states that do not earn.</summary>
    public long NetMinor { get; init; }
    public required string Explanation { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>Since when it waits for the next payout; null where it does not.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The payout that has paid it: from then on its status is final.</summary>
    public string? PayoutId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a rule with a cap has paid for an order: later orders of the customer or the period have the less.</summary>
[Table("afs_rule_amounts", IsColumnAttributeRequired = false)]
sealed record RuleAmountRow
{
    [PrimaryKey(0)] public required string OrderId { get; init; }
    [PrimaryKey(1)] public required string RuleId { get; init; }
    public required int PartnerId { get; init; }
    public string? CustomerKey { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required long AmountMinor { get; init; }
}
