using System.Collections.Immutable;

namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Compares a partner with his own past: visitors begin to come in another way, and buy far more often than his visitors ever did. A new page or a post that goes
/// round brings strangers, who buy as others do or less; who buys at once had decided before, and somebody else now sends him through the partner's link.
/// </summary>
sealed class ChangedTraffic : IFraudSignal
{
    const int PastDays = 56, LeastPastDays = 8, LeastPast = 80, LeastClicks = 8, LeastOrders = 4;

    // So many times the share of before is another mix, and so many times the orders of before other visitors.
    const double Grown = 2.5, LeastRatio = 2.5;

    // Habits change a little: a long past counts no more than some orders do.
    const double HabitOrders = 12, Least = 1.5, Reliability = 1.2, Most = 6;
    static readonly int[] Windows = [7, 14, 28, 56];

    static readonly Way[] Ways =
    [
        new("from sites", day => day.Referrers, order => order.Click!.Referrer, (partner, referrer) => referrer != 0 && referrer != partner.Website),
        new("to pages", day => day.Landings, order => (uint)order.Click!.Landing, (_, _) => true),
    ];

    /// <param name="What">Said of the clicks: "came … that were rare before".</param>
    /// <param name="IsEligible">What can be somebody else's doing.</param>
    sealed record Way(string What, Func<DayFigures, ImmutableArray<Tally>> Tallies, Func<OrderFigures, uint> Of, Func<PartnerFigures, uint, bool> IsEligible);

    public string Id => "changed-traffic";

    public string Family => "change";

    public IEnumerable<Finding> Evaluate(ProgramFigures program) =>
        program.Partners.Count < Peers.Least ? [] : Windows.SelectMany(days => In(program, DaySpan.Last(program.Today.AddDays(-1), days))).Strongest();

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span)
    {
        var buying = RateSpread.Of(program.Partners.Select(p => ((double)p.QuickOrders(span).Count, (double)p.Clicks(span))).Where(r => r.Item2 >= LeastPast));
        foreach (var partner in program.Partners)
        {
            var past = span.Before(PastDays);
            var clicks = partner.Clicks(past);
            if (clicks < LeastPast || partner.DaysIn(past).Count < LeastPastDays || partner.QuickOrders(span).Count < LeastOrders)
                continue;
            var orders = partner.QuickOrders(past).Count(o => !o.IsLead);
            var weight = Math.Min(1, HabitOrders / (orders + 1.0));
            var habit = buying.After(orders * weight, clicks * weight);
            foreach (var way in Ways)
                if (Look(partner, span, past, way, habit) is { } finding)
                    yield return finding;
        }
    }

    static Finding? Look(PartnerFigures partner, DaySpan span, DaySpan past, Way way, RateSpread habit)
    {
        // For most it is over here: their buyers come as they always did.
        if (partner.QuickOrders(span).Count(o => !o.IsLead && way.IsEligible(partner, way.Of(o))) < LeastOrders)
            return null;
        var (now, before) = (Shares(partner, span, way), Shares(partner, past, way));
        var grown = now.Where(n => way.IsEligible(partner, n.Key) && n.Value >= Grown * before.GetValueOrDefault(n.Key)).Select(n => n.Key).ToHashSet();
        var clicks = partner.DaysIn(span).Sum(d => way.Tallies(d).Of(grown.Contains));
        var buyers = partner.QuickOrders(span).Where(o => !o.IsLead && grown.Contains(way.Of(o))).ToList();
        var expected = habit.Mean * clicks;
        if (clicks < LeastClicks || buyers.Count < LeastOrders || buyers.Count < LeastRatio * expected)
            return null;
        var strength = -habit.LogAtLeast(buyers.Count, clicks);
        var old = buyers.Count(o => o.IsNewCustomer == false);
        var isOdd = strength >= Least;
        return new(partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, ["behaviour_change", "high_conversion", "low_new_customers"],
            $"{buyers.Count} orders of {clicks:0} clicks in {span.Days} days that came {way.What} that were rare among this partner's clicks before; {expected:0.#} would be expected of as many of its clicks. "
            + $"{old} of the buyers were known to the shop.", 0, buyers.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
        {
            Evidence = new($"orders of {clicks:0} clicks that came {way.What} that were rare before", buyers.Count, Math.Round(expected, 1), habit.Usual(clicks)),
            Strength = Math.Min(isOdd ? Reliability * strength : Math.Min(strength, 1), Most), Honest = "A new page of the partner's that sells very well, or a campaign that was agreed.", Orders = [.. buyers.Select(o => o.Id)],
        };
    }

    static Dictionary<uint, double> Shares(PartnerFigures partner, DaySpan span, Way way)
    {
        var shares = new Dictionary<uint, double>();
        var days = partner.DaysIn(span);
        var total = Math.Max(1.0, partner.Clicks(span));
        foreach (var day in days)
            foreach (var tally in way.Tallies(day))
                shares[tally.Value] = shares.GetValueOrDefault(tally.Value) + tally.Clicks / total;
        return shares;
    }
}
