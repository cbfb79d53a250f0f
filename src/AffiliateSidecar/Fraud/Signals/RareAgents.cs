namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Browsers that hardly any other partner's visitors have.</summary>
sealed class RareAgents : OddClicks
{
    // A pool of made-up browsers is used by few; a new version of a real one is everywhere within days.
    const double LeastPartners = 3, ShareOfPartners = 0.07;

    public override string Id => "rare-agents";

    public override string Family => "bots";

    protected override IReadOnlyList<string> Reasons => ["bot_clicks", "low_quality", "click_burst"];

    // Scanners of mail gateways click along with a newsletter, some in a hundred.
    protected override double LeastShare => 0.12;

    protected override string What => "by browsers that hardly any other partner's visitors use";

    protected override string Honest => "An app of the partner's own, or a crawler that walks through its pages without saying so.";

    protected override Lens Look(ProgramFigures program)
    {
        var limit = Math.Max(LeastPartners, ShareOfPartners * program.Partners.Count);
        bool IsRare(uint agent) => program.AgentPartners.GetValueOrDefault(agent) <= limit;
        return new((_, day) => day.Agents.Of(IsRare), (_, order) => IsRare(order.Click!.Agent));
    }
}
