using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.ReferenceData;

/// <summary>
/// The agents of declared bots. Most patterns are plain words, found in one pass over the agent; the few others are one regular expression.
/// </summary>
sealed class CrawlerPatterns
{
    public static CrawlerPatterns None { get; } = new([], []);

    readonly SearchValues<string> words;
    readonly Regex? patterns;

    CrawlerPatterns(List<string> words, List<string> patterns)
    {
        this.words = SearchValues.Create([.. words], StringComparison.Ordinal);
        this.patterns = patterns.Count == 0 ? null : new Regex(string.Join('|', patterns.Select(p => $"(?:{p})")), RegexOptions.CultureInvariant);
        Count = words.Count + patterns.Count;
    }

    public int Count { get; }

    public bool Match(string agent) => agent.AsSpan().ContainsAny(words) || patterns?.IsMatch(agent) == true;

    public static CrawlerPatterns Read(Stream stream)
    {
        List<string> words = [], rest = [];
        foreach (var pattern in TextLines.Of(stream))
            if (PlainWord(pattern) is { } word)
                words.Add(word);
            else
                rest.Add(pattern);
        try
        {
            return new(words, rest);
        }
        catch (RegexParseException e)
        {
            throw new InvalidDataException($"a pattern is not a regular expression: {e.Message}");
        }
    }

    /// <summary>Null where the pattern is more than an escaped word.</summary>
    static string? PlainWord(string pattern)
    {
        var word = new StringBuilder(pattern.Length);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length && !char.IsAsciiLetterOrDigit(pattern[i + 1]))
                i++;
            else if (@"\^$.|?*+()[]{}".Contains(pattern[i]))
                return null;
            word.Append(pattern[i]);
        }
        return word.ToString();
    }
}
