namespace AffiliateSidecar.Fraud.Signals;

/// <summary>People sleep: far more clicks than others have in the hours that are quiet everywhere else.</summary>
sealed class NoNight : OddClicks
{
    const int NightHours = 6;

    public override string Id => "no-night";

    public override string Family => "bots";

    protected override IReadOnlyList<string> Reasons => ["bot_clicks", "low_quality"];

    protected override string What => "in the six hours that are quiet everywhere else";

    // Night owls are many: it takes another family to tell.
    protected override double Most => 3;

    protected override bool IsSteady => true;

    protected override string Honest => "An audience on another continent, or night owls; but those buy.";

    protected override Lens Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today.AddDays(-1), 28);
        var hours = new double[24];
        foreach (var partner in program.Partners)
        {
            var total = partner.Clicks(span);
            if (total >= 50)
                foreach (var day in partner.DaysIn(span))
                    for (var h = 0; h < 24; h++)
                        hours[h] += (double)day.Hours[h] / total;
        }
        var first = Enumerable.Range(0, 24).MinBy(start => Enumerable.Range(start, NightHours).Sum(h => hours[h % 24]));
        var night = Enumerable.Range(first, NightHours).Select(h => h % 24).ToHashSet();
        return new((_, day) => night.Sum(h => day.Hours[h]), (_, order) => night.Contains(order.Click!.At.UtcDateTime.Hour));
    }
}
