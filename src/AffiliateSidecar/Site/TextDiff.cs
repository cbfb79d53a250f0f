namespace AffiliateSidecar.Site;

/// <summary>A piece of a comparison: <c>same</c>, <c>gone</c> or <c>new</c>.</summary>
readonly record struct DiffPart<T>(string What, T Value);

/// <summary>What two texts have in common: the longest common subsequence.</summary>
static class TextDiff
{
    public static IReadOnlyList<DiffPart<T>> Of<T>(IReadOnlyList<T> before, IReadOnlyList<T> after) where T : IEquatable<T>
    {
        var length = new int[before.Count + 1, after.Count + 1];
        for (var i = before.Count - 1; i >= 0; i--)
            for (var j = after.Count - 1; j >= 0; j--)
                length[i, j] = before[i].Equals(after[j]) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
        var parts = new List<DiffPart<T>>();
        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
            if (i < before.Count && j < after.Count && before[i].Equals(after[j]))
            {
                parts.Add(new("same", after[j++]));
                i++;
            }
            else if (j >= after.Count || (i < before.Count && length[i + 1, j] >= length[i, j + 1]))
                parts.Add(new("gone", before[i++]));
            else
                parts.Add(new("new", after[j++]));
        return parts;
    }
}
