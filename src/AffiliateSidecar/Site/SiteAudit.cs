using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>Something on the built site that is not as it should be.</summary>
public sealed record Finding(string Page, string Check, string Found, string Expected);

/// <summary>Own checks on the output folder: it is what gets published, whoever wrote it.</summary>
static class SiteAudit
{
    /// <exception cref="PageException">There is no site of ours in the folder.</exception>
    public static IReadOnlyList<Finding> Check(string folder)
    {
        var record = SiteRecord.Read(folder) ?? throw new PageException($"{Path.GetFullPath(folder)} holds no site. Build it: affiliate-sidecar site build --out {folder}");
        using var site = new BuiltSite(folder, record);
        return
        [
            .. site.Pages.SelectMany(p => PageChecks.Check(site, p).Concat(FormChecks.Check(p)).Concat(LoadChecks.Check(site, p)).Concat(MarkupChecks.Check(site, p))),
            .. site.NoPages.Select(f => new Finding(f, "doctype", "none", "<!doctype html>")),
            .. Unique(site, "title", p => p.Document.Title ?? ""),
            .. Unique(site, "description", p => p.Meta("description")),
            .. CheckSitemap(site),
            .. Robots(site),
        ];
    }

    static IEnumerable<Finding> Unique(BuiltSite site, string check, Func<BuiltPage, string> text) => site.Pages.Where(p => p.Indexable)
        .GroupBy(p => (p.Language, text(p))).Where(g => g.Count() > 1)
        .Select(g => new Finding(g.First().Path, check, $"the same on {string.Join(", ", g.Skip(1).Select(p => p.Path))}", "its own on each page of a language"));

    static IEnumerable<Finding> CheckSitemap(BuiltSite site)
    {
        if (site.Sitemap.Count == 0)
            yield return new("sitemap.xml", "sitemap", "missing, empty or no XML", "a list of all indexable pages");
        foreach (var address in site.Sitemap.Keys.Where(a => site.Find(a) is null))
            yield return new("sitemap.xml", "sitemap", address, "a page of this site");
        foreach (var page in site.Pages.Where(p => p.Indexable != site.Sitemap.ContainsKey(p.Url)))
            yield return new(page.Path, "sitemap", page.Indexable ? "not listed" : "listed", page.Indexable ? "listed, because it is indexable" : "not listed, because it is noindex");
    }

    static IEnumerable<Finding> Robots(BuiltSite site)
    {
        var line = $"Sitemap: {site.BaseUrl}{Sitemap.FileName}";
        var file = Path.Combine(site.Folder, "robots.txt");
        if (!File.Exists(file) || !File.ReadLines(file).Contains(line))
            yield return new("robots.txt", "robots", File.Exists(file) ? "no such line" : "missing", line);
    }
}
