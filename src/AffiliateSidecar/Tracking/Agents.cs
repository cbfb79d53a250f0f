using System.Collections.Concurrent;
using AffiliateSidecar.ReferenceData;

namespace AffiliateSidecar.Tracking;

/// <summary>A user agent as it is stored, and whether it declares itself a bot.</summary>
sealed record Agent(string Text, bool IsBot);

/// <summary>Tells declared bots by the list of crawlers. Agents are seen again and again, so verdicts are remembered as long as the list is the same.</summary>
sealed class Agents(ReferenceFiles reference)
{
    public const int LongestAgent = 512;
    const int Remembered = 4096;

    sealed record Verdicts(CrawlerPatterns Crawlers, ConcurrentDictionary<string, Agent> Known);

    volatile Verdicts? verdicts;

    /// <summary>A request without an agent is a program's.</summary>
    public Agent Find(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return Nobody;
        var crawlers = reference.Crawlers.Value;
        if (verdicts is not { } current || current.Crawlers != crawlers)
            verdicts = current = new(crawlers, new(StringComparer.Ordinal));
        var known = current.Known;
        if (known.TryGetValue(userAgent, out var agent))
            return agent;
        var text = StoredText.Of(userAgent, LongestAgent)!;
        agent = new Agent(text, text.Length == 0 || crawlers.Match(text));
        // A long one may be made up to fill our memory: it is judged, and forgotten.
        if (userAgent.Length > LongestAgent)
            return agent;
        if (known.Count >= Remembered)
            known.Clear();
        return known[userAgent] = agent;
    }

    static Agent Nobody { get; } = new("", true);
}
