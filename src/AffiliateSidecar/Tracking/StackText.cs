using System.Buffers;

namespace AffiliateSidecar.Tracking;

/// <summary>Text of a bounded length on the stack.</summary>
ref struct StackText(Span<char> room)
{
    readonly Span<char> room = room;

    public int Length { get; set; }

    /// <summary>False where it does not fit; nothing is added then.</summary>
    public bool Add(scoped ReadOnlySpan<char> text)
    {
        if (!text.TryCopyTo(room[Length..]))
            return false;
        Length += text.Length;
        return true;
    }

    /// <summary>Adds the text with every other character percent-encoded.</summary>
    public bool AddEncoded(scoped ReadOnlySpan<char> text, SearchValues<char> allowed)
    {
        var plain = text.IndexOfAnyExcept(allowed);
        if (plain < 0)
            return Add(text);
        if (!Add(text[..plain]))
            return false;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text[plain..].EnumerateRunes())
        {
            if (rune.IsAscii && allowed.Contains((char)rune.Value))
            {
                if (!Add([(char)rune.Value]))
                    return false;
                continue;
            }
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                if (!Add(['%', Hex(value >> 4), Hex(value & 15)]))
                    return false;
        }
        return true;
    }

    static char Hex(int digit) => "0123456789ABCDEF"[digit];

    public override readonly string ToString() => new(room[..Length]);
}
