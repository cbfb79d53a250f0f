namespace AffiliateSidecar.Fraud.Signals;

/// <summary>A handful of customers who order again and again through the same partner.</summary>
sealed class RepeatBuyers : OddOrders
{
    const int Often = 3;
    const double LeastShare = 0.6;

    public override string Id => "repeat-buyers";

    public override string Family => "buyers";

    protected override int LeastOrders => 5;

    protected override bool CountsPersons => false;

    protected override double Reliability => 1.3;

    // A household or an office orders again and again as well; but then others buy too.
    protected override double MostOf(int odd, int of) => odd > LeastShare * of ? Most : 4;

    protected override string Honest => "Loyal customers of a small site.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var often = program.Partners.ToDictionary(p => p.PartnerId, p => p.OrdersIn(DaySpan.Last(program.Today, 60)).Where(o => o.Customer is not null && !o.IsLead).GroupBy(o => o.Customer!)
            .Where(g => g.Count() >= Often).Select(g => g.Key).ToHashSet(StringComparer.Ordinal));
        return [new("came from customers who bought three times or more through this partner", ["fake_orders", "refund", "self_purchase", "shared_identity"], o => o.Customer is not null && !o.IsLead,
            (p, o) => often[p.PartnerId].Contains(o.Customer!))];
    }
}
