using System.Xml.Linq;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Whether search engines can take in the signup page as it is published.</summary>
sealed class SignupPresence(LiveWeb web, Uri site)
{
    /// <summary>A page of the site is a quarter of this where its host compresses.</summary>
    const int Heavy = 16_384;

    const string Host = "Whoever runs the site's host: ", Builder = "Whoever runs this service: ";

    public async Task<IReadOnlyList<PresenceCheck>> CheckAsync(Uri page, IReadOnlySet<string> sitemap, CancellationToken cancel)
    {
        var answer = await web.GetAsync(page, cancel);
        var checks = new List<PresenceCheck>
        {
            PresenceCheck.Of("signup-answers", page, answer.Status == 200 && answer.Url == page, answer.Url == page ? answer.Said : $"{answer.Said} at {answer.Url}", "status 200, without a redirect",
                Host + "upload the newest build and see that this address shows it."),
            await RobotsAsync(page, cancel),
            PresenceCheck.Of("signup-in-sitemap", page, sitemap.Contains(page.AbsoluteUri), sitemap.Count == 0 ? "no sitemap" : "not among its addresses", "listed in the sitemap", Host + "upload sitemap.xml of the newest build too."),
        };
        if (answer.Status != 200)
            return checks;
        using var document = answer.Document();
        var robots = $"{ShopDoor.Meta(document)}, {answer.Robots}".Trim(',', ' ');
        var canonical = document.QuerySelector("link[rel=canonical]")?.GetAttribute("href") ?? "none";
        checks.Add(PresenceCheck.Of("signup-indexable", page, !ShopDoor.Says(robots, "noindex"), robots.Length == 0 ? "indexable" : robots, "no noindex",
            Host + "take noindex away. It stands in the page, or the host sends the field X-Robots-Tag."));
        checks.Add(PresenceCheck.Of("signup-canonical", page, canonical == page.AbsoluteUri, canonical, page.AbsoluteUri, Builder + "set Sidecar:Site:BaseUrl to where the site is read, build and upload it."));
        checks.Add(PresenceCheck.Of("signup-weight", page, answer.Bytes <= Heavy, $"{answer.Bytes} bytes", $"at most {Heavy}", Host + "turn on compression (Brotli or gzip) for HTML."));
        return checks;
    }

    /// <summary>RFC 9309: no such file, everything is allowed; a file that cannot be had forbids everything.</summary>
    async Task<PresenceCheck> RobotsAsync(Uri page, CancellationToken cancel)
    {
        var answer = await web.GetAsync(new Uri(page, "/robots.txt"), cancel);
        var rule = answer.Status is >= 400 and < 500 ? null : answer.Status != 200 ? answer.Said : RobotsTxt.Of(answer.Text, "Googlebot").Forbids(page.PathAndQuery);
        return PresenceCheck.Of("signup-allowed", page, rule is null, rule ?? "allowed", "allowed to search engines", $"{Host}correct {answer.Url}, which keeps search engines away.");
    }

    /// <summary>All addresses of the sitemap, through its index where there is one.</summary>
    public async Task<IReadOnlySet<string>> SitemapAsync(CancellationToken cancel)
    {
        var addresses = new HashSet<string>(StringComparer.Ordinal);
        var (files, pages) = Read(await web.GetAsync(new Uri(site, Sitemap.FileName), cancel));
        addresses.UnionWith(pages);
        foreach (var file in files.Take(50))
            if (Uri.TryCreate(site, file, out var url))
                addresses.UnionWith(Read(await web.GetAsync(url, cancel)).Pages);
        return addresses;
    }

    static (IEnumerable<string> Files, IEnumerable<string> Pages) Read(LiveAnswer answer)
    {
        try
        {
            var root = XDocument.Parse(answer.Text).Root!;
            var addresses = root.Elements().Elements().Where(e => e.Name.LocalName == "loc").Select(e => e.Value.Trim()).ToList();
            return root.Name.LocalName == "sitemapindex" ? (addresses, []) : ([], addresses);
        }
        catch (System.Xml.XmlException)
        {
            return ([], []);
        }
    }
}
