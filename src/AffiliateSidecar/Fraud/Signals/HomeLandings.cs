namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks that end on the shop's front page instead of the pages that the partner writes about.</summary>
sealed class HomeLandings : OddClicks
{
    public override string Id => "home-landings";

    public override string Family => "source";

    protected override double LeastRatio => 1.3;

    protected override IReadOnlyList<string> Reasons => ["low_quality", "click_flood", "bot_clicks"];

    protected override string What => "to the shop's front page";

    protected override string Honest => "A banner that leads to the front page; but those visitors buy.";

    protected override Lens Look(ProgramFigures program) =>
        new((_, day) => day.Landings.Of(l => (l & (uint)Landing.Home) != 0), (_, order) => (order.Click!.Landing & Landing.Home) != 0);
}
