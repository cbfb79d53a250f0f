namespace AffiliateSidecar.Commissions.Rules;

/// <summary>One amount an order, spread over the lines by their net base so that refunds can take their part of it.</summary>
sealed class FixedRule(RuleData data) : ICommissionRule
{
    public string Id => data.Id;

    public RuleResult? Apply(RuleContext context)
    {
        var order = context.Order;
        if (data.EffectiveFrom > order.PlacedAt || (data.Currency ?? order.Currency) != order.Currency)
            return null;
        var total = Money.Round(data.Rate.Value, order.Currency);
        var parts = Spread.LargestRemainder(total.Minor, [.. LineBases.Of(order)]);
        var index = order.Lines.ToList().IndexOf(context.Line);
        return new(data.Id, new Money(parts[index], order.Currency).Amount, $"its part of {total} an order");
    }
}
