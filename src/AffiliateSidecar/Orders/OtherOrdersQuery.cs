using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>An order's place among the others: by the time it was placed, then by its name, so that nothing depends on when it was heard of.</summary>
sealed record OrderPlace(DateTimeOffset PlacedAt, string Shop, string ExternalId) : IComparable<OrderPlace>
{
    public static OrderPlace Of(Order order) => new(order.PlacedAt, order.Shop, order.ExternalId);

    public int CompareTo(OrderPlace? other) => other is null ? 1
        : (PlacedAt.CompareTo(other.PlacedAt), string.CompareOrdinal(Shop, other.Shop), string.CompareOrdinal(ExternalId, other.ExternalId)) switch
        {
            (not 0 and var time, _, _) => time,
            (_, not 0 and var shop, _) => shop,
            var (_, _, id) => id,
        };
}

/// <summary>Reads what other orders say about one, as far as its rules ask.</summary>
static class OtherOrdersQuery
{
    /// <param name="orderId">Null where the order is not stored.</param>
    public static async Task<OtherOrders> LoadAsync(SidecarDb db, Order order, string? orderId, string? customerKey, int? partnerId, RuleSet rules, CancellationToken cancel)
    {
        if (!rules.AsksOtherOrders)
            return OtherOrders.None;
        var others = new OtherOrders();
        if (customerKey is not null && rules.Rules.Any(r => r.Conditions is { Customer: not null } or { FirstMonths: not null }))
        {
            var first = await EarlierOf(db, order, customerKey).OrderBy(o => o.PlacedAt).Select(o => (DateTimeOffset?)o.PlacedAt).FirstOrDefaultAsync(cancel);
            others = others with { CustomerIsNew = first is null, CustomerSince = first ?? order.PlacedAt };
        }
        return partnerId is not { } partner ? others : others with
        {
            SalesSoFar = await SalesAsync(db, order, orderId ?? "", partner, rules, cancel),
            PaidForCustomer = customerKey is null ? others.PaidForCustomer
                : await PaidAsync(db, order, partner, rules, r => r.Caps?.PerCustomer is null ? null : a => a.CustomerKey == customerKey, cancel),
            PaidInPeriod = await PaidAsync(db, order, partner, rules, r => r.Caps?.PerPeriod is not { } cap ? null
                : RulePeriod.Of(order.PlacedAt, cap.Period, cap.Calendar).From is var from ? a => a.PlacedAt >= from : null, cancel),
        };
    }

    /// <summary>Orders of the customer before this one. What was never paid, or was taken back, brought nobody.</summary>
    public static IQueryable<OrderRow> EarlierOf(SidecarDb db, Order order, string customerKey) => db.Orders.Where(o => o.CustomerKey == customerKey
        && (o.Status == OrderStatus.Processing || o.Status == OrderStatus.Completed)
        // As it was stored before, it may have been placed at another time.
        && !(o.Shop == order.Shop && o.ExternalId == order.ExternalId)
        && (o.PlacedAt < order.PlacedAt || (o.PlacedAt == order.PlacedAt && (string.Compare(o.Shop, order.Shop) < 0
            || (o.Shop == order.Shop && string.Compare(o.ExternalId, order.ExternalId) < 0)))));

    /// <summary>
    /// Sales whose approval lies in the period of this order and before it. An approval never precedes its order, so no order after this one is among them.
    /// </summary>
    static async Task<IReadOnlyDictionary<string, decimal>> SalesAsync(SidecarDb db, Order order, string orderId, int partner, RuleSet rules, CancellationToken cancel)
    {
        var sales = new Dictionary<string, decimal>();
        foreach (var (period, calendar) in rules.Rules.Select(r => r.Tiers).OfType<RuleTiers>().Select(t => (t.Period, t.Calendar)).Distinct())
        {
            var from = RulePeriod.Of(order.PlacedAt, period, calendar).From;
            var net = await db.Commissions.Where(c => c.PartnerId == partner && c.Currency == order.Currency && c.CountsAt >= from && c.CountsAt < order.PlacedAt && c.OrderId != orderId)
                .SumAsync(c => (long?)c.NetMinor, cancel) ?? 0;
            sales[RulePeriod.Name(period, calendar)] = new Money(net, order.Currency).Amount;
        }
        return sales;
    }

    static async Task<IReadOnlyDictionary<string, long>> PaidAsync(SidecarDb db, Order order, int partner, RuleSet rules,
        Func<RuleData, System.Linq.Expressions.Expression<Func<RuleAmountRow, bool>>?> counts, CancellationToken cancel)
    {
        var paid = new Dictionary<string, long>();
        foreach (var rule in rules.Rules)
            if (counts(rule) is { } condition)
                paid[rule.Id] = await Before(db, order, partner, rule.Id).Where(condition).SumAsync(a => (long?)a.AmountMinor, cancel) ?? 0;
        return paid;
    }

    /// <summary>What a rule has paid the partner for orders before this one.</summary>
    public static IQueryable<RuleAmountRow> Before(SidecarDb db, Order order, int partner, string rule) => db.RuleAmounts.Where(a => a.PartnerId == partner && a.RuleId == rule
        && a.Currency == order.Currency && !(a.Shop == order.Shop && a.ExternalId == order.ExternalId) && (a.PlacedAt < order.PlacedAt || (a.PlacedAt == order.PlacedAt && (string.Compare(a.Shop, order.Shop) < 0
            || (a.Shop == order.Shop && string.Compare(a.ExternalId, order.ExternalId) < 0)))));
}
