namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks without the impressions that belong to them, in windows of 1, 3, 6 and 24 hours.</summary>
sealed class ClickThrough : IFraudSignal
{
    const long LeastImpressions = 1000;
    const int LeastOthers = 5;

    public string Id => "ctr";

    public string Family => "ctr";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var final = program.To.AddSeconds(-LagStep.Day);
        var tested = program.Partners.Where(p => p.Impressions >= LeastImpressions).ToList();
        var expected = tested.ToDictionary(p => p.PartnerId, Expectation(tested));
        foreach (var partner in program.Partners.Where(p => p.Impressions is not null))
        {
            if (!expected.TryGetValue(partner.PartnerId, out var own) || tested.Count <= LeastOthers)
            {
                yield return Finding.NotEnoughData(partner.PartnerId, partner.Impressions < LeastImpressions
                    ? $"{partner.Impressions} impressions; from {LeastImpressions} on clicks can be compared with them."
                    : $"{tested.Count - 1} other partners have {LeastImpressions} impressions; from {LeastOthers} on there is somebody to compare with.");
                continue;
            }
            var scatter = ClickWindows.Scatter(tested.Where(p => p.PartnerId != partner.PartnerId).Select(p => (p, expected[p.PartnerId])));
            var burst = ClickWindows.Find(partner, own, scatter);
            var outcome = Outcome.Of(partner, burst, Outcome.Between(program.Partners.Where(p => p.PartnerId != partner.PartnerId), final), final);
            yield return BurstWords.Say(partner, burst, outcome, "ctr", "its impressions");
        }
    }

    /// <summary>A partner's own clicks an impression, drawn towards the others' where it has few, times the impressions of the hour.</summary>
    static Func<PartnerFigures, Func<HourFigures, double>> Expectation(List<PartnerFigures> tested) => partner =>
    {
        var others = tested.Where(p => p.PartnerId != partner.PartnerId).Select(Typical).DefaultIfEmpty((1, 100));
        var rate = RateSpread.Of(others);
        var (clicks, impressions) = Typical(partner);
        var own = rate.After(clicks, impressions).Mean;
        return hour => own * hour.Impressions;
    };

    /// <summary>
    /// Clicks and impressions of a partner's quieter days: the half with the fewest clicks an impression. A burst is then measured
    /// against the days without one.
    /// </summary>
    static (double Clicks, double Impressions) Typical(PartnerFigures partner)
    {
        var days = partner.Hours.GroupBy(h => h.Hour.UtcTicks / TimeSpan.TicksPerDay).Select(d => (Clicks: (double)d.Sum(h => h.Clicks), Impressions: (double)d.Sum(h => h.Impressions)))
            .Where(d => d.Impressions > 0).OrderBy(d => d.Clicks / d.Impressions).ToList();
        var middle = days.Skip(days.Count / 4).Take((days.Count + 1) / 2).ToList();
        return (middle.Sum(d => d.Clicks), middle.Sum(d => d.Impressions));
    }
}
