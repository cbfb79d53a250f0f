namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Buyers who come through the partner's link from a site that is not the partner's, and buy far more often than visitors do: an extension calls the link on the shop's own pages,
/// or a site bears a name that is a letter away from the shop's.
/// </summary>
sealed class BorrowedBuyers : OddOrders
{
    const int Window = 60, LeastFromSite = 3;
    const double LeastRate = 2.5;

    public override string Id => "borrowed-buyers";

    public override string Family => "source";

    protected override double LeastRatio => 4;

    // Visitors of one site differ from those of another.
    protected override double LeastStrength => 3;

    protected override double MostChange => 1;

    protected override string Honest => "A second site of the partner's, or a friend's page that recommends the shop.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, Window);
        // Orders a click, no money.
        var rate = program.Partners.Sum(p => (double)p.QuickOrders(span).Count) / Math.Max(1, program.Partners.Sum(p => (double)p.Clicks(span)));
        var sites = program.Partners.ToDictionary(p => p.PartnerId, p => Sites(p, span, rate));
        return [new("came from sites that are not the partner's own, and whose visitors buy far more often than others", ["high_conversion", "low_new_customers", "short_lag"],
            o => o is { Click: not null, IsLead: false }, (p, o) => sites[p.PartnerId].Contains(o.Click!.Referrer))];
    }

    static HashSet<uint> Sites(PartnerFigures partner, DaySpan span, double rate)
    {
        var orders = partner.QuickOrders(span).Where(o => !o.IsLead && ForeignReferrers.IsForeign(partner, o.Click!.Referrer)).CountBy(o => o.Click!.Referrer).Where(s => s.Value >= LeastFromSite).ToDictionary();
        if (orders.Count == 0)
            return [];
        var clicks = partner.ClicksBy(span, d => d.Referrers, orders.ContainsKey);
        return [.. orders.Where(o => o.Value >= LeastRate * rate * clicks.GetValueOrDefault(o.Key)).Select(o => o.Key)];
    }
}
