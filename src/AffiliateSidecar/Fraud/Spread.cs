using MathNet.Numerics;

namespace AffiliateSidecar.Fraud;

/// <summary>
/// How much honest partners differ from each other. Being unlike the average is no fault: a coupon site honestly sells within
/// minutes. The question is always how often a draw from this spread looks like the partner at hand.
/// </summary>
static class Spread
{
    /// <summary>The part of the partners with the highest rates that is left out of a fit, so that fraud does not widen it.</summary>
    const double Trimmed = 0.1;

    // Of this many programs one has an honest partner who is not taken back.
    const double Foreign = 10;

    const double Middling = 5;

    // Concentrations tried: from "every partner is another world" to "all alike". Never narrower: the last partners of a spread are few.
    static readonly double[] Sizes = [1, 2, 4, 8, 16, 32, 64];

    // A spread is no better known by a thousand partners than by these.
    const int Most = 120;

    public const int Nearest = 40;

    /// <summary>Without the upper tail: at least one is left out.</summary>
    public static List<(double Count, double Of)> Trim(List<(double Count, double Of)> sorted) =>
        sorted.Count < 2 ? sorted : sorted[..^Math.Max(1, (int)(sorted.Count * Trimmed))];

    public static List<(double Count, double Of)> Sort(IEnumerable<(double Count, double Of)> rates) =>
        // Of equal rates the larger sample goes first: an empty small one says less.
        [.. rates.Where(r => r.Of > 0).OrderBy(r => (r.Count + 0.5) / (r.Of + 1))];

    /// <summary>
    /// Where nobody cheats the tail is honest, and without it the spread is too narrow. So who was left out comes back, unless the others hardly ever look like that.
    /// </summary>
    public static List<(double Count, double Of)> Readmit(List<(double Count, double Of)> sorted, int kept, Func<(double Count, double Of), double> logAtLeast)
    {
        var least = -Math.Log10(Foreign * sorted.Count);
        return [.. sorted.Where((r, i) => i < kept || logAtLeast(r) > least)];
    }

    /// <summary>
    /// The mean over partners, the large ones no heavier than 200 cases: the spread is between partners. Half a case is added, so that what nobody
    /// ever did is not impossible.
    /// </summary>
    public static double Mean(List<(double Count, double Of)> rates)
    {
        var (count, of) = (0.5, 1.0);
        foreach (var rate in rates)
        {
            var weight = Math.Min(1, 200 / rate.Of);
            count += rate.Count * weight;
            of += rate.Of * weight;
        }
        return count / of;
    }

    /// <summary>The concentration under which the rates are likeliest; where they say little, a middling one.</summary>
    /// <param name="spread">ln of how likely a rate is under a concentration.</param>
    public static double Size(List<(double Count, double Of)> rates, Func<double, Func<double, double, double>> spread)
    {
        var some = rates.Count <= Most ? rates : [.. Enumerable.Range(0, Most).Select(i => rates[(int)((long)i * rates.Count / Most)])];
        var (best, size) = (double.NegativeInfinity, Sizes[0]);
        foreach (var candidate in Sizes)
        {
            var likelihood = spread(candidate);
            var (sum, last, one) = (0.0, (Count: -1.0, Of: -1.0), 0.0);
            // They are sorted, and of small samples many are the same.
            foreach (var rate in some)
            {
                if (rate != last)
                    (last, one) = (rate, likelihood(rate.Count, rate.Of));
                sum += one;
            }
            var value = sum - Math.Pow(Math.Log(candidate / Middling) / 1.2, 2) / 2;
            if (value > best)
                (best, size) = (value, candidate);
        }
        return rates.Count < 5 ? Math.Min(size, 4) : size;
    }

    // Cases are counted, so most are whole numbers, and small.
    static readonly double[] Factorials = [.. Enumerable.Range(0, 2048).Select(n => SpecialFunctions.GammaLn(n + 1))];

