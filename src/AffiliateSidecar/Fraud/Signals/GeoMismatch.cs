namespace AffiliateSidecar.Fraud.Signals;

/// <summary>The click came from one country, the order from another, and nobody knew the customer.</summary>
sealed class GeoMismatch : OddOrders
{
    public override string Id => "geo-mismatch";

    public override string Family => "geo";

    protected override int LeastOrders => 3;

    protected override double Reliability => 0.7;

    protected override string Honest => "Travellers and VPNs; but customers of theirs are known, and their baskets are like others'.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) =>
        [new("were placed in another country than the click, by new customers", ["geo_mismatch", "chargeback", "fake_orders"], o => o.Click is { Country: not 0 } && o.Country != 0,
            (_, o) => o.Click!.Country != o.Country && o.IsNewCustomer != false)];
}
