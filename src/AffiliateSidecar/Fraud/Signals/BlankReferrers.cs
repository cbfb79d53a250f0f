namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks that come from nowhere.</summary>
sealed class BlankReferrers : OddClicks
{
    public override string Id => "blank-referrers";

    public override string Family => "source";

    protected override double LeastRatio => 1.3;

    protected override IReadOnlyList<string> Reasons => ["low_quality", "click_flood", "bot_clicks"];

    protected override string What => "without a page they came from";

    protected override string Honest => "Links in mails and apps; but those visitors buy.";

    protected override Lens Look(ProgramFigures program) =>
        new((_, day) => day.Referrers.Of(r => r == 0), (_, order) => order.Click!.Referrer == 0);
}