    /// <summary>ln of n!, also between whole numbers.</summary>
    public static double LnFactorial(double n) => n >= 0 && n < Factorials.Length && Math.Truncate(n) == n ? Factorials[(int)n] : SpecialFunctions.GammaLn(n + 1);

    /// <summary>log10 of a sum that begins with a term of which the natural logarithm is known.</summary>
    public static double Log10(double lnFirst, double ratio) => Math.Min(0, (lnFirst + Math.Log(ratio)) / Math.Log(10));
}

/// <summary>Shares between partners: beta-binomial.</summary>
sealed record ShareSpread(double Alpha, double Beta)
{
    // Cases of the average that every peer is mixed with: small ones tell little of themselves.
    const double PeerPrior = 6;

    public double Mean => Alpha / (Alpha + Beta);

    public static ShareSpread Of(IEnumerable<(double Count, double Of)> all)
    {
        var sorted = Spread.Sort(all);
        var trimmed = Spread.Trim(sorted);
        var first = Fit(trimmed);
        var whole = Spread.Readmit(sorted, trimmed.Count, r => first.Smooth(r.Count, r.Of));
        return whole.Count == trimmed.Count ? first : Fit(whole);
    }

    static ShareSpread Fit(List<(double Count, double Of)> rates)
    {
        var mean = Math.Clamp(Spread.Mean(rates), 1e-5, 0.99);
        var size = Spread.Size(rates, s => new ShareSpread(mean * s, (1 - mean) * s).Log);
        return new(mean * size, (1 - mean) * size) { Peers = rates };
    }

    /// <summary>
    /// The partners it was learnt from. Honest business comes in kinds: a coupon site is unlike the average, but not unlike the other coupon sites. So a draw
    /// from the peers themselves is asked as well, and the more lenient answer counts.
    /// </summary>
    List<(double Count, double Of)> Peers { get; init; } = [];

    /// <summary>log10 of how often an honest partner with <paramref name="of"/> cases shows <paramref name="count"/> or more.</summary>
    public double LogAtLeast(double count, double of)
    {
        var smooth = Smooth(count, of);
        if (smooth > -2 || Peers.Count == 0)
            return smooth;
        var alike = 0.0;
        // Those with the highest rates are the last; the others look like this too rarely to matter.
        for (var i = Math.Max(0, Peers.Count - Spread.Nearest); i < Peers.Count; i++)
            if (Peers[i] is { Count: > 0 } peer)
                alike += Math.Pow(10, new ShareSpread(peer.Count + Mean * PeerPrior, peer.Of - peer.Count + (1 - Mean) * PeerPrior).Smooth(count, of));
        return alike <= 0 ? smooth : Math.Max(smooth, Math.Log10(alike / Peers.Count));
    }

    double Smooth(double count, double of)
    {
        if (count <= 0)
            return 0;
        double sum = 1, term = 1;
        // As long as what is left can change the third digit.
        for (var k = count; k < of && term * (of - k) > sum * 1e-3; k++)
            sum += term *= (of - k) / (k + 1) * (k + Alpha) / (of - k - 1 + Beta);
        return Spread.Log10(Spread.LnFactorial(of) - Spread.LnFactorial(count) - Spread.LnFactorial(of - count) + Log(count, of), sum);
    }

    /// <summary>The count that an honest partner stays at or under 99 times in a hundred.</summary>
    public int Usual(double of)
    {
        var (low, high) = (0, (int)of);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Smooth(middle + 1, of) > -2 ? (middle + 1, high) : (low, middle);
        }
        return low;
    }

    // The parts that are the same for every rate, and for all the partners who have none.
    readonly double ofAll = SpecialFunctions.GammaLn(Alpha + Beta) - SpecialFunctions.GammaLn(Alpha) - SpecialFunctions.GammaLn(Beta), ofNone = SpecialFunctions.GammaLn(Alpha);

    double Log(double k, double n) =>
        (k == 0 ? ofNone : SpecialFunctions.GammaLn(k + Alpha)) + SpecialFunctions.GammaLn(n - k + Beta) - SpecialFunctions.GammaLn(n + Alpha + Beta) + ofAll;
}

