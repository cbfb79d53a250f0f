using System.Net;

namespace AffiliateSidecar.ReferenceData;

/// <summary>Collects ranges in any order; where two overlap, the one that begins first keeps what it has.</summary>
sealed class RangeTableBuilder
{
    // Addresses of no place and no operator. Some databases have one for them all the same, whoever the registry wrote down.
    static readonly (ulong First, ulong Last)[] PrivateV4 = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/3",
    }.Select(IPNetwork.Parse).Select(n => (AddressKey.Of(n.BaseAddress).Value, AddressKey.Of(n.BaseAddress).Value + (1UL << (32 - n.PrefixLength)) - 1))];

    // All that are given out lie in 2000::/3.
    static readonly (ulong First, ulong Last)[] PrivateV6 = [(0, 0x1fff_ffff_ffff_ffff), (0x4000_0000_0000_0000, ulong.MaxValue)];

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
        foreach (var (from, to) in isV4 ? PrivateV4 : PrivateV6)
            if (first <= to && from <= last)
            {
                if (first < from)
                    Add(isV4, first, from - 1, value);
                if (last > to)
                    Add(isV4, to + 1, last, value);
                return;
            }
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
