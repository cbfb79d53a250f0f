namespace AffiliateSidecar.Commissions;

/// <summary>Dividing a given total exactly.</summary>
static class Spread
{
    /// <summary>
    /// Integer parts in proportion to the weights that add up to the total: largest remainder, ties to the earlier part.
    /// Nothing is given where all weights are zero.
    /// </summary>
    public static long[] LargestRemainder(long total, IReadOnlyList<decimal> weights)
    {
        var parts = new long[weights.Count];
        var sum = weights.Sum();
        if (sum <= 0)
            return parts;
        var exact = weights.Select(w => total * w / sum).ToArray();
        for (var i = 0; i < parts.Length; i++)
            parts[i] = decimal.ToInt64(decimal.Floor(exact[i]));
        var left = total - parts.Sum();
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => exact[i] - parts[i]).ThenBy(i => i).Take((int)left))
            parts[i]++;
        return parts;
    }
}
