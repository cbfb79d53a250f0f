using System.Collections.Immutable;
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
    readonly Counts agents = new(), countries = new(), referrers = new(), landings = new(), addresses = new();
    int invalid, hosted;

    public void AddInvalid() => invalid++;

    /// <param name="hour">Of the day, UTC.</param>
    /// <param name="agent">And the rest: see <see cref="ClickFacts"/>.</param>
    /// <param name="address">0: unknown.</param>
    public void Add(int hour, uint agent, uint country, uint referrer, Landing landing, uint address, bool isHosted)
    {
        hours[hour]++;
        agents.Add(agent, 1);
        countries.Add(country, 1);
        referrers.Add(referrer, 1);
        landings.Add((uint)landing, 1);
        if (address != 0)
            addresses.Add(address, 1);
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
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        foreach (var count in hours)
            writer.Write7BitEncodedInt(count);
        writer.Write7BitEncodedInt(invalid);
        writer.Write7BitEncodedInt(hosted);
        foreach (var list in Lists)
            list.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">Not the bytes of a profile.</exception>
    public static DayProfile Decode(byte[] bytes) => Read(bytes, reader =>
    {
        var profile = new DayProfile();
        for (var hour = 0; hour < 24; hour++)
            profile.hours[hour] = reader.Read7BitEncodedInt();
        profile.invalid = reader.Read7BitEncodedInt();
        profile.hosted = reader.Read7BitEncodedInt();
        foreach (var list in profile.Lists)
            list.Read(reader);
        return profile;
    });

    /// <summary>The figures of an encoded profile, without what adding to it would need: a replay reads thousands.</summary>
    /// <exception cref="InvalidDataException">Not the bytes of a profile.</exception>
    public static DayFigures Figures(byte[] bytes, DateOnly day) => Read(bytes, reader =>
    {
        var hours = new int[24];
        for (var hour = 0; hour < 24; hour++)
            hours[hour] = reader.Read7BitEncodedInt();
        return new DayFigures
        {
            Day = day, Hours = ImmutableCollectionsMarshal.AsImmutableArray(hours), Invalid = reader.Read7BitEncodedInt(), Hosted = reader.Read7BitEncodedInt(), Agents = Counts.ReadTallies(reader),
            Countries = Counts.ReadTallies(reader), Referrers = Counts.ReadTallies(reader), Landings = Counts.ReadTallies(reader), Addresses = Counts.ReadTallies(reader),
        };
    });

    static T Read<T>(byte[] bytes, Func<BinaryReader, T> read)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        try
        {
            return reader.ReadByte() == Version ? read(reader) : throw new InvalidDataException("The profile of a day is of another version.");
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidDataException("The profile of a day is cut off.", e);
        }
    }

    public bool HasAddresses => addresses.Any;

    /// <summary>Addresses are kept for a while only.</summary>
    public void ForgetAddresses() => addresses.Clear();

    Counts[] Lists => [agents, countries, referrers, landings, addresses];

    /// <summary>
    /// Counts by value. Of a day with very many values a fixed part is kept, chosen by the values themselves: so the order in which they come
    /// makes no difference, and no flood of made-up browsers fills the table.
    /// </summary>
    sealed class Counts
    {
        const int Most = 4096;

        readonly Dictionary<uint, int> counts = [];
        int level;

        public bool Any => counts.Count > 0;

        public void Add(uint value, int clicks)
        {
            if (!IsKept(value))
                return;
            counts[value] = counts.GetValueOrDefault(value) + clicks;
            while (counts.Count > Most)
            {
                level++;
                foreach (var old in counts.Keys.Where(v => !IsKept(v)).ToList())
                    counts.Remove(old);
            }
        }

        public void Clear()
        {
            level = 0;
            counts.Clear();
        }

        public ImmutableArray<Tally> Tallies() => [.. counts.OrderBy(c => c.Key).Select(c => new Tally(c.Key, c.Value))];

        public void Write(BinaryWriter writer)
        {
            writer.Write7BitEncodedInt(level);
            writer.Write7BitEncodedInt(counts.Count);
            var last = 0u;
            foreach (var (value, clicks) in counts.OrderBy(c => c.Key))
            {
                writer.Write7BitEncodedInt64(value - last);
                writer.Write7BitEncodedInt(clicks);
                last = value;
            }
        }

        public void Read(BinaryReader reader)
        {
            level = reader.Read7BitEncodedInt();
            var value = 0u;
            for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
                counts[value += (uint)reader.Read7BitEncodedInt64()] = reader.Read7BitEncodedInt();
        }

        public static ImmutableArray<Tally> ReadTallies(BinaryReader reader)
        {
            reader.Read7BitEncodedInt();
            var tallies = new Tally[reader.Read7BitEncodedInt()];
            var value = 0u;
            for (var i = 0; i < tallies.Length; i++)
                tallies[i] = new(value += (uint)reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt());
            return ImmutableCollectionsMarshal.AsImmutableArray(tallies);
        }

        // The lowest bits of a well mixed value, level by level.
        bool IsKept(uint value) => level == 0 || (value * 2654435761u >> 32 - level) == 0;
    }
}
