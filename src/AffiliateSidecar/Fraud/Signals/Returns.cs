namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Orders that come back more often than the program's orders of the same age. Several orders of one customer returned together are one return.
/// </summary>
abstract class Returns : IFraudSignal
{
    protected const int Window = 60;
    const double LeastRatio = 2.5;

    public abstract string Id { get; }

    public abstract string Family { get; }

    protected abstract IReadOnlyList<string> Reasons { get; }

    protected abstract string What { get; }

    protected abstract string Honest { get; }

    protected virtual int LeastReturns => 4;

    /// <summary>Of the orders: a large partner has a few of everything.</summary>
    protected virtual double LeastShare => 0.03;

    /// <summary>As rare as that among honest partners: one in a hundred.</summary>
    protected virtual double LeastStrength => 2;

    /// <summary>What a chance is worth: clothes are sent back for many reasons.</summary>
    protected virtual double Reliability => 1;

    protected abstract bool Counts(OrderFigures order);

    /// <summary>What a return is in this program.</summary>
    protected abstract Func<OrderFigures, bool> Returned(ProgramFigures program);

    /// <summary>Who began to cheat three weeks ago is not hidden by the honest orders before.</summary>
    static readonly int[] Windows = [21, Window];

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var isReturned = Returned(program);
        return Windows.SelectMany(days => In(program, DaySpan.Last(program.Today, days), isReturned)).Strongest();
    }

    IEnumerable<Candidate> In(ProgramFigures program, DaySpan span, Func<OrderFigures, bool> isReturned)
    {
        var all = program.Partners.Select(p => (Partner: p, Orders: p.OrdersIn(span).Where(Counts).ToList())).Where(p => p.Orders.Count > 0).ToList();
        if (all.Count < Peers.Least)
            return [];
        var byAge = ShareByAge(program.Today, all.Select(p => p.Orders), isReturned);
        var counts = all.Select(p => (p.Partner, p.Orders, Back: p.Orders.Where(isReturned).ToList(),
            Expected: p.Orders.Sum(o => byAge[Math.Min(Window, program.Today.DayNumber - o.Day.DayNumber)]))).ToList();
        var spread = RateSpread.Of(counts.Select(c => ((double)c.Back.DistinctBy(Parcel).Count(), c.Expected)));
        return counts.Where(c => c.Back.Count >= Math.Min(2, LeastReturns) && c.Back.Count >= LeastRatio / 2 * spread.Mean * c.Expected).Select(c =>
        {
            var seen = c.Back.DistinctBy(Parcel).Count();
            var strength = -spread.LogAtLeast(seen, c.Expected);
            var isOdd = seen >= LeastReturns && seen >= LeastRatio * spread.Mean * c.Expected && seen >= LeastShare * c.Orders.Count && strength >= LeastStrength;
            return new Candidate(c.Partner.PartnerId, isOdd, (isOdd ? strength : Math.Min(strength, 3)) * Reliability, own => Tell(own, span, c.Orders, c.Back, c.Expected, spread));
        });
    }

    Finding Tell(Candidate own, DaySpan span, List<OrderFigures> orders, List<OrderFigures> back, double expected, RateSpread spread)
    {
        var usual = spread.Usual(expected);
        return new(own.PartnerId, own.State, Reasons,
            $"{back.Count} of {orders.Count} orders of the last {span.Days} days {What}; {spread.Mean * expected:0.#} would be expected of orders of their age, and "
            + $"{usual} is the most an honest partner usually has.", 0, orders.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
        {
            Evidence = new($"orders that {What}, of {orders.Count}", back.Count, Math.Round(spread.Mean * expected, 1), usual), Strength = own.Strength, Honest = Honest,
            Orders = [.. back.Select(o => o.Id)],
        };
    }

    // One parcel sent back, whatever was in it.
    static (string Of, DateOnly Back) Parcel(OrderFigures order) =>
        order.Customer is { } customer ? (customer, DateOnly.FromDateTime(order.ReturnedAt!.Value.UtcDateTime)) : (order.Id, order.Day);

    /// <summary>The share of the program's orders that is back when they are so many days old; large partners weigh no more than others.</summary>
    static double[] ShareByAge(DateOnly today, IEnumerable<List<OrderFigures>> partners, Func<OrderFigures, bool> isReturned)
    {
        // Summed up below: here by how much they are more than a day younger.
        var (old, back) = (new double[Window + 2], new double[Window + 2]);
        foreach (var orders in partners)
        {
            var weight = Math.Min(1, 100.0 / orders.Count);
            foreach (var order in orders)
            {
                var age = Math.Min(Window, today.DayNumber - order.Day.DayNumber);
                var returned = isReturned(order) ? Math.Max(0, DateOnly.FromDateTime(order.ReturnedAt!.Value.UtcDateTime).DayNumber - order.Day.DayNumber) : int.MaxValue;
                (old[0], old[age + 1]) = (old[0] + weight, old[age + 1] - weight);
                if (returned <= age)
                    (back[returned], back[age + 1]) = (back[returned] + weight, back[age + 1] - weight);
            }
        }
        var shares = new double[Window + 1];
        var (ofOld, ofBack, share) = (0.0, 0.0, 0.0);
        for (var a = 0; a <= Window; a++)
        {
            (ofOld, ofBack) = (ofOld + old[a], ofBack + back[a]);
            // Never falling: an order that is back stays back.
            shares[a] = share = Math.Max(share, (ofBack + 0.02) / (ofOld + 5));
        }
        return shares;
    }
}

