namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Far more clicks in a short time than the partner usually has. Newsletters and viral posts burst too, and so does everybody on
/// Black Friday: hours are measured against the program's same hours, and a burst is odd only where its clicks do not buy.
/// </summary>
sealed class ClickBurst : IFraudSignal
{
    const int LeastClicks = 100, LeastDays = 7, LeastOthers = 5;

    // One partner's big day must not raise what is expected of everybody.
    const double Cap = 3;

    public string Id => "click-burst";

    public string Family => "flood";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var final = program.To.AddSeconds(-LagStep.Day);
        var tested = program.Partners.Where(p => p.Clicks >= LeastClicks && Days(p).Count >= LeastDays).ToList();
        var level = new Level(tested);
        var scatter = ClickWindows.Scatter(tested.Select(p => (p, level.Expected(p))));
        foreach (var partner in program.Partners.Where(p => p.Clicks > 0))
        {
            if (!tested.Contains(partner) || tested.Count <= LeastOthers)
            {
                yield return Finding.NotEnoughData(partner.PartnerId, tested.Contains(partner)
                    ? $"{tested.Count - 1} other partners have {LeastClicks} clicks; from {LeastOthers} on there is somebody to compare with."
                    : $"{partner.Clicks} clicks on {Days(partner).Count} days; from {LeastClicks} clicks on {LeastDays} days there is a usual day to compare with.");
                continue;
            }
            var burst = ClickWindows.Find(partner, level.Expected(partner), scatter);
            var outcome = Outcome.Of(partner, burst, Outcome.Between(program.Partners.Where(p => p.PartnerId != partner.PartnerId), final), final);
            yield return BurstWords.Say(partner, burst, outcome, "click_burst", "its usual day and the program's level at the time");
        }
    }

    static List<long> Days(PartnerFigures partner) =>
        [.. partner.Hours.GroupBy(h => h.Hour.UtcTicks / TimeSpan.TicksPerDay).Select(d => d.Sum(h => h.Clicks)).Where(c => c > 0).Order()];

    /// <summary>Clicks of all partners by hour, each partner's big days capped.</summary>
    sealed class Level
    {
        readonly Dictionary<DateTimeOffset, double> byHour = [];
        readonly Dictionary<int, double> usualDay = [];
        readonly double hourly;

        public Level(List<PartnerFigures> tested)
        {
            foreach (var partner in tested)
            {
                var days = Days(partner);
                var usual = Math.Max(1, days[days.Count / 2]);
                usualDay[partner.PartnerId] = usual;
                foreach (var day in partner.Hours.GroupBy(h => h.Hour.UtcTicks / TimeSpan.TicksPerDay))
                {
                    var scale = Math.Min(1, Cap * usual / Math.Max(1, day.Sum(h => h.Clicks)));
                    foreach (var hour in day)
                        byHour[hour.Hour] = byHour.GetValueOrDefault(hour.Hour) + hour.Clicks * scale;
                }
            }
            hourly = byHour.Count == 0 ? 1 : Math.Max(1e-9, byHour.Values.Average());
        }

        public Func<HourFigures, double> Expected(PartnerFigures partner) =>
            hour => usualDay[partner.PartnerId] / 24 * Math.Max(0.25, byHour.GetValueOrDefault(hour.Hour) / hourly);
    }
}
