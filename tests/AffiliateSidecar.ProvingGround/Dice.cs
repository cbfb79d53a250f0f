namespace AffiliateSidecar.ProvingGround;

/// <summary>Repeatable chance. Each partner and each cheat throws its own dice, so that changing one leaves the others as they were.</summary>
public sealed class Dice
{
    ulong _state;
    double _spare = double.NaN;

    public Dice(params ReadOnlySpan<long> seeds)
    {
        foreach (var seed in seeds)
            _state = Mix(_state ^ (ulong)seed * 0x9E3779B97F4A7C15UL + 0x632BE59BD9B4E019UL);
    }

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    public ulong Bits() => Mix(_state += 0x9E3779B97F4A7C15UL);

    public double Share() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Share() < probability;

    /// <summary>From <paramref name="low"/> up to, not including, <paramref name="high"/>.</summary>
    public int Whole(int low, int high) => high <= low ? low : low + (int)(Share() * (high - low));

    public double Between(double low, double high) => low + Share() * (high - low);

    /// <summary>Even on a logarithmic scale.</summary>
    public double Scale(double low, double high) => low * Math.Pow(high / low, Share());

    public double Normal()
    {
        if (!double.IsNaN(_spare))
        {
            var spare = _spare;
            _spare = double.NaN;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - Share()));
        var angle = 2 * Math.PI * Share();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    public double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

    public double Exponential(double mean) => -mean * Math.Log(1 - Share());

    public int Poisson(double mean)
    {
        if (mean <= 0)
            return 0;
        if (mean > 60)
            return Math.Max(0, (int)Math.Round(mean + Math.Sqrt(mean) * Normal()));
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = Share(); product > limit; product *= Share())
            count++;
        return count;
    }

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Whole(0, choices.Count)];

    public T Pick<T>(Weighted<T> choices) => choices.At(Share());
}

/// <summary>Choices with weights, for repeated picking.</summary>
public sealed class Weighted<T>
{
    readonly T[] _choices;
    readonly double[] _upTo;

    public Weighted(params ReadOnlySpan<(T Choice, double Weight)> choices)
    {
        _choices = new T[choices.Length];
        _upTo = new double[choices.Length];
        var sum = 0.0;
        for (var i = 0; i < choices.Length; i++)
        {
            _choices[i] = choices[i].Choice;
            _upTo[i] = sum += choices[i].Weight;
        }
        for (var i = 0; i < _upTo.Length; i++)
            _upTo[i] /= sum;
    }

    public T At(double share)
    {
        if (_upTo.Length <= 8)
        {
            for (var i = 0; i < _upTo.Length - 1; i++)
                if (share < _upTo[i])
                    return _choices[i];
            return _choices[^1];
        }
        var found = Array.BinarySearch(_upTo, share);
        return _choices[Math.Min(found < 0 ? ~found : found + 1, _choices.Length - 1)];
    }

    /// <summary>The share of one choice.</summary>
    public double Of(int index) => _upTo[index] - (index == 0 ? 0 : _upTo[index - 1]);
}
