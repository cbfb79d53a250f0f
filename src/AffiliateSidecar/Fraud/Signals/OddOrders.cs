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

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var spans = Windows.Select(days => DaySpan.Last(program.Today, days)).ToList();
        var lenses = Look(program).ToList();
        // Partner by partner: an order that was just looked at is still near the processor.
        var counts = program.Partners.Select(p => lenses.ConvertAll(lens => Count(p, lens, spans))).ToList();
        return lenses.SelectMany((lens, l) => spans.SelectMany((span, i) =>
            In(lens, span, [.. counts.Select(c => c[l]).Where(c => c.Of[i].Of > 0).Select(c => (c, c.Of[i].Odd, c.Of[i].Of))]))).Strongest();
    }

    /// <param name="Odd">In the longest window, by time.</param>
    /// <param name="Of">By window: orders that count, and odd ones among them, which are the last of <paramref name="Odd"/>.</param>
    sealed record Counts(PartnerFigures Partner, List<OrderFigures> Odd, (int Of, int Odd)[] Of);

    /// <summary>All windows in one go: each ends today, and a longer one has all that a shorter one has.</summary>
    static Counts Count(PartnerFigures partner, Lens lens, List<DaySpan> spans)
    {
        var counts = new Counts(partner, [], new (int, int)[spans.Count]);
        foreach (var order in partner.OrdersIn(spans[^1]))
        {
            if (!lens.Counts(order))
                continue;
            var isOdd = lens.IsOdd(partner, order);
            if (isOdd)
                counts.Odd.Add(order);
            for (var i = spans.Count - 1; i >= 0 && order.Day >= spans[i].From; i--)
                counts.Of[i] = (counts.Of[i].Of + 1, counts.Of[i].Odd + (isOdd ? 1 : 0));
        }
        return counts;
    }

    IEnumerable<Candidate> In(Lens lens, DaySpan span, List<(Counts Counts, int Odd, int Of)> counts)
    {
        if (counts.Count < Peers.Least)
            yield break;
        var spread = ShareSpread.Of(counts.Select(c => ((double)c.Odd, (double)c.Of)));
        foreach (var (all, count, of) in counts)
        {
            // Far below the gate there is nothing to add to other evidence either; and persons are no more than orders.
            var least = Math.Max(2, LeastRatio / 2 * spread.Mean * of);
            if (count < least)
                continue;
            var (partner, odd) = (all.Partner, all.Odd[^count..]);
            var seen = Seen(odd);
            if (seen < least)
                continue;
            var strength = -spread.LogAtLeast(seen, Math.Max(of, seen));
            var isOdd = seen >= LeastOrders && seen >= LeastRatio * spread.Mean * of && strength >= LeastStrength;
            var change = isOdd && MostChange > 0 ? Math.Min(Change(partner, lens, span, seen, of), MostChange) : 0;
            yield return new(partner.PartnerId, isOdd, Math.Min(MostOf(count, of), (isOdd ? strength : Math.Min(strength, 3)) * Reliability * lens.Reliability + change),
                own => Tell(own, lens, span, odd, of, spread));
        }
    }

    Finding Tell(Candidate own, Lens lens, DaySpan span, List<OrderFigures> odd, int of, ShareSpread spread)
    {
        var usual = spread.Usual(of);
        return new(own.PartnerId, own.State, lens.Reasons,
            $"{odd.Count} of {of} orders in the last {span.Days} days {lens.What}; {spread.Mean * of:0.##} would be expected, and {usual} is the most an honest "
            + $"partner usually has. {odd.Count(o => o.IsNewCustomer == false)} of the {odd.Count} came from customers the shop knew.",
            0, odd.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
        {
            Evidence = new($"orders that {lens.What}, of {of}", odd.Count, Math.Round(spread.Mean * of, 2), usual), Strength = own.Strength, Honest = Honest, Orders = [.. odd.Select(o => o.Id)],
        };
    }

    int Seen(List<OrderFigures> odd) => CountsPersons ? odd.DistinctBy(o => o.Customer ?? o.Id).Count() : odd.Count;

    /// <summary>−log10 of the chance that a partner with this past has so many; 0 without one. Who always had such orders is a kind of business; who begins to has changed.</summary>
    double Change(PartnerFigures partner, Lens lens, DaySpan span, int seen, int of)
    {
        var past = partner.OrdersIn(span.Before(PastDays)).Where(lens.Counts).ToList();
        if (past.Count < LeastPast)
            return 0;
        var odd = Seen([.. past.Where(o => lens.IsOdd(partner, o))]);
        var size = Math.Min(HabitOrders, past.Count);
        var share = Math.Min(0.99, (odd + 0.5) / (past.Count + 1));
        return -new ShareSpread(share * size, (1 - share) * size).LogAtLeast(seen, Math.Max(of, seen));
    }
}
