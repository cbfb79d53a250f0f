namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Far more clicks than the partner usually has, measured against the program's level of the same days, that do not buy. A burst alone is never a reason:
/// newsletters and viral posts burst too.
/// </summary>
sealed class ClickBurst : IFraudSignal
{
    const int PastDays = 42, LeastPastDays = 7, LeastClicks = 60, Windows = 3;
    const double Cap = 3, LeastRatio = 3, LeastExpected = 3, FewerOrders = 4, Sustained = 3;

    public string Id => "click-burst";

    public string Family => "burst";

    public IEnumerable<Finding> Evaluate(ProgramFigures program) =>
        program.Partners.Count < Peers.Least ? [] : new[] { 1, Windows, 14 }.SelectMany(days => In(program, DaySpan.Last(program.Today.AddDays(-1), days))).Strongest();

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span)
    {
        var past = span.Before(PastDays).Since(program.From);
        if (past.Days < LeastPastDays)
            yield break;
        var level = Level(program, span, past);
        var buying = RateSpread.Of(program.Partners.Select(p => ((double)p.QuickOrders(past).Count, (double)p.Clicks(past))).Where(r => r.Item2 >= 100));
        foreach (var partner in program.Partners)
        {
            var usual = Usual(partner, past);
            // Of a long window the best days are left out: whatever goes viral is over in three days.
            var best = span.Days > Windows ? partner.DaysIn(span).OrderByDescending(d => d.Clicks).Take(Windows).Select(d => d.Day).ToHashSet() : [];
            var clicks = partner.DaysIn(span).Where(d => !best.Contains(d.Day)).Sum(d => (long)d.Clicks - d.Crowded);
            if (usual is not { } day || clicks < LeastClicks)
                continue;
            var expected = day * (span.Days - best.Count) * level;
            if (clicks < LeastRatio * expected)
                continue;
            var own = buying.After(partner.QuickOrders(past).Count, partner.Clicks(past));
            var orders = partner.QuickOrders(span).Count(o => !best.Contains(DateOnly.FromDateTime(o.Click!.At.UtcDateTime)));
            var extra = clicks - expected;
            var due = own.Mean * extra;
            var seen = Math.Max(0, orders - own.Mean * expected);
            var dead = -own.LogAtMost(seen, extra);
            var fails = due >= LeastExpected && seen * FewerOrders <= due && dead >= 2;
            yield return new(partner.PartnerId, fails && best.Count > 0 ? FindingState.Suspicious : FindingState.Normal, ["click_burst", "low_quality", "bot_clicks"],
                $"{clicks} clicks in {span.Days - best.Count} days; {expected:0} would be expected from its usual day and the program's level. They brought {orders} orders within a day; "
                + $"{own.Mean * clicks:0.#} would be expected.", 0, (long)(program.CommissionPerClick * extra))
            {
                Evidence = new($"clicks in {span.Days - best.Count} days", clicks, Math.Round(expected, 1), Math.Round(expected * LeastRatio)),
                Strength = fails ? best.Count > 0 ? Sustained + Math.Min(dead, 7) : Math.Min(dead, 4) : Math.Min(dead, 1), Honest = "A post that went viral, or a newsletter that many opened out of curiosity.",
            };
        }
    }

    /// <summary>Clicks of a usual day: the upper quartile of the days of the past, so that a newsletter's sends are usual. Null with too short a past.</summary>
    static double? Usual(PartnerFigures partner, DaySpan past)
    {
        var start = partner.Days.Count == 0 ? past.To : partner.Days[0].Day;
        var length = past.To.DayNumber - Math.Max(start.DayNumber, past.From.DayNumber) + 1;
        if (length < LeastPastDays)
            return null;
        var days = partner.DaysIn(past).Select(d => d.Clicks).Concat(new int[Math.Max(0, length - partner.DaysIn(past).Count)]).Order().ToList();
        return Math.Max(1, days[(int)(days.Count * 0.85)]);
    }

    /// <summary>The program's clicks a day now against before, each partner capped: Black Friday lifts everybody.</summary>
    static double Level(ProgramFigures program, DaySpan span, DaySpan past)
    {
        var ratios = new List<double>();
        foreach (var partner in program.Partners)
        {
            var before = (double)partner.Clicks(past) / past.Days;
            if (before >= 3)
                ratios.Add(Math.Min(Cap, partner.Clicks(span) / (double)span.Days / before));
        }
        return ratios.Count < 5 ? 1 : Math.Max(1, ratios.Order().ElementAt(ratios.Count / 2));
    }
}
