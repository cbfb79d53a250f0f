namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Customers who buy through the same partner again and again, and send it back again and again.</summary>
sealed class RepeatReturns : OddOrders
{
    const int Often = 2;

    public override string Id => "repeat-returns";

    public override string Family => "returns";

    protected override int LeastOrders => 3;

    protected override double LeastRatio => 4;

    protected override bool CountsPersons => false;

    protected override string Honest => "One customer who often orders several sizes.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var span = DaySpan.Last(program.Today, 60);
        var often = program.Partners.ToDictionary(p => p.PartnerId, p => p.OrdersIn(span).Where(o => o is { Customer: not null, Return: not ReturnKind.None })
            // Ordered on one day is one order.
            .GroupBy(o => o.Customer!).Where(g => g.Select(o => o.Day).Distinct().Count() >= Often).Select(g => g.Key).ToHashSet(StringComparer.Ordinal));
        return [new("came back from customers who sent back two or more through this partner", ["refund", "fake_orders", "shared_identity"], o => o is { Customer: not null, IsLead: false },
            (p, o) => o.Return != ReturnKind.None && often[p.PartnerId].Contains(o.Customer!))];
    }
}
