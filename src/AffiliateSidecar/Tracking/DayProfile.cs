using System.Buffers;
using System.Runtime.InteropServices;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// One partner's day of clicks as a few hundred bytes: by hour, browser, country, referrer, landing and address. Adding the same clicks in another order,
/// or in other portions, gives the same bytes.
/// </summary>
sealed class DayProfile
{
    const byte Version = 1;

    readonly int[] hours = new int[24];
    ValueCounts agents = new(), countries = new(), referrers = new(), landings = new(), addresses = new();
    int invalid, hosted;

    public void AddInvalid() => invalid++;

    /// <param name="hour">Of the day, UTC.</param>
    /// <param name="agent">And the rest: see <see cref="ClickFacts"/>.</param>
    /// <param name="address">0: unknown.</param>
    public void Add(int hour, uint agent, uint country, uint referrer, Landing landing, uint address, bool isHosted)
    {
        hours[hour]++;
        agents.Add(agent);
        countries.Add(country);
        referrers.Add(referrer);
        landings.Add((uint)landing);
        if (address != 0)
            addresses.Add(address);
        if (isHosted)
            hosted++;
    }

    public DayFigures Figures(DateOnly day) => new()
    {
        Day = day, Hours = [.. hours], Invalid = invalid, Hosted = hosted, Agents = agents.Tallies(), Countries = countries.Tallies(), Referrers = referrers.Tallies(),
        Landings = landings.Tallies(), Addresses = addresses.Tallies(),
    };

    public byte[] Encode()
    {
        var lists = Lists;
        var bytes = ArrayPool<byte>.Shared.Rent(1 + (hours.Length + 2) * PackedNumbers.Longest + lists.Sum(l => l.Room));
        bytes[0] = Version;
        var length = 1;
        foreach (var count in (ReadOnlySpan<int>)[.. hours, invalid, hosted])
            length += PackedNumbers.Write(bytes.AsSpan(length), count);
        foreach (var list in lists)
            length += list.Write(bytes.AsSpan(length));
        var encoded = bytes[..length];
        ArrayPool<byte>.Shared.Return(bytes);
        return encoded;
    }

    /// <exception cref="InvalidDataException">Not the bytes of a profile.</exception>
    public static DayProfile Decode(byte[] bytes)
    {
        var profile = new DayProfile();
        var rest = Begin(bytes, profile.hours);
        (profile.invalid, profile.hosted) = (PackedNumbers.ReadInt(ref rest), PackedNumbers.ReadInt(ref rest));
        (profile.agents, profile.countries, profile.referrers) = (ValueCounts.Read(ref rest), ValueCounts.Read(ref rest), ValueCounts.Read(ref rest));
        (profile.landings, profile.addresses) = (ValueCounts.Read(ref rest), ValueCounts.Read(ref rest));
        return profile;
    }

    /// <summary>The figures of an encoded profile, without what adding to it would need: a replay reads thousands.</summary>
    /// <exception cref="InvalidDataException">Not the bytes of a profile.</exception>
    public static DayFigures Figures(byte[] bytes, DateOnly day)
    {
        var hours = new int[24];
        var rest = Begin(bytes, hours);
        return new DayFigures
        {
            Day = day, Hours = ImmutableCollectionsMarshal.AsImmutableArray(hours), Invalid = PackedNumbers.ReadInt(ref rest), Hosted = PackedNumbers.ReadInt(ref rest),
            Agents = ValueCounts.ReadTallies(ref rest), Countries = ValueCounts.ReadTallies(ref rest), Referrers = ValueCounts.ReadTallies(ref rest),
            Landings = ValueCounts.ReadTallies(ref rest), Addresses = ValueCounts.ReadTallies(ref rest),
        };
    }

    /// <summary>What follows the hours.</summary>
    static ReadOnlySpan<byte> Begin(ReadOnlySpan<byte> bytes, Span<int> hours)
    {
        if (bytes is not [Version, ..])
            throw new InvalidDataException("The profile of a day is of another version.");
        bytes = bytes[1..];
        foreach (ref var hour in hours)
            hour = PackedNumbers.ReadInt(ref bytes);
        return bytes;
    }

    public bool HasAddresses => addresses.Any;

    /// <summary>Addresses are kept for a while only.</summary>
    public void ForgetAddresses() => addresses.Clear();

    ValueCounts[] Lists => [agents, countries, referrers, landings, addresses];
}
