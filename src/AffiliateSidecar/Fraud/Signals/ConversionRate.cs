namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Far more orders a click than others have, or than the partner had before.</summary>
sealed class ConversionRate : IFraudSignal
{
    const int LeastOrders = 6, LeastClicks = 20;
    const double LeastRatio = 2.5;
    const double LeastChange = 2.5, HabitOrders = 12;
    const int PastDays = 56, LeastPastClicks = 60;
    static readonly int[] Windows = [7, 14, 28];

    public string Id => "conversion-rate";

    public string Family => "rate";

    public IEnumerable<Finding> Evaluate(ProgramFigures program) => Windows.SelectMany(days => In(program, DaySpan.Last(program.Today.AddDays(-1), days))).Strongest();

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span)
    {
        var counts = program.Partners.Select(p => (Partner: p, Orders: p.QuickOrders(span).ToList(), Clicks: (double)p.Clicks(span))).Where(c => c.Clicks >= LeastClicks).ToList();
        if (counts.Count < Peers.Least)
            yield break;
        var spread = RateSpread.Of(counts.Select(c => ((double)c.Orders.Count, c.Clicks)));
        foreach (var (partner, orders, clicks) in counts)
        {
            if (orders.Count < LeastOrders || orders.Count < LeastRatio / 2 * spread.Mean * clicks)
                continue;
            var strength = -spread.LogAtLeast(orders.Count, clicks);
            var old = orders.Count(o => o.IsNewCustomer == false);
            var isOdd = orders.Count >= LeastRatio * spread.Mean * clicks && strength >= 3;
            // A coupon site always sold like that; whoever does so all of a sudden has found something else to sell.
            var change = isOdd ? Change(partner, span, orders.Count, clicks) : 0;
            var isNew = change >= LeastChange;
            yield return new(partner.PartnerId, isNew ? FindingState.Suspicious : FindingState.Normal, ["high_conversion", "low_new_customers"],
                $"{orders.Count} orders of {clicks:0} clicks in {span.Days} days; {spread.Mean * clicks:0.#} would be expected, and {spread.Usual(clicks)} is the most an honest partner usually has. "
                + $"{old} of them came from customers the shop knew.", 0, orders.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new($"orders of {clicks:0} clicks", orders.Count, Math.Round(spread.Mean * clicks, 1), spread.Usual(clicks)),
                Strength = isNew ? Math.Min(strength, 3) + Math.Min(change, 4) / 2 : Math.Min(strength, 1), Honest = "A coupon or cashback site, whose visitors have decided already.",
                Orders = [.. orders.Select(o => o.Id)],
            };
        }
    }

    /// <summary>−log10 of the chance that a partner with this past sells so much; 0 without a past.</summary>
    static double Change(PartnerFigures partner, DaySpan span, int orders, double clicks)
    {
        var past = span.Before(PastDays);
        var (before, of) = (partner.QuickOrders(past).Count, (double)partner.Clicks(past));
        if (of < LeastPastClicks)
            return 0;
        // Habits change a little: a long past counts no more than some orders do.
        var weight = Math.Min(1, HabitOrders / (before + 1.0));
        var habit = new RateSpread((before + 1) * weight, of * weight);
        return orders < LeastRatio * habit.Mean * clicks ? 0 : -habit.LogAtLeast(orders, clicks);
    }
}
