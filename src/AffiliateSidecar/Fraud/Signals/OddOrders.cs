namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Orders of a kind that honest partners hardly have.</summary>
abstract class OddOrders : IFraudSignal
{
    static readonly int[] Usual = [7, 14, 30, 60];

    // From how many earlier orders on a partner's habit is known. Habits change a little: a long past counts no more than some orders do.
    const int PastDays = 60, LeastPast = 8;
    const double HabitOrders = 20;

    public abstract string Id { get; }

    public abstract string Family { get; }

    protected virtual int LeastOrders => 4;

    protected virtual double LeastRatio => 3;

    /// <summary>As rare as that among honest partners: one in a hundred.</summary>
    protected virtual double LeastStrength => 2;

    /// <summary>One person's ten orders are one observation.</summary>
    protected virtual bool CountsPersons => true;

    /// <summary>What a chance is worth: where honest reasons abound it says less than it seems to.</summary>
    protected virtual double Reliability => 1;

    /// <summary>No strength above this one: what is never enough by itself.</summary>
    protected virtual double Most => 12;

    /// <summary>The same, where it depends on how many of the orders are odd.</summary>
    protected virtual double MostOf(int odd, int of) => Most;

    /// <summary>Unlike others and unlike itself: how much the second may add. Nothing where it comes and goes by chance, as households do.</summary>
    protected virtual double MostChange => 0;

    protected virtual IReadOnlyList<int> Windows => Usual;

    protected abstract string Honest { get; }

    /// <summary>What is looked for: several lenses are the same question asked in different ways.</summary>
    protected abstract IEnumerable<Lens> Look(ProgramFigures program);

    /// <param name="What">Said of the orders: "12 of 30 orders …".</param>
    /// <param name="Counts">Orders among which odd ones are looked for.</param>
    protected sealed record Lens(string What, IReadOnlyList<string> Reasons, Func<OrderFigures, bool> Counts, Func<PartnerFigures, OrderFigures, bool> IsOdd)
    {
        /// <summary>As the signal's own, where its questions differ in it.</summary>
        public double Reliability { get; init; } = 1;
    }

    /// <summary>Of what orders came to; leads come to nothing. Null where there are fewer than <paramref name="least"/>.</summary>
    protected static long? Median(IEnumerable<OrderFigures> orders, int least = 1)
    {
        var amounts = orders.Where(o => !o.IsLead).Select(o => o.AmountMinor).Order().ToList();
        return amounts.Count < least ? null : amounts[amounts.Count / 2];
    }

    public IEnumerable<Finding> Evaluate(ProgramFigures program) =>
        Look(program).SelectMany(lens => Windows.SelectMany(days => In(program, lens, DaySpan.Last(program.Today, days)))).Strongest();

    IEnumerable<Finding> In(ProgramFigures program, Lens lens, DaySpan span)
    {
        var counts = program.Partners.Select(p =>
        {
            var of = p.OrdersIn(span).Where(lens.Counts).ToList();
            return (Partner: p, Odd: of.Where(o => lens.IsOdd(p, o)).ToList(), Of: of.Count);
        }).Where(c => c.Of > 0).ToList();
        if (counts.Count < Peers.Least)
            yield break;
        var spread = ShareSpread.Of(counts.Select(c => ((double)c.Odd.Count, (double)c.Of)));
        foreach (var (partner, odd, of) in counts)
        {
            var seen = CountsPersons ? odd.DistinctBy(o => o.Customer ?? o.Id).Count() : odd.Count;
            // Far below the gate there is nothing to add to other evidence either.
            if (seen < 2 || seen < LeastRatio / 2 * spread.Mean * of)
                continue;
            var strength = -spread.LogAtLeast(seen, Math.Max(of, seen));
            var isOdd = seen >= LeastOrders && seen >= LeastRatio * spread.Mean * of && strength >= LeastStrength;
            var old = odd.Count(o => o.IsNewCustomer == false);
            var change = isOdd && MostChange > 0 ? Math.Min(Change(partner, lens, span, seen, of), MostChange) : 0;
            yield return new(partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, lens.Reasons,
                $"{odd.Count} of {of} orders in the last {span.Days} days {lens.What}; {spread.Mean * of:0.##} would be expected, and {spread.Usual(of)} is the most an honest "
                + $"partner usually has. {old} of the {odd.Count} came from customers the shop knew.",
                0, odd.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new($"orders that {lens.What}, of {of}", odd.Count, Math.Round(spread.Mean * of, 2), spread.Usual(of)),
                Strength = Math.Min(MostOf(odd.Count, of), (isOdd ? strength : Math.Min(strength, 3)) * Reliability * lens.Reliability + change), Honest = Honest, Orders = [.. odd.Select(o => o.Id)],
            };
        }
    }

    /// <summary>−log10 of the chance that a partner with this past has so many; 0 without one. Who always had such orders is a kind of business; who begins to has changed.</summary>
    double Change(PartnerFigures partner, Lens lens, DaySpan span, int seen, int of)
    {
        var past = partner.OrdersIn(span.Before(PastDays)).Where(lens.Counts).ToList();
        if (past.Count < LeastPast)
            return 0;
        var before = past.Where(o => lens.IsOdd(partner, o)).ToList();
        var odd = CountsPersons ? before.DistinctBy(o => o.Customer ?? o.Id).Count() : before.Count;
        var size = Math.Min(HabitOrders, past.Count);
        var share = Math.Min(0.99, (odd + 0.5) / (past.Count + 1));
        return -new ShareSpread(share * size, (1 - share) * size).LogAtLeast(seen, Math.Max(of, seen));
    }
}
