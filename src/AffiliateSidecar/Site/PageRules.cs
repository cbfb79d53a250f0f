using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>What search engines show of a page must fit: a build with a page that breaks this fails.</summary>
static class PageRules
{
    public const int TitleMin = 15, TitleMax = 60, DescriptionMin = 50, DescriptionMax = 160;

    /// <exception cref="PageException">One line a page.</exception>
    public static void Check(SitePlan plan)
    {
        string[] wrong =
        [
            .. plan.Pages.SelectMany(page => Lengths(page)),
            .. plan.Pages.Where(p => p.Indexable).GroupBy(p => (p.Language.Code, p.Title)).Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(p => p.File))} have the same title '{g.Key.Title}'."),
            .. plan.Pages.GroupBy(p => p.File, StringComparer.Ordinal).Where(g => g.Count() > 1)
                .Select(g => $"{string.Join(" and ", g.Select(p => p.Template))} both write {g.Key}."),
        ];
        if (wrong.Length > 0)
            throw new PageException(string.Join('\n', wrong));
    }

    static IEnumerable<string> Lengths(Page page)
    {
        if (page.Title.Length is < TitleMin or > TitleMax)
            yield return $"{page.File}: the title has {page.Title.Length} characters, not {TitleMin} to {TitleMax}: '{page.Title}'. A shorter Sidecar:Site:Name may help.";
        if (page.Description.Length is < DescriptionMin or > DescriptionMax)
            yield return $"{page.File}: the description has {page.Description.Length} characters, not {DescriptionMin} to {DescriptionMax}: '{page.Description}'.";
    }
}
