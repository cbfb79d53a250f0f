namespace AffiliateSidecar.Tracking;

/// <summary>Whole numbers in as few bytes as they need, seven bits a byte, the lowest first: those that are not negative.</summary>
static class PackedNumbers
{
    /// <summary>The longest number takes so many bytes.</summary>
    public const int Longest = 9;

    /// <exception cref="InvalidDataException">The bytes end within a number.</exception>
    public static long Read(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0L;
        for (var i = 0; i < bytes.Length && i < Longest; i++)
        {
            number |= (bytes[i] & 127L) << 7 * i;
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return number;
            }
        }
        throw new InvalidDataException("A number has no end.");
    }

    /// <exception cref="InvalidDataException">As above, or the number is larger than any count can be.</exception>
    public static int ReadInt(ref ReadOnlySpan<byte> bytes) =>
        Read(ref bytes) is >= 0 and <= int.MaxValue and var number ? (int)number : throw new InvalidDataException("A number is too large.");

    /// <summary>How many bytes it took.</summary>
    public static int Write(Span<byte> bytes, long number)
    {
        var length = 0;
        for (; number > 127; number >>= 7)
            bytes[length++] = (byte)(number | 128);
        bytes[length++] = (byte)number;
        return length;
    }
}
