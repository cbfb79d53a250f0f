namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Several customers with one browser, which buys nearly every time it clicks: one person who plays them all.</summary>
sealed class SameBrowsers : OddOrders
{
    const int Customers = 3;
    const double ClicksAnOrder = 2.5, LeastExcess = 6;

    public override string Id => "same-browsers";

    public override string Family => "device";

    protected override double LeastRatio => 4;

    protected override string Honest => "A company with one kind of computer; but there many look and few buy.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, 60);
        var usual = program.MeanShares(span, d => d.Agents, 50);
        var shared = program.Partners.ToDictionary(p => p.PartnerId, p => Shared(p, span, usual));
        return [new("came from browsers that several customers share and that bought nearly every time", ["fake_orders", "shared_identity", "ip_concentration"], o => o is { Click: not null, IsLead: false },
            (p, o) => shared[p.PartnerId].Contains(o.Click!.Agent))];
    }

    static HashSet<uint> Shared(PartnerFigures partner, DaySpan span, Dictionary<uint, double> usual)
    {
        var orders = partner.OrdersIn(span).Where(o => o is { Click: not null, IsLead: false }).ToList();
        var agents = orders.GroupBy(o => o.Click!.Agent)
            .Where(g => g.Count() >= Math.Max(Customers, LeastExcess * usual.GetValueOrDefault(g.Key) * orders.Count) && g.Select(o => o.Customer ?? o.Id).Distinct().Count() >= Customers)
            .ToDictionary(g => g.Key, g => g.Count());
        if (agents.Count == 0)
            return [];
        var clicks = partner.ClicksBy(span, d => d.Agents, agents.ContainsKey);
        return [.. agents.Where(a => clicks.GetValueOrDefault(a.Key) <= ClicksAnOrder * a.Value).Select(a => a.Key)];
    }
}
