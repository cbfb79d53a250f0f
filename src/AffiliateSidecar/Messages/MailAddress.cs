using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.Messages;

/// <summary>What may stand in the head of a mail.</summary>
static partial class MailAddress
{
    /// <summary>One plain address: no list, no comment, no line break, nothing that a mail server could read as more than that.</summary>
    public static bool IsValid(string address) => address.Length <= 254 && Plain().IsMatch(address);

    /// <summary>A subject or a name on one line, whatever somebody has written into his name: what follows a line break would be a header of its own.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                line.Append(line.Length > 0 && line[^1] != ' ' ? " " : "");
            // Marks that turn the direction of text around would make one sender look like another; the two joiners are part of Persian words.
            else if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Format || rune.Value is 0x200C or 0x200D)
                line.Append(rune);
        return line.ToString().Trim();
    }

    [GeneratedRegex("""^[^\s\p{C}@"'(),:;<>\[\]\\]{1,64}@[^\s\p{C}@"'(),:;<>\[\]\\./]+(\.[^\s\p{C}@"'(),:;<>\[\]\\./]+)*$""")]
    private static partial Regex Plain();
}
