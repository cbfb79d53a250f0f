namespace AffiliateSidecar.Fraud;

/// <summary>What is said of a burst of clicks, whatever it was measured against.</summary>
static class BurstWords
{
    public static Finding Say(PartnerFigures partner, Burst burst, Outcome outcome, string reason, string against)
    {
        if (burst.Clicks == 0)
            return new(partner.PartnerId, FindingState.Normal, [], $"No hour has far more clicks than {against} let expect.", 0, 0);
        var evidence = new Evidence($"clicks in {burst.Hours.Count} hours", burst.Clicks, Math.Round(burst.ExpectedClicks, 1), burst.UsualClicks);
        var seen = $"{burst.Clicks} clicks in {burst.Hours.Count} hours, the first {burst.Start:yyyy-MM-dd HH}:00 UTC; {burst.ExpectedClicks:0} would be expected from {against}, "
            + $"and {burst.UsualClicks:0} is the most that usually comes.";
        if (outcome.FailsToBuy)
            return new(partner.PartnerId, FindingState.Suspicious, [reason, "low_quality"],
                $"{seen} They brought {outcome.Orders} orders within a day; {outcome.Expected:0.#} would be expected of as many of this partner's other clicks.",
                outcome.Chance < 0.001 ? 0.85 : 0.7, partner.Hours.Where(h => burst.Hours.Contains(h.Hour)).Sum(h => h.UnpaidCommissionMinor)) { Evidence = evidence };
        return new(partner.PartnerId, FindingState.Normal, [], outcome.Buys
            ? $"{seen} They buy: {outcome.Orders} orders within a day, {outcome.Expected:0.#} expected."
            : $"{seen} They brought {outcome.Orders} orders within a day, {outcome.Expected:0.#} expected: too little to tell whether they buy.", 0, 0) { Evidence = evidence };
    }
}
