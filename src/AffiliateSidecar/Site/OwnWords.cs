using System.Text.RegularExpressions;

namespace AffiliateSidecar.Site;

/// <summary>
/// A page for an audience that says little of its own, or what another says already, is no page that a search engine wants: it stays for people
/// and is kept from the index.
/// </summary>
static partial class OwnWords
{
    const int Least = 150;
    const double MostShared = 0.5;

    /// <summary>The pages with those taken out of the index, and why.</summary>
    public static (IReadOnlyList<Page> Pages, IReadOnlyList<string> Notes) Judge(IReadOnlyList<Page> pages)
    {
        var notes = new List<string>();
        var reasons = new Dictionary<Page, string>();
        foreach (var language in pages.Where(p => p is { Indexable: true, Prose.Matter.Audience: not null }).GroupBy(p => p.Language.Code))
        {
            var kept = new List<(Page Page, HashSet<string> Triples)>();
            foreach (var page in language.OrderBy(p => p.Prose!.Matter.Order).ThenBy(p => p.Name, StringComparer.Ordinal))
            {
                var words = Word().Matches(page.Prose!.OwnText).Select(w => w.Value.ToLowerInvariant()).ToList();
                var triples = Enumerable.Range(0, Math.Max(0, words.Count - 2)).Select(i => $"{words[i]} {words[i + 1]} {words[i + 2]}").ToHashSet(StringComparer.Ordinal);
                var twin = kept.FirstOrDefault(k => triples.Count > 0 && triples.Count(k.Triples.Contains) > MostShared * triples.Count);
                if (words.Count < Least)
                    reasons[page] = $"it has {words.Count} words of its own, fewer than {Least}";
                else if (twin.Page is not null)
                    reasons[page] = $"more than half of its word triples are also in {twin.Page.Template}";
                else
                    kept.Add((page, triples));
            }
        }
        foreach (var (page, reason) in reasons)
            notes.Add($"{page.Template} is kept from search engines: {reason}.");
        return ([.. pages.Select(p => reasons.ContainsKey(p) ? p with { Indexable = false } : p)], notes);
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{Nd}\u200c]+")]
    private static partial Regex Word();
}
