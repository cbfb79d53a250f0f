namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Clicks of a kind that others hardly have, and that fail to buy where the partner's other clicks buy. People behind a VPN, night owls and old
/// phones do buy; machines, stuffed and paid clicks do not.
/// </summary>
abstract class OddClicks : IFraudSignal
{
    const double LeastClicks = 30, LeastExpected = 2.5, FewerOrders = 5, LeastPast = 100, Together = 2.5;

    // Odd enough by itself, or somewhat odd and dead beyond doubt.
    const double LeastOdd = 1.5, SomewhatOdd = 0.8, OddAndDead = 4;
    const int PastDays = 56, LeastPastDays = 7, LeastADay = 5, LeastOddDays = 4;
    static readonly int[] Windows = [2, 7, 28, 56];

    public abstract string Id { get; }

    public abstract string Family { get; }

    protected abstract IReadOnlyList<string> Reasons { get; }

    /// <summary>Said of the clicks: "were by …".</summary>
    protected abstract string What { get; }

    protected abstract string Honest { get; }

    /// <summary>Of all the partner's clicks.</summary>
    protected virtual double LeastShare => 0.05;

    /// <summary>
    /// Whether only what goes on day after day counts. Mail gateways click along on the day a newsletter is sent, and a post that goes round at night brings a night's
    /// readers: that is over in a day.
    /// </summary>
    protected virtual bool IsSteady => false;

    /// <summary>A last look at a partner whose odd clicks fail to buy.</summary>
    protected virtual bool IsSuspicious(PartnerFigures partner, DaySpan span) => true;

    /// <summary>No strength above this one: what is never enough by itself.</summary>
    protected virtual double Most => 12;

    /// <summary>How far above what is expected.</summary>
    protected virtual double LeastRatio => 3;

    /// <summary>Tells odd clicks and orders from the others, as things stand at the end of the day.</summary>
    protected abstract Lens Look(ProgramFigures program);

    protected sealed record Lens(Func<PartnerFigures, DayFigures, double> Clicks, Func<PartnerFigures, OrderFigures, bool> IsOdd);

    /// <summary>
    /// Clicks of addresses that click all day are one visitor's, often a script that walks through everybody's links, and are not the partner's doing. They are left out.
    /// </summary>
    protected virtual bool CountsCrowds => false;

