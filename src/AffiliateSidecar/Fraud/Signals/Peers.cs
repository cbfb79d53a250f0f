using System.Collections.Immutable;

namespace AffiliateSidecar.Fraud.Signals;

/// <summary>A finding before it is put into words, which takes longer than to find it: a partner has one in each window, and the strongest is told.</summary>
readonly record struct Candidate(int PartnerId, bool IsSuspicious, double Strength, Func<Candidate, Finding> Tell)
{
    public string State => IsSuspicious ? FindingState.Suspicious : FindingState.Normal;
}

static class Peers
{
    /// <summary>With fewer partners there is no spread to compare with; only facts count then.</summary>
    public const int Least = 8;

    /// <summary>Of each partner's findings the one that counts most.</summary>
    public static IEnumerable<Finding> Strongest(this IEnumerable<Finding> findings) =>
        findings.Select(f => new Candidate(f.PartnerId, f.State == FindingState.Suspicious, f.Strength ?? 0, _ => f)).Strongest();

    /// <summary>The same; only what counts most is put into words.</summary>
    public static IEnumerable<Finding> Strongest(this IEnumerable<Candidate> candidates) =>
        candidates.GroupBy(c => c.PartnerId).Select(g => g.MaxBy(c => (c.IsSuspicious, c.Strength))).Select(c => c.Tell(c));

    /// <summary>The mean over partners of the share that each value has of their clicks: no partner decides alone what is common.</summary>
    public static Dictionary<uint, double> MeanShares(this ProgramFigures program, DaySpan span, Func<DayFigures, ImmutableArray<Tally>> tallies, int leastClicks)
    {
        var sums = new Dictionary<uint, double>();
        var partners = 0;
        foreach (var partner in program.Partners)
        {
            var total = partner.Clicks(span);
            if (total < leastClicks)
                continue;
            partners++;
            foreach (var day in partner.DaysIn(span))
                foreach (var tally in tallies(day))
                    sums[tally.Value] = sums.GetValueOrDefault(tally.Value) + (double)tally.Clicks / total;
        }
        foreach (var value in sums.Keys)
            sums[value] /= partners;
        return sums;
    }

    /// <summary>Of what orders came to; leads come to nothing. Null where there are fewer than <paramref name="least"/>.</summary>
    public static long? Median(this IEnumerable<OrderFigures> orders, int least = 1)
    {
        var amounts = orders.Where(o => !o.IsLead).Select(o => o.AmountMinor).Order().ToList();
        return amounts.Count < least ? null : amounts[amounts.Count / 2];
    }

    /// <summary>The click came from another country than the order.</summary>
    public static bool IsElsewhere(this OrderFigures order) => order is { Click.Country: not 0, Country: not 0 } && order.Click.Country != order.Country;

    /// <summary>A partner's clicks by each of the wanted values; those that have none are not there.</summary>
    public static Dictionary<uint, int> ClicksBy(this PartnerFigures partner, DaySpan span, Func<DayFigures, ImmutableArray<Tally>> tallies, Func<uint, bool> isWanted)
    {
        var clicks = new Dictionary<uint, int>();
        foreach (var day in partner.DaysIn(span))
            foreach (var tally in tallies(day))
                if (isWanted(tally.Value))
                    clicks[tally.Value] = clicks.GetValueOrDefault(tally.Value) + tally.Clicks;
        return clicks;
    }

    public static double Of(this ImmutableArray<Tally> tallies, Func<uint, bool> isWanted)
    {
        var sum = 0;
        foreach (var tally in tallies)
            if (isWanted(tally.Value))
                sum += tally.Clicks;
        return sum;
    }
}
