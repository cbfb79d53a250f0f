using System.Buffers;
using System.Text;

namespace AffiliateSidecar.Site;

/// <summary>A text from outside as one line: no control characters, no line separators that scripts trip over, nothing that turns the direction of what follows.</summary>
static class PlainText
{
    static readonly SearchValues<char> Unwanted = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0x200b, 0x2028, 0x2029, 0x061c, 0xfeff, 0xfffe, 0xffff]).Concat(Enumerable.Range(0x202a, 5)).Concat(Enumerable.Range(0x2060, 16))
            .Concat(Enumerable.Range(0xe000, 16)).Select(c => (char)c)]);

    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAny(Unwanted) && !HasLoneSurrogate(text))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.IsBmp && Unwanted.Contains((char)rune.Value))
                clean.Append(rune.Value is '\t' or '\n' or '\r' or 0x2028 or 0x2029 ? " " : "");
            else
                clean.Append(rune.ToString());
        return clean.ToString().Trim();
    }

    /// <summary>Markup without what no page may have in it, and without the marks that rendering works with.</summary>
    public static string Markup(string html) => !html.AsSpan().ContainsAny(Forbidden) && !HasLoneSurrogate(html)
        ? html
        : string.Concat(html.EnumerateRunes().Where(r => !(r.IsBmp && Forbidden.Contains((char)r.Value))).Select(r => r.ToString()));

    static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\n' or '\r')).Concat(Enumerable.Range(0x7f, 0x21)).Concat([0xfffe, 0xffff]).Concat(Enumerable.Range(0xe000, 16)).Select(c => (char)c)]);

    static bool HasLoneSurrogate(string text) => text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') && text.EnumerateRunes().Any(r => r == Rune.ReplacementChar);
}
