namespace AffiliateSidecar.Fraud.Signals;

/// <summary>A handful of ordinary browsers makes most of the clicks.</summary>
sealed class FewBrowsers : OddClicks
{
    const double Excess = 5, Notable = 0.05;

    public override string Id => "few-browsers";

    public override string Family => "bots";

    protected override IReadOnlyList<string> Reasons => ["bot_clicks", "low_quality", "click_burst"];

    protected override string What => "by the few browsers that this partner's visitors have far more often than others'";

    protected override double Most => 5;

    protected override string Honest => "An audience of one app or one company; but those buy.";

    protected override Lens Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today.AddDays(-1), 28);
        var usual = program.MeanShares(span, d => d.Agents, 50);
        var odd = program.Partners.ToDictionary(p => p.PartnerId, p =>
        {
            var total = Math.Max(1, p.Clicks(span));
            var own = new Dictionary<uint, int>();
            foreach (var day in p.DaysIn(span))
                foreach (var agent in day.Agents)
                    own[agent.Value] = own.GetValueOrDefault(agent.Value) + agent.Clicks;
            return own.Where(a => a.Value >= Notable * total && a.Value >= Excess * usual.GetValueOrDefault(a.Key) * total).Select(a => a.Key).ToHashSet();
        });
        return new((partner, day) => day.Agents.Of(odd[partner.PartnerId].Contains), (partner, order) => odd[partner.PartnerId].Contains(order.Click!.Agent));
    }
}
