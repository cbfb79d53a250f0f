using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Counts by value, ascending. Of a day with very many values a fixed part is kept, chosen by the values themselves: so the order in which they come
/// makes no difference, and no flood of made-up browsers fills the table.
/// </summary>
sealed class ValueCounts
{
    const int Most = 4096;

    readonly List<uint> news = [];
    Tally[] counts = [];
    int level;

    public bool Any => Settled().Length > 0;

    /// <summary>Enough bytes to write them.</summary>
    public int Room => (2 + 2 * Settled().Length) * PackedNumbers.Longest;

    public void Add(uint value)
    {
        if (!IsKept(value))
            return;
        news.Add(value);
        if (news.Count >= Most)
            Settled();
    }

    public void Clear()
    {
        news.Clear();
        (counts, level) = ([], 0);
    }

    public ImmutableArray<Tally> Tallies() => [.. Settled()];

    /// <summary>How many bytes it took.</summary>
    public int Write(Span<byte> bytes)
    {
        var all = Settled();
        var length = PackedNumbers.Write(bytes, level);
        length += PackedNumbers.Write(bytes[length..], all.Length);
        var last = 0u;
        foreach (var (value, clicks) in all)
        {
            length += PackedNumbers.Write(bytes[length..], value - last);
            length += PackedNumbers.Write(bytes[length..], clicks);
            last = value;
        }
        return length;
    }

    public static ValueCounts Read(ref ReadOnlySpan<byte> bytes) => new() { level = Math.Min(PackedNumbers.ReadInt(ref bytes), 32), counts = ReadAll(ref bytes) };

    /// <summary>Without what adding to them would need.</summary>
    public static ImmutableArray<Tally> ReadTallies(ref ReadOnlySpan<byte> bytes)
    {
        PackedNumbers.ReadInt(ref bytes);
        return ImmutableCollectionsMarshal.AsImmutableArray(ReadAll(ref bytes));
    }

    static Tally[] ReadAll(ref ReadOnlySpan<byte> bytes)
    {
        var count = PackedNumbers.ReadInt(ref bytes);
        // Each takes two bytes at least: whatever the bytes say, no more room is made than they can fill.
        if (count > bytes.Length / 2)
            throw new InvalidDataException("The profile of a day is cut off.");
        var tallies = new Tally[count];
        var value = 0u;
        for (var i = 0; i < tallies.Length; i++)
            tallies[i] = new(value += (uint)PackedNumbers.Read(ref bytes), PackedNumbers.ReadInt(ref bytes));
        return tallies;
    }

    /// <summary>With what has come since, in one pass over both: a batch of clicks changes few of thousands of values.</summary>
    Tally[] Settled()
    {
        if (news.Count == 0)
            return counts;
        var sorted = CollectionsMarshal.AsSpan(news);
        sorted.Sort();
        var merged = new List<Tally>(counts.Length + sorted.Length);
        var old = 0;
        for (var i = 0; i < sorted.Length;)
        {
            var value = sorted[i];
            var clicks = 0;
            for (; i < sorted.Length && sorted[i] == value; i++)
                clicks++;
            var from = old;
            while (old < counts.Length && counts[old].Value < value)
                old++;
            merged.AddRange(counts.AsSpan(from, old - from));
            if (old < counts.Length && counts[old].Value == value)
                clicks += counts[old++].Clicks;
            merged.Add(new(value, clicks));
        }
        merged.AddRange(counts.AsSpan(old));
        news.Clear();
        for (; merged.Count > Most; merged.RemoveAll(t => !IsKept(t.Value)))
            level++;
        return counts = [.. merged];
    }

    // The lowest bits of a well mixed value, level by level.
    bool IsKept(uint value) => level == 0 || (value * 2654435761u >> 32 - level) == 0;
}
