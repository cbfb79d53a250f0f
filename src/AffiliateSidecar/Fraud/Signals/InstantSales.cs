namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// One partner's buyers buy much faster than the others': a click set in the moment of the order. A coupon site honestly sells within minutes, hence
/// the comparison with the spread between partners.
/// </summary>
sealed class InstantSales : OddOrders
{
    static readonly int[] Seconds = [10, 30, 60, 120];

    public override string Id => "conversion-time";

    public override string Family => "lag";

    protected override int LeastOrders => 3;

    protected override double LeastRatio => 5;

    protected override double Reliability => 1.4;

    protected override string Honest => "A link in the last step of a purchase, such as a coupon page opened at the checkout.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) => Seconds.Select(s => new Lens($"came within {s} seconds of the click",
        ["short_lag", "checkout_click", "high_conversion", "low_new_customers"], o => !o.IsLead && o.Lag <= TimeSpan.SecondsPerDay, (_, o) => o.Lag <= s));
}
