namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Visitors from a search who land on the front page and buy at once looked for the shop itself: their click was bought on its name.</summary>
sealed class BrandClicks : OddOrders
{
    public override string Id => "brand-clicks";

    public override string Family => "brand";

    protected override int LeastOrders => 5;

    protected override double LeastRatio => 4;

    protected override string Honest => "A page that ranks well in a search and links to the front page.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) =>
    [
        new("began with a search that led to the front page", ["brand_bidding", "high_conversion", "low_new_customers"], o => o.Click is not null && !o.IsLead,
            (_, o) => (o.Click!.Landing & Landing.Home) != 0 && (ReferrerKind.Of(o.Click.Referrer) == ReferrerKind.Search || (o.Click.Landing & Landing.Advertised) != 0)),
    ];
}
