using System.Buffers.Binary;
using System.Numerics;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// MD5 (RFC 1321) of many short texts. The system's has to be asked for anew for each of them, which takes five times as long as the hash itself, and an
/// order with all its rows has thirty.
/// </summary>
static class ShortMd5
{
    const int Block = 64;

    static readonly uint[] Sines = [.. Enumerable.Range(1, 64).Select(i => (uint)(long)(Math.Abs(Math.Sin(i)) * 4294967296.0))];
    static readonly int[] Turns = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];

    /// <summary>So many bytes of room does a text of this length need.</summary>
    public static int Room(int length) => (length + 8) / Block * Block + Block;

    /// <summary>The first half of the hash, as a number.</summary>
    /// <param name="text">With its <see cref="Room"/>, which is filled up.</param>
    public static ulong Of(Span<byte> text, int length)
    {
        text = text[..Room(length)];
        text[length..].Clear();
        text[length] = 0x80;
        BinaryPrimitives.WriteInt64LittleEndian(text[^8..], length * 8L);
        var (a, b, c, d) = (0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u);
        Span<uint> words = stackalloc uint[Block / 4];
        for (; text.Length > 0; text = text[Block..])
        {
            for (var i = 0; i < words.Length; i++)
                words[i] = BinaryPrimitives.ReadUInt32LittleEndian(text[(i * 4)..]);
            Add(words, ref a, ref b, ref c, ref d);
        }
        return (ulong)BinaryPrimitives.ReverseEndianness(a) << 32 | BinaryPrimitives.ReverseEndianness(b);
    }

    static void Add(ReadOnlySpan<uint> words, ref uint first, ref uint second, ref uint third, ref uint fourth)
    {
        var (a, b, c, d) = (first, second, third, fourth);
        for (var i = 0; i < 16; i++)
            Turn((b & c) | (~b & d), words[i], i);
        for (var i = 16; i < 32; i++)
            Turn((d & b) | (~d & c), words[((5 * i) + 1) & 15], i);
        for (var i = 32; i < 48; i++)
            Turn(b ^ c ^ d, words[((3 * i) + 5) & 15], i);
        for (var i = 48; i < 64; i++)
            Turn(c ^ (b | ~d), words[7 * i & 15], i);
        first += a;
        second += b;
        third += c;
        fourth += d;

        void Turn(uint mixed, uint word, int i) =>
            (a, b, c, d) = (d, b + BitOperations.RotateLeft(a + mixed + Sines[i] + word, Turns[((i >> 4) << 2) | (i & 3)]), b, c);
    }
}
