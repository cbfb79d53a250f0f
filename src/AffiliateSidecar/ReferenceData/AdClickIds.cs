namespace AffiliateSidecar.ReferenceData;

/// <param name="IsPaid">Whether only ads bring it; some platforms add theirs to every link that leads away from them.</param>
sealed record AdClickId(string Parameter, string Platform, bool IsPaid);

/// <summary>Tells from the query of a landing page which ad, if any, brought the visitor.</summary>
sealed class AdClickIds(ReferenceFiles files)
{
    /// <summary>The first that only ads bring, else the first of any; null where there is none.</summary>
    /// <param name="query">With or without its <c>?</c>, or a whole address.</param>
    public AdClickId? Find(ReadOnlySpan<char> query) => files.AdClickIds.Value.Find(query);
}

sealed class AdClickIdList(Dictionary<string, AdClickId> ids)
{
    public static AdClickIdList None { get; } = new([]);

    public int Count => ids.Count;

    public IEnumerable<AdClickId> All => ids.Values;

    /// <summary>A line is <c>parameter paid|any platform</c>.</summary>
    public static AdClickIdList Read(Stream stream) => new(TextLines.Of(stream)
        .Select(line => line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var parameter, ("paid" or "any") and var kind, var platform]
            ? new AdClickId(parameter, platform, kind == "paid")
            : throw new InvalidDataException($"the line '{line}' is not of the form 'parameter paid|any platform'."))
        .DistinctBy(id => id.Parameter, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(id => id.Parameter, StringComparer.OrdinalIgnoreCase));

    public AdClickId? Find(ReadOnlySpan<char> query)
    {
        if (ids.Count == 0)
            return null;
        if (query.IndexOf('?') is >= 0 and var at && query[..at].IndexOf('=') < 0)
            query = query[(at + 1)..];
        if (query.IndexOf('#') is >= 0 and var end)
            query = query[..end];
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        AdClickId? found = null;
        foreach (var part in query.Split('&'))
        {
            var member = query[part];
            if (member.IndexOf('=') is > 0 and var equals && equals < member.Length - 1 && lookup.TryGetValue(member[..equals], out var id))
            {
                if (id.IsPaid)
                    return id;
                found ??= id;
            }
        }
        return found;
    }
}
