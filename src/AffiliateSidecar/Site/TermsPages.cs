using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>What templates can name of the terms' versions: <c>terms.version</c>, <c>terms.coming</c>, <c>terms.versions</c>, and on the page of a version its lines.</summary>
sealed class TermsPages(IReadOnlyList<TermsVersion> all, DateTimeOffset now)
{
    public const string Template = "layouts/terms-version.html";

    public static TermsPages None { get; } = new([], DateTimeOffset.UnixEpoch);

    /// <summary>The one in force; null before the first.</summary>
    TermsVersion? Current => all.LastOrDefault(t => t.EffectiveAt <= now);

    /// <summary>A page for each version, in every language; not for search engines, which shall find the terms in force.</summary>
    public IEnumerable<Page> Pages(Wording words) => all.Select(t => new Page(NameOf(t.Version), words.Language, Template, $"{words.Language.Code}/terms/{t.Version}/index.html",
        $"{words["terms.title"]}, {words.Language.Number(t.Version)}", words["terms.history.description"], null, false));

    static string NameOf(int version) => $"terms-v{version}";

    public ScriptObject Values(Language language, string page, Func<string, string> link)
    {
        var coming = all.LastOrDefault(t => t.EffectiveAt > now && t.Version > (Current?.Version ?? 0));
        var values = new ScriptObject
        {
            ["version"] = Current is { } current ? language.Number(current.Version) : null,
            ["since"] = Current is { } since ? Language.IsoDay(since.EffectiveAt) : null,
            ["since_text"] = Current is { } day ? language.Date(day.EffectiveAt) : null,
            ["coming"] = coming is null ? null : Entry(coming, language, link),
            ["versions"] = new ScriptArray(all.Reverse().Select(t => Entry(t, language, link))),
            ["shown"] = null,
        };
        if (all.FirstOrDefault(t => NameOf(t.Version) == page) is { } shown)
            values["shown"] = Shown(shown, language, link);
        return values;
    }

    ScriptObject Entry(TermsVersion terms, Language language, Func<string, string> link) => new()
    {
        ["number"] = language.Number(terms.Version), ["since"] = Language.IsoDay(terms.EffectiveAt), ["since_text"] = language.Date(terms.EffectiveAt), ["href"] = link(NameOf(terms.Version)),
        ["current"] = terms == Current, ["coming"] = terms.EffectiveAt > now,
    };

    ScriptObject Shown(TermsVersion shown, Language language, Func<string, string> link)
    {
        var before = all.LastOrDefault(t => t.Version < shown.Version);
        var (old, lines) = (Lines(before, language), Lines(shown, language));
        var values = Entry(shown, language, link);
        values["before"] = before is null ? null : language.Number(before.Version);
        values["lines"] = new ScriptArray(Paired(before is null ? [.. lines.Select(l => new DiffPart<TermsLine>("same", l))] : TextDiff.Of(old, lines)));
        return values;
    }

    /// <summary>A line that has another in its place is shown once, with the words that differ.</summary>
    static IEnumerable<ScriptObject> Paired(IReadOnlyList<DiffPart<TermsLine>> parts)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            var part = parts[i];
            var replaced = part.What == "gone" && i + 1 < parts.Count && parts[i + 1].What == "new" && parts[i + 1].Value.Kind == part.Value.Kind;
            var words = replaced ? TextDiff.Of(part.Value.Text.Split(' '), parts[++i].Value.Text.Split(' ')) : [new DiffPart<string>(part.What, part.Value.Text)];
            yield return new()
            {
                ["heading"] = part.Value.Kind is "h1" or "h2" or "h3",
                ["words"] = new ScriptArray(words.GroupAdjacent(w => w.What).Select(g => new ScriptObject { ["what"] = g.Key, ["text"] = string.Join(' ', g.Items.Select(w => w.Value)) })),
            };
        }
    }

    static IReadOnlyList<TermsLine> Lines(TermsVersion? terms, Language language) => terms?.Texts.ByLanguage.GetValueOrDefault(language.Code) ?? [];
}

static class Adjacent
{
    public static IEnumerable<(TKey Key, List<T> Items)> GroupAdjacent<T, TKey>(this IEnumerable<T> items, Func<T, TKey> key)
    {
        (TKey Key, List<T> Items)? group = null;
        foreach (var item in items)
        {
            if (group is { } open && Equals(open.Key, key(item)))
                open.Items.Add(item);
            else
            {
                if (group is { } done)
                    yield return done;
                group = (key(item), [item]);
            }
        }
        if (group is { } last)
            yield return last;
    }
}
