namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Cookies set without a visit are followed by orders at any time of the window, evenly. A dear article takes days as well, but its orders grow fewer with
/// time, and its buyers are new.
/// </summary>
sealed class FlatLag : IFraudSignal
{
    const int Window = 60, LeastLate = 8;
    const double DearRatio = 1.6;

    public string Id => "flat-lag";

    public string Family => "flood";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, Window);
        var counts = program.Partners.Select(p =>
        {
            // Clicks of the last week have not had the time for late orders; those before have had it alike.
            var orders = p.OrdersIn(span).Where(o => o.Click is not null && !o.IsLead).ToList();
            return (Partner: p, Late: orders.Where(o => o.Lag > 2 * TimeSpan.SecondsPerDay).ToList(), Quick: orders.Count(o => o.Lag <= 3600), All: orders.Count);
        }).Where(c => c.All >= 5).ToList();
        if (counts.Count < Peers.Least)
            yield break;
        var late = ShareSpread.Of(counts.Select(c => ((double)c.Late.Count, (double)c.All)));
        var slow = ShareSpread.Of(counts.Select(c => ((double)(c.All - c.Quick), (double)c.All)));
        var rates = RateSpread.Of(counts.Select(c => ((double)c.Quick, (double)c.Partner.Clicks(span))).Where(r => r.Item2 >= 100));
        var baskets = counts.Where(c => c.All >= 5).Select(c => Basket(c.Partner, span)).Order().ToList();
        foreach (var c in counts)
        {
            if (c.Late.Count < LeastLate)
                continue;
            // What costs more than usual is thought about for weeks.
            var isDear = Basket(c.Partner, span) > DearRatio * baskets[baskets.Count / 2];
            var clicks = c.Partner.Clicks(span);
            var dead = clicks < 100 ? 0 : -rates.LogAtMost(c.Quick, clicks);
            var strength = -late.LogAtLeast(c.Late.Count, c.All) - slow.LogAtLeast(c.All - c.Quick, c.All);
            var old = c.Late.Count(o => o.IsNewCustomer == false) / (double)c.Late.Count;
            var isOdd = !isDear && strength >= 2.5 && dead >= 1 && c.Late.Count >= 1.5 * late.Mean * c.All;
            yield return new(c.Partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, ["click_flood", "long_lag", "low_quality"],
                $"{c.Late.Count} of {c.All} orders in the last {Window} days came more than two days after the click, and {c.Quick} within the hour; {late.Mean * c.All:0.#} late ones would be "
                + $"expected, and {late.Usual(c.All)} is the most an honest partner usually has. {old:0%} of the late buyers were known to the shop.", 0,
                c.Late.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new($"orders more than two days after the click, of {c.All}", c.Late.Count, Math.Round(late.Mean * c.All, 1), late.Usual(c.All)),
                Strength = isOdd ? Math.Min(strength + dead, 10) : Math.Clamp(strength, 0, isDear ? 0.5 : 1.5), Honest = "A dear article that people think about for weeks.", Orders = [.. c.Late.Select(o => o.Id)],
            };
        }
    }

    static double Basket(PartnerFigures partner, DaySpan span) =>
        partner.OrdersIn(span).Where(o => !o.IsLead).Select(o => (double)o.AmountMinor).Order().ToList() is { Count: > 0 } amounts ? amounts[amounts.Count / 2] : 0;
}
