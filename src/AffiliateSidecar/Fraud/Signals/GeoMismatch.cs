namespace AffiliateSidecar.Fraud.Signals;

/// <summary>The click came from one country, the order from another, and nobody knew the customer.</summary>
sealed class GeoMismatch : OddOrders
{
    const double LargeRatio = 1.5;

    public override string Id => "geo-mismatch";

    public override string Family => "geo";

    protected override int LeastOrders => 3;

    // An audience behind a VPN always was; who uses other people's cards begins to.
    protected override double MostChange => 2;

    protected override string Honest => "Travellers and VPNs; but customers of theirs are known, and their baskets are like others'.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, 60);
        var usual = program.Partners.SelectMany(p => p.OrdersIn(span)).Median() ?? 0;
        // A dear niche is large every day; a basket is large beside the partner's own.
        var large = program.Partners.ToDictionary(p => p.PartnerId, p => LargeRatio * Math.Max(usual, p.OrdersIn(span).Median() ?? 0));
        return
        [
            new("were large, and placed by new customers in another country than the click, or behind a hosting company", ["geo_mismatch", "chargeback", "fake_orders"], o => o.Click is not null,
                (p, o) => o.IsNewCustomer != false && o.AmountMinor > large[p.PartnerId] && (o.Click!.IsHosted || o.IsElsewhere())) { Reliability = 1.1 },
            new("were placed in another country than the click, by new customers", ["geo_mismatch", "chargeback", "fake_orders"], o => o.Click is { Country: not 0 } && o.Country != 0,
                (_, o) => o.IsElsewhere() && o.IsNewCustomer != false) { Reliability = 0.7 },
        ];
    }
}
