namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Several customers on one private line. Mobile carriers and offices share an address too, but among many partners, or with many clicks.</summary>
sealed class PrivateLines : OddOrders
{
    const int Customers = 3, ClicksAnOrder = 4;

    public override string Id => "private-lines";

    public override string Family => "line";

    protected override double LeastRatio => 5;

    protected override double Reliability => 1.2;

    protected override string Honest => "A household or a shared flat; a company with one address.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var lines = program.Partners.ToDictionary(p => p.PartnerId, p => Shared(program, p));
        return [new("came from private lines that several customers share", ["fake_orders", "shared_identity", "ip_concentration"], o => o.Address != 0 && !o.IsLead,
            (p, o) => lines[p.PartnerId].Contains(o.Address))];
    }

    static HashSet<uint> Shared(ProgramFigures program, PartnerFigures partner)
    {
        var span = DaySpan.Last(program.Today, 60);
        var lines = partner.OrdersIn(span).Where(o => o.Address != 0).GroupBy(o => o.Address)
            .Where(g => g.Count() >= Customers && program.AddressPartners.GetValueOrDefault(g.Key) <= 1 && g.Select(o => o.Customer).Distinct().Count() >= Customers).ToDictionary(g => g.Key, g => g.Count());
        if (lines.Count == 0)
            return [];
        var clicks = partner.ClicksBy(span, d => d.Addresses, lines.ContainsKey);
        return [.. lines.Where(l => clicks.GetValueOrDefault(l.Key) <= ClicksAnOrder * l.Value).Select(l => l.Key)];
    }
}
