namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>One share that every partner has, to draw the partner among the others.</summary>
/// <param name="Text">Key of its words in the languages.</param>
/// <param name="Least">With less to count, a share says nothing.</param>
sealed record Measure(string Text, Func<PartnerFigures, (double Count, double Of)> Of, int Least)
{
    public double? Share(PartnerFigures partner) => Of(partner) is var (count, of) && of >= Least ? count / of : null;
}

/// <summary>Which share shows what a signal is about. A signal that is not here has its seen, expected and usual numbers only.</summary>
static class Measures
{
    const int LeastOrders = 5, LeastClicks = 50, LeastImpressions = 500;

    static readonly Measure QuickOrders = new("evidence.measures.quick", p => Orders(p, o => o.Lag <= 60, o => o.Lag is not null), LeastOrders);
    static readonly Measure OrdersAClick = new("evidence.measures.rate", p => (p.Orders.Count(o => o.Click is not null), p.Days.Sum(d => (double)d.Clicks)), LeastClicks);

    static readonly Measure ChargedBack = Returned(ReturnKind.Chargeback, "chargeback");

    static readonly Dictionary<string, Measure> BySignal = new(StringComparer.Ordinal)
    {
        ["conversion-time"] = QuickOrders,
        ["checkout-clicks"] = new("evidence.measures.checkout", p => Orders(p, o => (o.Click!.Landing & Landing.Checkout) != 0, o => o.Click is not null), LeastOrders),
        ["conversion-rate"] = OrdersAClick,
        ["flat-lag"] = new("evidence.measures.hour", p => Orders(p, o => o.Lag <= 3_600, o => o.Lag is not null), LeastOrders),
        ["old-customers"] = new("evidence.measures.known", p => Orders(p, o => o.IsNewCustomer == false, o => o.IsNewCustomer is not null), LeastOrders),
        ["blank-referrers"] = new("evidence.measures.blank", p => Clicks(p, d => d.Referrers, v => v == 0), LeastClicks),
        ["home-landings"] = new("evidence.measures.home", p => Clicks(p, d => d.Landings, v => ((Landing)v & Landing.Home) != 0), LeastClicks),
        ["hosted-clicks"] = new("evidence.measures.hosted", p => (p.Days.Sum(d => (double)d.Hosted), p.Days.Sum(d => (double)d.Clicks)), LeastClicks),
        ["click-burst"] = new("evidence.measures.day", p => (p.Days.Select(d => d.Clicks).DefaultIfEmpty().Max(), p.Days.Sum(d => (double)d.Clicks)), LeastClicks),
        ["ctr"] = new("evidence.measures.ctr", p => (p.Days.Sum(d => (double)d.ShownClicks.Sum()), p.Days.Sum(d => (double)d.Impressions.Sum())), LeastImpressions),
        ["returns"] = Returned(ReturnKind.Returned, "returned"),
        ["unpaid-orders"] = Returned(ReturnKind.Unpaid, "unpaid"),
        ["chargebacks"] = ChargedBack,
        ["stolen-cards"] = ChargedBack,
        ["dead-leads"] = Returned(ReturnKind.DeadLead, "dead"),
        ["coupon-leak"] = new("evidence.measures.coupon", p => Orders(p, o => o.HasCoupon, _ => true), LeastOrders),
        ["geo-mismatch"] = new("evidence.measures.geo", p => Orders(p, o => o.Click!.Country != o.Country, o => o.Click is { Country: not 0 } && o.Country != 0), LeastOrders),
    };

    public static IEnumerable<Measure> Of(IEnumerable<SignalFinding> findings) => findings.Select(f => BySignal.GetValueOrDefault(f.Signal)).OfType<Measure>().Distinct();

    static Measure Returned(ReturnKind kind, string text) => new($"evidence.measures.{text}", p => Orders(p, o => o.Return == kind, o => o.IsLead == (kind == ReturnKind.DeadLead)), LeastOrders);

    static (double, double) Orders(PartnerFigures partner, Func<OrderFigures, bool> isCounted, Func<OrderFigures, bool> isKnown) =>
        (partner.Orders.Count(o => isKnown(o) && isCounted(o)), partner.Orders.Count(isKnown));

    static (double, double) Clicks(PartnerFigures partner, Func<DayFigures, IEnumerable<Tally>> tallies, Func<uint, bool> isCounted) =>
        (partner.Days.Sum(d => tallies(d).Where(t => isCounted(t.Value)).Sum(t => (double)t.Clicks)), partner.Days.Sum(d => (double)d.Clicks));
}
