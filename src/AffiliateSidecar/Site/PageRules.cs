using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>What search engines show of a page must fit: a build with a page that breaks this fails.</summary>
static class PageRules
{
    public const int TitleMin = 15, TitleMax = 60, DescriptionMin = 50, DescriptionMax = 160;

    /// <summary>Bytes of the one script a page may have.</summary>
    public const int ScriptMax = 1024;

    /// <exception cref="PageException">One line a page.</exception>
    public static void Check(SitePlan plan)
    {
        string[] wrong =
        [
            .. plan.Pages.SelectMany(page => Lengths(page.Title, page.Description).Select(m => $"{page.File}: {m} A shorter Sidecar:Site:Name may help.")),
            .. plan.Pages.Where(p => p.Indexable).GroupBy(p => (p.Language.Code, p.Title)).Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(p => p.File))} have the same title '{g.Key.Title}'."),
            .. plan.Pages.Where(p => p.Indexable).GroupBy(p => (p.Language.Code, p.Description)).Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(p => p.File))} have the same description '{g.Key.Description}'."),
            .. plan.Pages.GroupBy(p => p.File, StringComparer.Ordinal).Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(p => p.Template))} both write {g.Key}."),
        ];
        if (wrong.Length > 0)
            throw new PageException(string.Join('\n', wrong));
    }

    /// <summary>For pages of templates and of data.</summary>
    public static IEnumerable<string> Lengths(string title, string description)
    {
        if (title.Length is < TitleMin or > TitleMax)
            yield return $"the title has {title.Length} characters, not {TitleMin} to {TitleMax}: '{title}'.";
        if (description.Length is < DescriptionMin or > DescriptionMax)
            yield return $"the description has {description.Length} characters, not {DescriptionMin} to {DescriptionMax}: '{description}'.";
    }
}
