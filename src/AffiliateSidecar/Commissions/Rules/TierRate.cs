using System.Globalization;

namespace AffiliateSidecar.Commissions.Rules;

/// <summary>The rate in force for the partner's sales so far.</summary>
/// <param name="Value">The rule's own, or that of the highest step reached.</param>
/// <param name="Why">For the explanation; empty where the rule has no tiers.</param>
readonly record struct TierRate(decimal Value, string Why)
{
    public static TierRate Of(RuleData data, RuleContext context)
    {
        if (data.Tiers is not { } tiers)
            return new(data.Rate, "");
        var sales = context.SalesSoFar.GetValueOrDefault(RulePeriod.Name(tiers.Period, tiers.Calendar));
        var reached = tiers.Steps.LastOrDefault(s => s.From <= sales);
        return new(reached?.Rate ?? data.Rate, string.Create(CultureInfo.InvariantCulture,
            $", with {Money.Round(sales, context.Order.Currency)} approved in the {tiers.Period} before"));
    }
}