    sealed record Counts(PartnerFigures Partner)
    {
        public double Odd { get; set; }
        public double All { get; set; }
        public double OddOrders { get; set; }
        public double AllOrders { get; set; }
    }

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var lens = Look(program);
        var spans = Windows.Select(days => DaySpan.Last(program.Today.AddDays(-1), days)).ToArray();
        var all = program.Partners.Select(p => Count(p, lens, spans)).ToList();
        return spans.SelectMany((span, i) => In(program, lens, span, [.. all.Select(c => c[i]).Where(c => c.All >= LeastClicks)])).Strongest();
    }

    IEnumerable<Candidate> In(ProgramFigures program, Lens lens, DaySpan span, List<Counts> counts)
    {
        if (counts.Count < Peers.Least)
            yield break;
        var spread = ShareSpread.Of(counts.Select(c => (c.Odd, c.All)));
        var buying = RateSpread.Of(counts.Where(c => c.All - c.Odd >= LeastClicks).Select(c => (c.AllOrders - c.OddOrders, c.All - c.Odd)));
        foreach (var c in counts)
        {
            if (c.Odd < LeastClicks || c.Odd < LeastShare * c.All || c.Odd < LeastRatio * spread.Mean * c.All)
                continue;
            var odd = -spread.LogAtLeast(c.Odd, c.All);
            // What the odd clicks should have bought: as the partner's clicks did before, and as the program's where those were few.
            var before = Count(c.Partner, lens, span.Before(PastDays))[0];
            var (known, orders) = before.All >= LeastPast ? (before.All, before.AllOrders) : (c.All - c.Odd, c.AllOrders - c.OddOrders);
            // The rest of the same days may be machines as well, so it counts little.
            var weight = before.All >= LeastPast ? 1 : Math.Min(1, LeastPast / Math.Max(1, known));
            var own = buying.After(orders * weight, known * weight);
            var expected = own.Mean * c.Odd;
            var dead = -own.LogAtMost(c.OddOrders, c.Odd);
            var fails = expected >= LeastExpected && c.OddOrders * FewerOrders <= expected && dead >= 1.5;
            // Both at once, odd and dead, is far rarer than either: worth more than the two chances say. But an audience of its own alone is nothing.
            var strength = Together + Math.Min(Math.Min(odd, 12), 2 * dead) / 2 + Math.Min(dead, 8) / 1.5;
            var isOdd = odd >= LeastOdd || odd >= SomewhatOdd && odd + dead >= OddAndDead;
            // A partner who always had such visitors is not caught by them.
            var isNew = fails && isOdd && (PastShare(c.Partner, lens, span) is not { } past || c.Odd >= 2 * past * c.All);
            var isArranged = IsSuspicious(c.Partner, span) && (!IsSteady || GoesOn(c, lens, span));
            yield return new(c.Partner.PartnerId, isNew && isArranged,
                !isArranged ? Math.Min(1, Math.Min(odd, dead)) : Math.Min(Most, fails && isOdd ? isNew ? strength : strength / 2 : Math.Min(odd, dead)),
                told => Tell(told, program, c, span, spread, expected));
        }
    }

    Finding Tell(Candidate own, ProgramFigures program, Counts c, DaySpan span, ShareSpread spread, double expected)
    {
        var usual = spread.Usual(c.All);
        return new(own.PartnerId, own.State, Reasons,
            $"{c.Odd:0} of {c.All:0} clicks in the last {span.Days} days were {What}; {spread.Mean * c.All:0.#} would be expected, and {usual} "
            + $"is the most an honest partner usually has. They brought {c.OddOrders:0} orders within a day; {expected:0.#} would be expected of as many other clicks.",
            0, (long)(program.CommissionPerClick * c.Odd))
        {
            Evidence = new($"clicks {What}, of {c.All:0}", c.Odd, Math.Round(spread.Mean * c.All, 1), usual), Strength = own.Strength, Honest = Honest,
        };
    }

    /// <summary>In each of the spans. They end on the same day, the longest is the last: each day and order is looked at once.</summary>
    Counts[] Count(PartnerFigures partner, Lens lens, params ReadOnlySpan<DaySpan> spans)
    {
        var counts = new Counts[spans.Length];
        foreach (ref var count in counts.AsSpan())
            count = new(partner);
        foreach (var day in partner.DaysIn(spans[^1]))
        {
            var crowded = CountsCrowds ? 0 : day.Crowded;
            var odd = Math.Max(0, lens.Clicks(partner, day) - crowded);
            for (var i = spans.Length - 1; i >= 0 && day.Day >= spans[i].From; i--)
            {
                counts[i].All += day.Clicks - crowded;
                counts[i].Odd += odd;
            }
        }
        foreach (var order in partner.QuickOrders(spans[^1]))
        {
            var isOdd = lens.IsOdd(partner, order);
            for (var i = spans.Length - 1; i >= 0 && order.Click!.Day >= spans[i].From; i--)
            {
                counts[i].AllOrders++;
                if (isOdd)
                    counts[i].OddOrders++;
            }
        }
        return counts;
    }

    /// <summary>On most days of a week or more the odd clicks have about the share that they have of the whole.</summary>
    static bool GoesOn(Counts counts, Lens lens, DaySpan span)
    {
        var days = counts.Partner.DaysIn(span).Where(d => d.Clicks >= LeastADay).ToList();
        var odd = days.Count(d => lens.Clicks(counts.Partner, d) >= counts.Odd / counts.All / 2 * d.Clicks);
        return odd >= LeastOddDays && 2 * odd > days.Count;
    }

    /// <summary>The share on a usual day of the past: what began meanwhile does not count as habit. Null with too short a past.</summary>
    static double? PastShare(PartnerFigures partner, Lens lens, DaySpan span)
    {
        var days = partner.DaysIn(span.Before(PastDays)).Where(d => d.Clicks >= LeastADay).Select(d => lens.Clicks(partner, d) / d.Clicks).Order().ToList();
        return days.Count < LeastPastDays ? null : days[days.Count / 2];
    }
}
