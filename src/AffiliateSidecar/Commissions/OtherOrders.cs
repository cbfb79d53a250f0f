namespace AffiliateSidecar.Commissions;

/// <summary>
/// What other orders say about one: facts of those of the same customer and the same partner that come before it, by the time they were placed. So
/// they do not depend on when anybody heard of which order.
/// </summary>
sealed record OtherOrders
{
    public static readonly OtherOrders None = new();

    /// <summary>Null: not known.</summary>
    public bool? CustomerIsNew { get; init; }

    public DateTimeOffset? CustomerSince { get; init; }

    /// <summary>See <see cref="RuleContext.SalesSoFar"/>.</summary>
    public IReadOnlyDictionary<string, decimal> SalesSoFar { get; init; } = new Dictionary<string, decimal>();

    /// <summary>Minor units that a rule has paid for earlier orders of the customer.</summary>
    public IReadOnlyDictionary<string, long> PaidForCustomer { get; init; } = new Dictionary<string, long>();

    /// <summary>Minor units that a rule has paid for earlier orders of the cap's period.</summary>
    public IReadOnlyDictionary<string, long> PaidInPeriod { get; init; } = new Dictionary<string, long>();
}
