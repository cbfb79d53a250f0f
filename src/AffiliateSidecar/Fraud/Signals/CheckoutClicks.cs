namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks that land on the cart or the checkout: whoever is there has decided already.</summary>
sealed class CheckoutClicks : OddOrders
{
    public override string Id => "checkout-clicks";

    public override string Family => "checkout";

    protected override int LeastOrders => 2;

    protected override double LeastRatio => 5;

    // Hardly any honest link leads there.
    protected override double Reliability => 1.8;

    // Some coupon pages link to the cart all the time: it takes another family, such as instant sales, to tell.
    protected override double Most => 3;

    protected override double MostChange => 1;

    protected override string Honest => "A coupon page that links to the cart.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) =>
        [new("began with a click to the cart or the checkout", ["checkout_click", "short_lag"], o => o.Click is not null, (_, o) => (o.Click!.Landing & Landing.Checkout) != 0)];
}
