namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Clicks from data centres, where no people sit. Weak by itself: a VPN comes from there as well.</summary>
sealed class HostedClicks : OddClicks
{
    public override string Id => "hosted-clicks";

    public override string Family => "bots";

    protected override IReadOnlyList<string> Reasons => ["bot_clicks", "low_quality"];

    // Scanners of mail gateways click along with a newsletter, some in a hundred.
    protected override double LeastShare => 0.12;

    protected override string What => "from networks of hosting companies";

    protected override double Most => 5;

    protected override bool IsSteady => true;

    protected override string Honest => "Visitors behind a VPN; but those buy.";

    protected override Lens Look(ProgramFigures program) => new((_, day) => day.Hosted, (_, order) => order.Click!.IsHosted);
}
