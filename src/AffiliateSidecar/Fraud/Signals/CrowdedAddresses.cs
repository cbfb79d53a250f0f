namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Many clicks of a day from one address.</summary>
sealed class CrowdedAddresses : OddClicks
{
    const int LeastDays = 6;

    public override string Id => "crowded-addresses";

    public override string Family => "address";

    protected override IReadOnlyList<string> Reasons => ["ip_concentration", "bot_clicks", "low_quality"];

    protected override string What => $"from addresses with more than {DayFigures.Household} clicks a day";

    protected override string Honest => "A company or a mobile carrier behind one address; but those buy.";

    protected override bool CountsCrowds => true;

    /// <summary>One walk through the links is somebody else's; again and again is an arrangement.</summary>
    protected override bool IsSuspicious(PartnerFigures partner, DaySpan span) => partner.DaysIn(span).Count(d => d.Crowded > 2 * DayFigures.Household) >= LeastDays;

    protected override Lens Look(ProgramFigures program)
    {
        static bool IsCrowded(PartnerFigures partner, OrderFigures order)
        {
            var day = DateOnly.FromDateTime(order.Click!.At.UtcDateTime);
            return partner.DaysIn(new(day, day)).Any(d => d.Crowded > 0 && d.Addresses.Any(a => a.Value == order.Click.Address && a.Clicks > DayFigures.Household));
        }
        return new((_, day) => day.Crowded, IsCrowded);
    }
}
