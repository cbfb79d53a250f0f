using System.Globalization;

namespace AffiliateSidecar.Commissions.Rules;

/// <summary>A percentage of the line's net base.</summary>
sealed class PercentRule(RuleData data) : ICommissionRule
{
    public string Id => data.Id;

    public RuleResult? Apply(RuleContext context)
    {
        var rate = TierRate.Of(data, context);
        return new(data.Id, context.LineBase * rate.Value / 100,
            $"{rate.Value.ToString("0.####", CultureInfo.InvariantCulture)} % of {context.LineBase.ToString("0.00######", CultureInfo.InvariantCulture)} {context.Order.Currency}{rate.Why}");
    }
}
