using System.Numerics;
using System.Text;

namespace AffiliateSidecar.ReferenceData;

/// <summary>
/// What holds for ranges of addresses, as sorted beginnings: each range reaches to the next. In a file it is the beginnings' differences,
/// which compress to a fifth of a general address database, and in memory six bytes a range.
/// </summary>
sealed class RangeTable
{
    public static RangeTable None { get; } = new([""], new([], []), new([], []));

    const string Magic = "AFR1";

    // More than all prefixes that are announced in the world.
    const int Most = 5_000_000;

    // The first value is "", for ranges of which nothing is known.
    readonly string[] values;
    readonly Family<uint> v4;
    readonly Family<ulong> v6;

    RangeTable(string[] values, Family<uint> v4, Family<ulong> v6) => (this.values, this.v4, this.v6) = (values, v4, v6);

    sealed record Family<T>(T[] Starts, ushort[] Values) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public int Find(T key)
        {
            var at = Array.BinarySearch(Starts, key);
            return at >= 0 ? Values[at] : at == -1 ? 0 : Values[~at - 1];
        }

        public void Write(BinaryWriter writer)
        {
            writer.Write7BitEncodedInt(Starts.Length);
            var before = T.Zero;
            foreach (var start in Starts)
            {
                writer.Write7BitEncodedInt64(long.CreateTruncating(start - before));
                before = start;
            }
            foreach (var value in Values)
                writer.Write7BitEncodedInt(value);
        }

        public static Family<T> Read(BinaryReader reader, int values)
        {
            var length = Length(reader, Most);
            var family = new Family<T>(new T[length], new ushort[length]);
            var before = 0UL;
            for (var i = 0; i < family.Starts.Length; i++)
            {
                var start = before + (ulong)reader.Read7BitEncodedInt64();
                if (start > ulong.CreateTruncating(T.MaxValue) || (i > 0 && start <= before))
                    throw Damaged();
                family.Starts[i] = T.CreateTruncating(start);
                before = start;
            }
            for (var i = 0; i < family.Values.Length; i++)
                family.Values[i] = reader.Read7BitEncodedInt() is var value && (uint)value < values ? (ushort)value : throw Damaged();
            return family;
        }
    }

    public int Count => v4.Starts.Length + v6.Starts.Length;

    public string? Find(AddressKey key)
    {
        var value = key.IsV4 ? v4.Find((uint)key.Value) : v6.Find(key.Value);
        return value == 0 ? null : values[value];
    }

    public static RangeTable Of(string[] values, (ulong Start, ushort Value)[] v4, (ulong Start, ushort Value)[] v6) => new(values,
        new([.. v4.Select(r => (uint)r.Start)], [.. v4.Select(r => r.Value)]), new([.. v6.Select(r => r.Start)], [.. v6.Select(r => r.Value)]));

    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write7BitEncodedInt(values.Length);
        foreach (var value in values)
            writer.Write(value);
        v4.Write(writer);
        v6.Write(writer);
    }

    public static RangeTable Read(Stream stream)
    {
        using var reader = new BinaryReader(new BufferedStream(stream, 1 << 16), Encoding.UTF8);
        try
        {
            if (reader.ReadString() != Magic)
                throw new InvalidDataException("it is not a table of address ranges.");
            var values = new string[Length(reader, ushort.MaxValue + 1)];
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.ReadString();
            var table = new RangeTable(values, Family<uint>.Read(reader, values.Length), Family<ulong>.Read(reader, values.Length));
            return values is ["", ..] && reader.BaseStream.ReadByte() < 0 ? table : throw Damaged();
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw Damaged();
        }
    }

    static int Length(BinaryReader reader, int most) => reader.Read7BitEncodedInt() is var n && (uint)n <= most ? n : throw Damaged();

    static InvalidDataException Damaged() => new("it is damaged.");
}
