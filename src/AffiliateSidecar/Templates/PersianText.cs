using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.Templates;

/// <summary>
/// Running text as Persian is set: its own ی and ک and not the Arabic ones, its own digits and separators, the half space where a word is one.
/// Words with Latin letters in them, such as coupon codes and addresses, stay as they are. Doing it twice is doing it once.
/// </summary>
static partial class PersianText
{
    static readonly SearchValues<char> Suspicious = SearchValues.Create("يىك٠١٢٣٤٥٦٧٨٩0123456789"), Latin = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@#");

    public static string Normalise(string text)
    {
        if (text.AsSpan().ContainsAny(Suspicious))
            text = string.Concat(Words().Matches(text).Select(w => Word(w.Value)));
        if (text.Contains("می ", StringComparison.Ordinal))
            text = Prefix().Replace(text, "$1\u200c");
        return text.Contains(" ها", StringComparison.Ordinal) ? Suffix().Replace(text, "\u200c$1") : text;
    }

    /// <summary>What a reader would stumble over; null: nothing.</summary>
    public static string? Fault(string text) => Words().Matches(text).Select(w => w.Value).FirstOrDefault(w => Word(w) != w);

    static string Word(string word)
    {
        if (!word.AsSpan().ContainsAny(Suspicious))
            return word;
        var latin = word.AsSpan().ContainsAny(Latin);
        var text = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
            text.Append(word[i] switch
            {
                'ي' or 'ى' => 'ی',
                'ك' => 'ک',
                >= '٠' and <= '٩' => (char)(word[i] - '٠' + '۰'),
                >= '0' and <= '9' when !latin => (char)(word[i] - '0' + '۰'),
                ',' when !latin && IsBetweenDigits(word, i) => '٬',
                '.' when !latin && IsBetweenDigits(word, i) && word.IndexOf('.', i + 1) < 0 && word.LastIndexOf('.', i - 1) < 0 => '٫',
                '%' when !latin && i > 0 && char.IsDigit(word[i - 1]) => '٪',
                var other => other,
            });
        return text.ToString();
    }

    static bool IsBetweenDigits(string word, int at) => at > 0 && at + 1 < word.Length && char.IsDigit(word[at - 1]) && char.IsDigit(word[at + 1]);

    /// <summary>Words and what is between them. A character reference such as &amp;#39; is a word of its own and has a Latin sign in it.</summary>
    [GeneratedRegex(@"&#?\w+;|[^\s&]+|\s+|&")]
    private static partial Regex Words();

    /// <summary>می and نمی before their verb.</summary>
    [GeneratedRegex(@"(?<![\p{L}\u200c])(ن?می) (?=\p{L})")]
    private static partial Regex Prefix();

    /// <summary>The plural after its noun.</summary>
    [GeneratedRegex(@"(?<=\p{L}) (ها|های|هایی|هایم|هایت|هایش)(?![\p{L}\u200c])")]
    private static partial Regex Suffix();
}
