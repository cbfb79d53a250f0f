namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Countries that hardly any other partner's visitors come from.</summary>
sealed class WeakMarkets : OddClicks
{
    const double Common = 0.02;

    public override string Id => "weak-markets";

    public override string Family => "market";

    protected override IReadOnlyList<string> Reasons => ["geo_shift", "low_quality", "bot_clicks"];

    protected override string What => "from countries that hardly any other partner's visitors come from";

    protected override string Honest => "A foreign audience, or visitors behind a VPN; but those buy.";

    protected override Lens Look(ProgramFigures program)
    {
        var shares = program.MeanShares(DaySpan.Last(program.Today.AddDays(-1), 28), d => d.Countries, 30);
        bool IsWeak(uint country) => country != 0 && shares.GetValueOrDefault(country) < Common;
        return new((_, day) => day.Countries.Of(IsWeak), (_, order) => IsWeak(order.Click!.Country));
    }
}
