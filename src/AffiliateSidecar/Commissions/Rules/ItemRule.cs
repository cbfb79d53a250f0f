using System.Globalization;

namespace AffiliateSidecar.Commissions.Rules;

/// <summary>One amount a piece; a line that costs nothing earns nothing.</summary>
sealed class ItemRule(RuleData data) : ICommissionRule
{
    public string Id => data.Id;

    public RuleResult? Apply(RuleContext context)
    {
        var (rate, quantity) = (TierRate.Of(data, context), context.LineBase > 0 ? Math.Max(0, context.Line.Quantity) : 0);
        return new(data.Id, quantity * rate.Value, $"{quantity.ToString("0.####", CultureInfo.InvariantCulture)} × {Money.Round(rate.Value, context.Order.Currency)} a piece{rate.Why}");
    }
}
