using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.Tracking;

/// <summary>A user agent as it is stored, and whether it declares itself a bot.</summary>
sealed record Agent(string Text, bool IsBot);

/// <summary>
/// Tells declared bots by the list in crawler-user-agents.txt. Most of its patterns are plain words, found in one pass over the
/// agent; the few others are one regular expression. Agents are seen again and again, so verdicts are remembered.
/// </summary>
sealed class Agents
{
    public const int LongestAgent = 512;
    const int Remembered = 4096;

    static readonly Lazy<(SearchValues<string> Words, Regex Patterns)> List = new(Load);

    readonly ConcurrentDictionary<string, Agent> known = new(StringComparer.Ordinal);

    /// <summary>A request without an agent is a program's.</summary>
    public Agent Find(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return Nobody;
        if (known.TryGetValue(userAgent, out var agent))
            return agent;
        var text = StoredText.Of(userAgent, LongestAgent)!;
        agent = new Agent(text, IsDeclared(text));
        // A long one may be made up to fill our memory: it is judged, and forgotten.
        if (userAgent.Length > LongestAgent)
            return agent;
        if (known.Count >= Remembered)
            known.Clear();
        return known[userAgent] = agent;
    }

    static Agent Nobody { get; } = new("", true);

    static bool IsDeclared(string text) =>
        text.Length == 0 || text.AsSpan().ContainsAny(List.Value.Words) || List.Value.Patterns.IsMatch(text);

    static (SearchValues<string> Words, Regex Patterns) Load()
    {
        using var file = typeof(Agents).Assembly.GetManifestResourceStream("crawler-user-agents.txt")!;
        using var reader = new StreamReader(file);
        List<string> words = [], rest = [];
        while (reader.ReadLine() is { } pattern)
            if (pattern.StartsWith("# ", StringComparison.Ordinal) || pattern is "#" or "")
                continue;
            else if (PlainWord(pattern) is { } word)
                words.Add(word);
            else
                rest.Add($"(?:{pattern})");
        return (SearchValues.Create([.. words], StringComparison.Ordinal), new Regex(string.Join('|', rest), RegexOptions.CultureInvariant));
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
