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

    /// <summary>Without the upper tail: at least one is left out.</summary>
    public static List<(double Count, double Of)> Trim(IEnumerable<(double Count, double Of)> rates)
    {
        var sorted = rates.Where(r => r.Of > 0).OrderBy(r => r.Count / r.Of).ToList();
        return sorted.Count < 2 ? sorted : sorted[..^Math.Max(1, (int)(sorted.Count * Trimmed))];
    }

    /// <summary>Mean of the rates, and their variance beyond what chance alone gives (<paramref name="chance"/> of mean and size).</summary>
    public static (double Mean, double Variance) Moments(IReadOnlyCollection<(double Count, double Of)> rates, Func<double, double, double> chance)
    {
        // Half a case each way: a program where nobody ever did something does not make the first time impossible.
        var mean = (rates.Average(r => r.Count / r.Of) * rates.Count + 0.5 / rates.Average(r => r.Of)) / rates.Count;
        var variance = rates.Sum(r => Math.Pow(r.Count / r.Of - mean, 2)) / Math.Max(1, rates.Count - 1);
        return (mean, Math.Max(variance - rates.Average(r => chance(mean, r.Of)), 0.05 * mean * mean));
    }
}

/// <summary>Shares between partners: beta-binomial.</summary>
sealed record ShareSpread(double Alpha, double Beta)
{
    public double Mean => Alpha / (Alpha + Beta);

    public static ShareSpread Of(IEnumerable<(double Count, double Of)> others)
    {
        var (mean, variance) = Spread.Moments(Spread.Trim(others), (m, n) => m * (1 - m) / n);
        mean = Math.Clamp(mean, 1e-6, 1 - 1e-6);
        var size = Math.Max(mean * (1 - mean) / variance - 1, 1);
        return new(mean * size, (1 - mean) * size);
    }

    /// <summary>How often an honest partner with <paramref name="of"/> cases shows <paramref name="count"/> or more.</summary>
    public double Tail(int count, int of) => Math.Min(1, Enumerable.Range(count, of - count + 1).Sum(k => Probability(k, of)));

    /// <summary>The count that an honest partner stays at or under 99 times in a hundred.</summary>
    public int Usual(int of)
    {
        var sum = 0.0;
        for (var k = 0; k < of; k++)
            if ((sum += Probability(k, of)) >= 0.99)
                return k;
        return of;
    }

    double Probability(int k, int n) => Math.Exp(SpecialFunctions.BinomialLn(n, k) + SpecialFunctions.BetaLn(k + Alpha, n - k + Beta) - SpecialFunctions.BetaLn(Alpha, Beta));
}

/// <summary>Rates between partners: gamma-Poisson. <paramref name="Shape"/> cases in <paramref name="Exposure"/>.</summary>
sealed record RateSpread(double Shape, double Exposure)
{
    public double Mean => Shape / Exposure;

    public static RateSpread Of(IEnumerable<(double Count, double Of)> others)
    {
        var (mean, variance) = Spread.Moments(Spread.Trim(others), (m, exposure) => m / exposure);
        mean = Math.Max(mean, 1e-9);
        return new(mean * mean / variance, mean / variance);
    }

    /// <summary>The same after something was seen.</summary>
    public RateSpread After(double count, double exposure) => new(Shape + count, Exposure + exposure);

    /// <summary>How often <paramref name="count"/> or more come in <paramref name="exposure"/>.</summary>
    public double AtLeast(double count, double exposure) =>
        count <= 0 ? 1 : SpecialFunctions.BetaRegularized(count, Shape, exposure / (exposure + Exposure));

    public double AtMost(double count, double exposure) => 1 - AtLeast(count + 1, exposure);

    /// <summary>The count that stays unexceeded 99 times in a hundred.</summary>
    public double Usual(double exposure)
    {
        double low = 0, high = Math.Max(10, 1000 * Mean * exposure);
        while (high - low > 0.5)
        {
            var middle = (low + high) / 2;
            (low, high) = AtLeast(Math.Floor(middle) + 1, exposure) > 0.01 ? (middle, high) : (low, middle);
        }
        return Math.Floor(high);
    }
}
