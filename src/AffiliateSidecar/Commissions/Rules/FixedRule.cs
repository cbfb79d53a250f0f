namespace AffiliateSidecar.Commissions.Rules;

/// <summary>One amount an order, spread over the rule's lines by their net base so that refunds can take their part of it.</summary>
sealed class FixedRule(RuleData data) : ICommissionRule
{
    public string Id => data.Id;

    public RuleResult? Apply(RuleContext context)
    {
        var rate = TierRate.Of(data, context);
        var total = Money.Round(rate.Value, context.Order.Currency);
        var parts = Spread.LargestRemainder(total.Minor, [.. context.Lines.Select(l => l.Base)]);
        var index = context.Lines.TakeWhile(l => !ReferenceEquals(l.Line, context.Line)).Count();
        return new(data.Id, new Money(parts[index], context.Order.Currency).Amount, $"its part of {total} an order{rate.Why}");
    }
}
