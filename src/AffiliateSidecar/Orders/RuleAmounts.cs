using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>What capped rules have paid for one order: the whole list, in the place of the one before.</summary>
sealed record RuleAmounts(string OrderId, IReadOnlyList<RuleAmountRow> Rows)
{
    public static RuleAmounts Of(OrderRow order, Deserved deserved, RuleSet rules) => new(order.Id, order.PartnerId is null ? [] :
        [.. rules.Rules.Where(r => r.Caps is { PerCustomer: not null } or { PerPeriod: not null }).Where(r => deserved.ByRule.ContainsKey(r.Id))
            .Select(r => Row(order, r.Id, deserved.ByRule[r.Id]))]);

    public static RuleAmountRow Row(OrderRow order, string rule, long amount) => new()
    {
        OrderId = order.Id, RuleId = rule, PartnerId = order.PartnerId!.Value, CustomerKey = order.CustomerKey, Currency = order.Currency, PlacedAt = order.PlacedAt,
        Shop = order.Shop, ExternalId = order.ExternalId, AmountMinor = amount,
    };
}
