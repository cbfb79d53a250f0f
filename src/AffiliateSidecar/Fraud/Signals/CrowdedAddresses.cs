namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Many clicks of a day from one address.</summary>
sealed class CrowdedAddresses : OddClicks
{
    const int Household = 8;

    public override string Id => "crowded-addresses";

    public override string Family => "address";

    protected override IReadOnlyList<string> Reasons => ["ip_concentration", "bot_clicks", "low_quality"];

    protected override string What => $"from addresses with more than {Household} clicks a day";

    protected override string Honest => "A company or a mobile carrier behind one address; but those buy.";

    protected override Lens Look(ProgramFigures program)
    {
        static double Crowded(DayFigures day)
        {
            var sum = 0;
            foreach (var address in day.Addresses)
                if (address.Clicks > Household)
                    sum += address.Clicks;
            return sum;
        }
        static bool IsCrowded(PartnerFigures partner, OrderFigures order)
        {
            var day = DateOnly.FromDateTime(order.Click!.At.UtcDateTime);
            return partner.DaysIn(new(day, day)).Any(d => d.Addresses.Any(a => a.Value == order.Click.Address && a.Clicks > Household));
        }
        return new((_, day) => Crowded(day), IsCrowded);
    }
}
