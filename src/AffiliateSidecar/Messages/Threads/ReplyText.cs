using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using MimeKit;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>What somebody has written into his answer, without what he answers to.</summary>
static partial class ReplyText
{
    const int Longest = 20_000;

    public static string Of(MimeMessage mail)
    {
        var text = mail.TextBody is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : mail.HtmlBody is { } html ? Plain(html) : "";
        text = Trim(text);
        return text.Length > Longest ? text[..Longest] + " […]" : text;
    }

    /// <summary>Cut at the line that introduces the quotation, and at the signature. Answers between quoted lines stay with what they answer.</summary>
    public static string Trim(string text)
    {
        List<string> lines = [.. text.ReplaceLineEndings("\n").Replace("\0", "", StringComparison.Ordinal).Split('\n').Select(l => l.TrimEnd())];
        if (lines.IndexOf("--") is >= 0 and var signature)
            lines = lines[..signature];
        for (var i = 0; i < lines.Count; i++)
            if (IsIntroduction(lines, i) && !AnswersBetween(lines, i))
            {
                lines = lines[..i];
                break;
            }
        while (lines.Count > 0 && (lines[^1].Length == 0 || lines[^1].StartsWith('>')))
            lines.RemoveAt(lines.Count - 1);
        return string.Join('\n', lines).Trim();
    }

    /// <summary>"On Monday, Tea House wrote:" in many languages, on one line or two, or the head that Outlook copies.</summary>
    static bool IsIntroduction(List<string> lines, int i) =>
        Separator().IsMatch(lines[i]) || (CopiedHead().IsMatch(lines[i]) && i + 1 < lines.Count && CopiedHead().IsMatch(lines[i + 1]))
        || Wrote().IsMatch(lines[i]) && (Dated().IsMatch(lines[i]) || lines[i].Contains('@')) || (i + 1 < lines.Count && Dated().IsMatch(lines[i]) && lines[i].Length > 20 && Wrote().IsMatch(lines[i + 1]) && lines[i + 1].Length < 80);

    static bool AnswersBetween(List<string> lines, int introduction)
    {
        var rest = lines.Skip(introduction + 1).ToList();
        var quoted = rest.FindIndex(l => l.StartsWith('>'));
        return quoted is >= 0 and <= 3 && rest.Skip(quoted).Any(l => l.Length > 0 && !l.StartsWith('>'));
    }

    static string Plain(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var quoted in document.QuerySelectorAll("blockquote, .gmail_quote, .moz-cite-prefix, .moz-signature, #divRplyFwdMsg, #divRplyFwdMsg ~ *, script, style, head").ToList())
            quoted.Remove();
        foreach (var end in document.QuerySelectorAll("br, p, div, li, tr, h1, h2, h3").ToList())
            end.After(document.CreateTextNode("\n"));
        return Blanks().Replace(document.Body?.TextContent ?? "", "\n\n");
    }

    [GeneratedRegex(@"^\s*(-{2,}\s*(Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|پیام اصلی).*|_{20,})\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Separator();

    [GeneratedRegex(@"^\s*\*?(From|Sent|To|Von|Gesendet|De|Envoyé|از|ارسال‌شده|تاریخ)\s?:\*?\s.+", RegexOptions.IgnoreCase)]
    private static partial Regex CopiedHead();

    [GeneratedRegex(@"(wrote|schrieb.*|a écrit|escribió|ha scritto|schreef.*|نوشت|نوشته است|نوشته)\s?:\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Wrote();

    [GeneratedRegex(@"[\d۰-۹]{1,4}")]
    private static partial Regex Dated();

    [GeneratedRegex(@"\n\s*\n\s*")]
    private static partial Regex Blanks();
}