/// <summary>Rates between partners: gamma-Poisson. <paramref name="Shape"/> cases in <paramref name="Exposure"/>.</summary>
sealed record RateSpread(double Shape, double Exposure)
{
    // Cases of the average that every peer is mixed with.
    const double PeerPrior = 2;

    public double Mean => Shape / Exposure;

    public static RateSpread Of(IEnumerable<(double Count, double Of)> all)
    {
        var sorted = Spread.Sort(all);
        var trimmed = Spread.Trim(sorted);
        var first = Fit(trimmed);
        var whole = Spread.Readmit(sorted, trimmed.Count, r => first.Smooth(r.Count, r.Of));
        return whole.Count == trimmed.Count ? first : Fit(whole);
    }

    static RateSpread Fit(List<(double Count, double Of)> rates)
    {
        var mean = Math.Max(Spread.Mean(rates), 1e-7);
        var shape = Spread.Size(rates, s => new RateSpread(s, s / mean).Log);
        return new(shape, shape / mean) { Peers = rates };
    }

    /// <summary>As <see cref="ShareSpread"/> has them.</summary>
    List<(double Count, double Of)> Peers { get; init; } = [];

    /// <summary>The same after something was seen.</summary>
    public RateSpread After(double count, double exposure) => new(Shape + count, Exposure + exposure);

    /// <summary>log10 of how often <paramref name="count"/> or more come in <paramref name="exposure"/>.</summary>
    public double LogAtLeast(double count, double exposure)
    {
        var smooth = Smooth(count, exposure);
        if (smooth > -2 || Peers.Count == 0)
            return smooth;
        var alike = 0.0;
        // Those with the highest rates are the last; the others look like this too rarely to matter.
        for (var i = Math.Max(0, Peers.Count - Spread.Nearest); i < Peers.Count; i++)
            if (Peers[i] is { Count: > 0 } peer)
                alike += Math.Pow(10, new RateSpread(peer.Count + PeerPrior, peer.Of + PeerPrior / Mean).Smooth(count, exposure));
        return alike <= 0 ? smooth : Math.Max(smooth, Math.Log10(alike / Peers.Count));
    }

    double Smooth(double count, double exposure)
    {
        if (count <= 0 || exposure <= 0)
            return 0;
        var share = exposure / (exposure + Exposure);
        if (SpecialFunctions.BetaRegularized(count, Shape, share) is > 1e-200 and var chance)
            return Math.Log10(chance);
        // Too small for the incomplete beta function.
        double sum = 1, term = 1;
        for (var k = count; term > sum * 1e-6; k++)
            sum += term *= (k + Shape) / (k + 1) * share;
        return Spread.Log10(Log(count, exposure) + count * Math.Log(exposure) - Spread.LnFactorial(count), sum);
    }

    /// <summary>log10 of how often <paramref name="count"/> or fewer come.</summary>
    public double LogAtMost(double count, double exposure)
    {
        var share = exposure / (exposure + Exposure);
        var p = SpecialFunctions.BetaRegularized(Shape, Math.Floor(count) + 1, 1 - share);
        return p <= 0 ? -300 : Math.Log10(p);
    }

    /// <summary>The count that stays unexceeded 99 times in a hundred.</summary>
    public double Usual(double exposure)
    {
        double low = 0, high = Math.Max(10, 1000 * Mean * exposure);
        while (high - low > 0.5)
        {
            var middle = (low + high) / 2;
            (low, high) = Smooth(Math.Floor(middle) + 1, exposure) > -2 ? (middle, high) : (low, middle);
        }
        return Math.Floor(high);
    }

    readonly double ofNone = SpecialFunctions.GammaLn(Shape);

    // Without the factorial, which is the same for every spread.
    double Log(double k, double exposure) =>
        (k == 0 ? ofNone : SpecialFunctions.GammaLn(k + Shape)) - ofNone + Shape * Math.Log(Exposure / (Exposure + exposure)) - k * Math.Log(Exposure + exposure);
}
