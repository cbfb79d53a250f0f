using System.Text;

namespace AffiliateSidecar.Tracking;

/// <summary>Text from outside as it goes into a column: without control characters, whole characters only, cut to size.</summary>
static class StoredText
{
    public static string? Of(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (text.Length <= longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var kept = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength > longest)
                break;
            if (!Rune.IsControl(rune))
                kept.Append(rune);
        }
        return kept.ToString();
    }
}
