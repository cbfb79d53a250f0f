using System.Security.Cryptography;

namespace AffiliateSidecar.Storage;

/// <summary>
/// Opaque, prefixed ids that sort by age. Rows with a number of their own show it (<c>prt_0000000a</c>);
/// the others get 48 bits of milliseconds and 72 random bits.
/// </summary>
static class PublicId
{
    public const string Partner = "prt_", Click = "clk_", Order = "ord_", Commission = "com_", Key = "key_", Link = "lnk_", Transaction = "txn_", Audit = "aud_",
        Payout = "pay_", Adjustment = "adj_", Alert = "alr_", Mail = "mal_", Broadcast = "bct_";

    const int RandomBytes = 9;

    // The system's generator costs as much for a few bytes as for many: a third of the time in which an order is weighed, asked once an id.
    [ThreadStatic]
    static byte[]? random;

    [ThreadStatic]
    static int left;

    public static string New(string prefix, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[6 + RandomBytes];
        var millis = now.ToUnixTimeMilliseconds();
        for (var i = 0; i < 6; i++)
            bytes[i] = (byte)(millis >> (40 - 8 * i));
        Random().CopyTo(bytes[6..]);
        return prefix + Base32.Encode(bytes);
    }

    /// <summary>Bytes that nobody else gets.</summary>
    static ReadOnlySpan<byte> Random()
    {
        random ??= new byte[64 * RandomBytes];
        if (left == 0)
        {
            RandomNumberGenerator.Fill(random);
            left = random.Length;
        }
        left -= RandomBytes;
        return random.AsSpan(left, RandomBytes);
    }

    public static string Of(string prefix, int number)
    {
        Span<byte> bytes = [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number, 0];
        return prefix + Base32.Encode(bytes);
    }

    /// <summary>The number inside, or null where the text is no such id.</summary>
    public static int? NumberOf(string prefix, string? id) =>
        id is not null && id.StartsWith(prefix, StringComparison.Ordinal) && Base32.TryDecode(id.AsSpan(prefix.Length), out var bytes)
        && bytes is [var a, var b, var c, var d, 0]
            ? (a << 24) | (b << 16) | (c << 8) | d
            : null;
}

/// <summary>RFC 4648 base32hex in lower case, without padding: the text sorts as the bytes do.</summary>
static class Base32
{
    const string Alphabet = "0123456789abcdefghijklmnopqrstuv";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0, bits = 0, at = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            bits += 8;
            while (bits >= 5)
                text[at++] = Alphabet[(buffer >> (bits -= 5)) & 31];
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0)
            text[at++] = Alphabet[(buffer << (5 - bits)) & 31];
        return new string(text[..at]);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length * 5 / 8];
        int buffer = 0, bits = 0, at = 0;
        foreach (var c in text)
        {
            var value = c switch { >= '0' and <= '9' => c - '0', >= 'a' and <= 'v' => c - 'a' + 10, _ => -1 };
            if (value < 0)
                return false;
            buffer = (buffer << 5) | value;
            bits += 5;
            if (bits >= 8)
                bytes[at++] = (byte)(buffer >> (bits -= 8));
            buffer &= (1 << bits) - 1;
        }
        // Left-over bits must be zero, or two texts would mean the same bytes.
        return buffer == 0;
    }
}
