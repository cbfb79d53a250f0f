namespace AffiliateSidecar.Fraud.Signals;

/// <summary>The click came from one country, the order from another, and nobody knew the customer.</summary>
sealed class GeoMismatch : OddOrders
{
    const double LargeRatio = 1.5;

    public override string Id => "geo-mismatch";

    public override string Family => "geo";

    protected override int LeastOrders => 3;

    protected override double Reliability => 0.7;

    protected override string Honest => "Travellers and VPNs; but customers of theirs are known, and their baskets are like others'.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var amounts = program.Partners.SelectMany(p => p.OrdersIn(DaySpan.Last(program.Today, 60))).Where(o => !o.IsLead).Select(o => o.AmountMinor).Order().ToList();
        var large = amounts.Count == 0 ? 0 : LargeRatio * amounts[amounts.Count / 2];
        return
        [
        new($"were large, and placed in another country than the click, by new customers", ["geo_mismatch", "chargeback", "fake_orders"], o => o.Click is { Country: not 0 } && o.Country != 0,
            (_, o) => o.Click!.Country != o.Country && o.IsNewCustomer != false && o.AmountMinor > large),
        new("were placed in another country than the click, by new customers", ["geo_mismatch", "chargeback", "fake_orders"], o => o.Click is { Country: not 0 } && o.Country != 0,
            (_, o) => o.Click!.Country != o.Country && o.IsNewCustomer != false),
        ];
    }
}
