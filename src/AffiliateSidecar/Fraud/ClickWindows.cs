namespace AffiliateSidecar.Fraud;

/// <summary>Hours with far more clicks than expected, and whether those clicks bought.</summary>
sealed record Burst(IReadOnlySet<DateTimeOffset> Hours, long Clicks, double ExpectedClicks, double UsualClicks, int WidestWindow, DateTimeOffset Start)
{
    public static readonly Burst None = new(new HashSet<DateTimeOffset>(), 0, 0, 0, 0, default);
}

/// <summary>Looks through windows of 1, 3, 6 and 24 hours.</summary>
static class ClickWindows
{
    static readonly int[] Lengths = [1, 3, 6, 24];
    const double LeastRatio = 3, Chance = 1e-6;
    const int LeastExcess = 20;

    /// <param name="partner">Whose hours.</param>
    /// <param name="expected">Clicks expected in an hour.</param>
    /// <param name="spread">How much honest hours differ around what is expected; mean 1.</param>
    public static Burst Find(PartnerFigures partner, Func<HourFigures, double> expected, RateSpread spread)
    {
        var odd = new HashSet<DateTimeOffset>();
        var widest = 0;
        foreach (var length in Lengths)
            foreach (var window in partner.Hours.GroupBy(h => h.Hour.UtcTicks / (TimeSpan.TicksPerHour * length)))
            {
                var (seen, usual) = (window.Sum(h => h.Clicks), Math.Max(1, window.Sum(expected)));
                if (seen < LeastRatio * usual || seen - usual < LeastExcess || spread.AtLeast(seen, usual) > Chance)
                    continue;
                // Only the hours that make the window odd.
                odd.UnionWith(window.Where(h => h.Clicks >= LeastRatio * expected(h)).Select(h => h.Hour));
                widest = length;
            }
        if (odd.Count == 0)
            return Burst.None;
        var hours = partner.Hours.Where(h => odd.Contains(h.Hour)).ToList();
        var sum = hours.Sum(expected);
        return new(odd, hours.Sum(h => h.Clicks), sum, spread.Usual(Math.Max(1, sum)), widest, odd.Min());
    }

    /// <summary>How honest hours scatter around what is expected of them: of every partner's windows of six hours, the highest left out.</summary>
    public static RateSpread Scatter(IEnumerable<(PartnerFigures Partner, Func<HourFigures, double> Expected)> all)
    {
        var windows = all.SelectMany(p => p.Partner.Hours.GroupBy(h => h.Hour.UtcTicks / (TimeSpan.TicksPerHour * 6))
            .Select(w => (Count: (double)w.Sum(h => h.Clicks), Of: w.Sum(p.Expected)))).Where(w => w.Of >= 5).ToList();
        // Too little to learn from: as wide as a spread can sensibly be.
        return windows.Count < 30 ? new RateSpread(2, 2) : RateSpread.Of(windows) is var fit ? new(fit.Shape, fit.Shape) : fit;
    }
}