/// <summary>Goods sent back.</summary>
sealed class ReturnedGoods : Returns
{
    public override string Id => "returns";

    public override string Family => "returns";

    protected override IReadOnlyList<string> Reasons => ["refund", "fake_orders"];

    protected override string What => "were returned";

    protected override double Reliability => 0.7;

    protected override string Honest => "Articles that are often returned, such as clothes.";

    protected override bool Counts(OrderFigures order) => !order.IsLead;

    protected override Func<OrderFigures, bool> Returned(ProgramFigures program) => order => order.Return == ReturnKind.Returned;
}

/// <summary>Orders that nobody pays for.</summary>
sealed class UnpaidOrders : Returns
{
    public override string Id => "unpaid-orders";

    public override string Family => "unpaid";

    protected override IReadOnlyList<string> Reasons => ["fake_orders", "refund"];

    protected override string What => "were cancelled or never paid";

    protected override double Reliability => 1.2;

    protected override int LeastReturns => 3;

    protected override double LeastShare => 0.01;

    protected override string Honest => "A payment method that failed for a while.";

    protected override bool Counts(OrderFigures order) => !order.IsLead;

    protected override Func<OrderFigures, bool> Returned(ProgramFigures program) => order => order.Return == ReturnKind.Unpaid;
}

/// <summary>Payments taken back by the card's owner.</summary>
class Chargebacks : Returns
{
    public override string Id => "chargebacks";

    public sealed override string Family => "chargeback";

    protected override IReadOnlyList<string> Reasons => ["chargeback", "fake_orders", "geo_mismatch"];

    protected override int LeastReturns => 2;

    protected override double LeastShare => 0.005;

    // Hardly anybody has two: a bank has looked at each of them.
    protected override double Reliability => 1.4;

    protected override string What => "were charged back";

    protected override string Honest => "One stolen card used several times by chance.";

    protected override bool Counts(OrderFigures order) => !order.IsLead;

    protected override Func<OrderFigures, bool> Returned(ProgramFigures program) => order => order.Return == ReturnKind.Chargeback;
}

/// <summary>Sign-ups that come to nothing.</summary>
sealed class DeadLeads : Returns
{
    public override string Id => "dead-leads";

    public override string Family => "lead";

    protected override IReadOnlyList<string> Reasons => ["lead_quality"];

    protected override string What => "came to nothing";

    protected override string Honest => "A curious audience that signs up for anything.";

    protected override bool Counts(OrderFigures order) => order.IsLead;

    protected override Func<OrderFigures, bool> Returned(ProgramFigures program) => order => order.Return != ReturnKind.None;
}
