namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks without the impressions that belong to them, in windows of 1, 3, 6 and 24 hours.</summary>
sealed class ClickThrough : IFraudSignal
{
    const long LeastImpressions = 1000;
    const int LookBack = 7, PastDays = 42, LeastExcess = 25;
    const double LeastRatio = 4, LeastExpected = 1.5, FewerOrders = 3;
    static readonly int[] Lengths = [1, 3, 6, 24];

    // A script that walks through the links makes clicks without impressions too.
    const double Scripts = 0.8;

    // How much an honest hour scatters around what is expected of it.
    const double Scatter = 2;

    public string Id => "ctr";

    public string Family => "ctr";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today.AddDays(-1), LookBack);
        var past = new DaySpan(program.Today.AddDays(-PastDays), program.Today.AddDays(-1));
        var shown = program.Partners.Select(p => (Partner: p, Seen: Shown(p, past))).Where(p => p.Seen.Impressions >= LeastImpressions).ToList();
        if (shown.Count < Peers.Least)
            yield break;
        var spread = RateSpread.Of(shown.Select(s => (s.Seen.Clicks, s.Seen.Impressions)));
        var buying = RateSpread.Of(program.Partners.Select(p => ((double)p.QuickOrders(past).Count, (double)p.Clicks(past))).Where(r => r.Item2 >= 100));
        foreach (var (partner, seen) in shown)
        {
            var rate = spread.After(seen.Clicks, seen.Impressions).Mean;
            var (odd, expected, strength, hours) = Windows(partner, span, rate);
            if (odd < LeastExcess)
                continue;
            var orders = partner.QuickOrders(span).Count(o => hours.Contains(Hour(o.Click!.At)));
            var own = buying.After(partner.QuickOrders(past).Count, partner.Clicks(past));
            var due = own.Mean * odd;
            var fails = orders * FewerOrders <= due || due < LeastExpected && orders == 0;
            var dead = -own.LogAtMost(orders, odd);
            yield return new(partner.PartnerId, fails ? FindingState.Suspicious : FindingState.Normal, ["ctr", "click_burst", "low_quality", "bot_clicks"],
                $"{odd} clicks in {hours.Count} hours; {expected:0} would be expected from their impressions. They brought {orders} orders within a day; {due:0.#} would be expected.",
                0, (long)(program.CommissionPerClick * odd))
            {
                Evidence = new($"clicks in {hours.Count} hours", odd, Math.Round(expected, 1), Math.Round(expected * LeastRatio)),
                Strength = fails ? Math.Min(strength, 4) - Scripts + Math.Min(dead, 6) : 1, Honest = "The tag that counts impressions was missing for some hours; but then the clicks are as many as usual, and buy.",
            };
        }
    }

    static DateTimeOffset Hour(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>Clicks and impressions of the quieter half of the days, so that a burst does not raise what is expected.</summary>
    static (double Clicks, double Impressions) Shown(PartnerFigures partner, DaySpan span)
    {
        var days = partner.DaysIn(span).Where(d => !d.ShownClicks.IsEmpty && !d.Impressions.IsEmpty).Select(d => (Clicks: (double)d.ShownClicks.Sum(), Impressions: (double)d.Impressions.Sum())).Where(d => d.Impressions > 0)
            .OrderBy(d => d.Clicks / d.Impressions).ToList();
        var quiet = days.Take((days.Count * 3 + 3) / 4).ToList();
        return (quiet.Sum(d => d.Clicks), quiet.Sum(d => d.Impressions));
    }

    static (long Odd, double Expected, double Strength, HashSet<DateTimeOffset> Hours) Windows(PartnerFigures partner, DaySpan span, double rate)
    {
        // What the partner has in an hour without a look at impressions: a missing tag makes no burst.
        var all = partner.Days.Where(d => d.Day < span.From && !d.ShownClicks.IsEmpty).Select(d => d.ShownClicks.Sum()).Order().ToList();
        var usualDay = all.Count < 7 ? 0 : all[(int)(all.Count * 0.75)];
        var odd = new HashSet<DateTimeOffset>();
        var strength = 0.0;
        foreach (var length in Lengths)
            foreach (var day in partner.DaysIn(span).Where(d => !d.ShownClicks.IsEmpty))
                for (var from = 0; from < 24; from += length)
                {
                    var (clicks, shown) = (0L, 0L);
                    for (var h = from; h < from + length; h++)
                        (clicks, shown) = (clicks + day.ShownClicks[h], shown + (day.Impressions.IsEmpty ? 0 : day.Impressions[h]));
                    var expected = Math.Max(Math.Max(1, rate * shown), usualDay * length / 24.0);
                    if (clicks < LeastRatio * expected || clicks - expected < LeastExcess)
                        continue;
                    var chance = -new RateSpread(Scatter, Scatter).LogAtLeast(clicks, expected);
                    if (chance < 3)
                        continue;
                    strength = Math.Max(strength, chance);
                    for (var h = from; h < from + length; h++)
                        if (day.ShownClicks[h] > LeastRatio * Math.Max(1, rate * (day.Impressions.IsEmpty ? 0 : day.Impressions[h])))
                            odd.Add(new DateTimeOffset(day.Day.ToDateTime(new TimeOnly(h, 0)), TimeSpan.Zero));
                }
        var sum = (Clicks: 0L, Expected: 0.0);
        foreach (var day in partner.DaysIn(span))
        {
            var (clicks, expected) = (0, 0.0);
            for (var h = 0; h < 24; h++)
                if (odd.Contains(new DateTimeOffset(day.Day.ToDateTime(new TimeOnly(h, 0)), TimeSpan.Zero)))
                    (clicks, expected) = (clicks + day.ShownClicks[h], expected + rate * (day.Impressions.IsEmpty ? 0 : day.Impressions[h]));
            // One address that clicks all day is a script that walks through everybody's links.
            sum = (sum.Clicks + Math.Max(0, clicks - day.Crowded), sum.Expected + expected);
        }
        return (sum.Clicks, sum.Expected, strength, odd);
    }
}
