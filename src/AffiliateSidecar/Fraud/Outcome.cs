namespace AffiliateSidecar.Fraud;

/// <summary>Suspicious clicks must also fail to buy where the partner's other clicks buy: night owls and viral posts do buy.</summary>
sealed record Outcome(int Orders, double Expected, double Chance)
{
    const double LeastExpected = 3, LeastRatio = 3, Alpha = 0.02;

    public bool Buys => Expected >= LeastExpected && Orders * LeastRatio > Expected;

    public bool FailsToBuy => Expected >= LeastExpected && Orders * LeastRatio <= Expected && Chance < Alpha;

    /// <param name="partner">Whose clicks.</param>
    /// <param name="burst">The suspicious hours.</param>
    /// <param name="orders">Orders a click between partners.</param>
    /// <param name="final">Clicks of later hours have not had their day to buy.</param>
    public static Outcome Of(PartnerFigures partner, Burst burst, RateSpread orders, DateTimeOffset final)
    {
        var old = partner.Hours.Where(h => h.Hour < final).ToList();
        var (inside, outside) = (old.Where(h => burst.Hours.Contains(h.Hour)).ToList(), old.Where(h => !burst.Hours.Contains(h.Hour)).ToList());
        var own = orders.After(outside.Sum(h => h.Orders), outside.Sum(h => h.Clicks));
        var (clicks, bought) = (inside.Sum(h => h.Clicks), inside.Sum(h => h.Orders));
        return new(bought, own.Mean * clicks, own.AtMost(bought, clicks));
    }

    /// <summary>Orders a click, between partners with enough clicks to have a rate.</summary>
    public static RateSpread Between(IEnumerable<PartnerFigures> partners, DateTimeOffset final) => RateSpread.Of(partners
        .Select(p => p.Hours.Where(h => h.Hour < final).ToList())
        .Select(hours => (Count: (double)hours.Sum(h => h.Orders), Of: (double)hours.Sum(h => h.Clicks))).Where(r => r.Of >= 100).DefaultIfEmpty((1, 100)));
}
