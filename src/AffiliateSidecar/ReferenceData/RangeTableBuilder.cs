using System.Net;

namespace AffiliateSidecar.ReferenceData;

/// <summary>Collects ranges in any order; where two overlap, the one that begins first keeps what it has.</summary>
sealed class RangeTableBuilder
{
    readonly Dictionary<string, ushort> values = new(StringComparer.Ordinal) { [""] = 0 };
    readonly List<(ulong First, ulong Last, ushort Value)> v4 = [], v6 = [];

    public void Add(IPAddress first, IPAddress last, string value)
    {
        var (from, to) = (AddressKey.Of(first), AddressKey.Of(last));
        if (from.IsV4 != to.IsV4 || from.Value > to.Value)
            throw new InvalidDataException($"{first} to {last} is not a range of addresses.");
        Add(from.IsV4, from.Value, to.Value, value);
    }

    public void Add(bool isV4, ulong first, ulong last, string value)
    {
        if (!values.TryGetValue(value, out var index))
        {
            if (values.Count > ushort.MaxValue)
                throw new InvalidDataException("it has too many different values.");
            values[value] = index = (ushort)values.Count;
        }
        (isV4 ? v4 : v6).Add((first, last, index));
    }

    public RangeTable Build() => RangeTable.Of([.. values.OrderBy(v => v.Value).Select(v => v.Key)], Join(v4, uint.MaxValue), Join(v6, ulong.MaxValue));

    static (ulong Start, ushort Value)[] Join(List<(ulong First, ulong Last, ushort Value)> ranges, ulong last)
    {
        var joined = new List<(ulong Start, ushort Value)>();
        var next = 0UL;
        foreach (var range in ranges.OrderBy(r => r.First).ThenByDescending(r => r.Last))
        {
            if (range.First > next)
                Begin(next, 0);
            if (range.Last < next)
                continue;
            Begin(Math.Max(next, range.First), range.Value);
            if (range.Last == last)
                return [.. joined];
            next = range.Last + 1;
        }
        Begin(next, 0);
        return [.. joined];

        void Begin(ulong start, ushort value)
        {
            if (joined.Count > 0 ? joined[^1].Value != value : value != 0)
                joined.Add((start, value));
        }
    }
}
