using AffiliateSidecar.Tracking;
using AngleSharp.Dom;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Whether a page of the shop has the link to the program: there, to be seen, to the right address, and such that search engines follow it.</summary>
/// <param name="site">Base URL of the published site.</param>
/// <param name="pages">Pages of it that may be linked to.</param>
sealed class ShopDoor(Uri site, IReadOnlySet<string> pages)
{
    static readonly string[] Unseen = ["display:none", "visibility:hidden", "opacity:0;", "font-size:0;", "font-size:0px"];

    const string Who = "Whoever edits the shop's theme: ";

    public IEnumerable<PresenceCheck> Check(LiveAnswer answer)
    {
        var url = answer.Url;
        if (answer.Status != 200)
        {
            yield return PresenceCheck.Unknown("shop-page", url, answer.Said, "status 200", "Whoever runs the shop: this page must answer, also to this machine. Is it the address of a page? Sidecar:Shops and Sidecar:Site:ProductUrl name it.");
            yield break;
        }
        using var document = answer.Document();
        var links = document.QuerySelectorAll("a[href]").Select(a => (Element: a, Target: Target(url, a))).Where(l => l.Target is { } t && IsOurs(t)).ToList();
        // A link that does everything right stands for all.
        var (link, target) = links.OrderBy(l => (Hidden(l.Element) is null ? 0 : 4) + (IsRight(l.Target!) ? 0 : 2) + (Unfollowed(l.Element) is null ? 0 : 1)).FirstOrDefault();
        yield return PresenceCheck.Of("door-present", url, link is not null, link is null ? "no link to the program" : link.OuterHtml[..Math.Min(200, link.OuterHtml.Length)],
            $"a link to {site}", Who + "paste footer.html from the newest build of the site into the footer of every page.");
        if (link is null)
            yield break;
        var hidden = Hidden(link);
        yield return PresenceCheck.Of("door-visible", url, hidden is null, hidden ?? "visible", "a link that visitors see", Who + "show the link: search engines take hidden links for a trick.");
        yield return PresenceCheck.Of("door-address", url, IsRight(target!), target!.GetLeftPart(UriPartial.Path), "a page of the site, by its canonical address",
            Who + "paste footer.html anew: the address has changed, or was never a page.");
        var unfollowed = Unfollowed(link) ?? (Says(Meta(document) + ", " + answer.Robots, "nofollow") ? "the whole page is nofollow" : null);
        yield return PresenceCheck.Of("door-followed", url, unfollowed is null, unfollowed ?? "followed", "no nofollow, sponsored or ugc", Who + "take the word out of rel: this link is the shop's own recommendation.");
        if (document.QuerySelector("script[src*='/widget/v1/footer.'][integrity]") is { } script)
            yield return PresenceCheck.Of("widget-version", url, script.GetAttribute("src")!.EndsWith(Script.Footer.VersionedName, StringComparison.Ordinal), script.GetAttribute("src")!, Script.Footer.VersionedName,
                Who + "paste widget.html anew. Until then the link works, undecorated and uncounted.");
    }

    /// <summary>The first address on the page that looks like a product's.</summary>
    public static Uri? Product(LiveAnswer home)
    {
        using var document = home.Document();
        return document.QuerySelectorAll("a[href]").Select(a => Target(home.Url, a)).FirstOrDefault(t => t is not null && t.Host == home.Url.Host && t.AbsolutePath.Contains("/product/", StringComparison.Ordinal));
    }

    static Uri? Target(Uri page, IElement link) => Uri.TryCreate(page, link.GetAttribute("href"), out var target) && target.Scheme is "http" or "https" ? target : null;

    bool IsOurs(Uri target) => target.Host.Equals(site.Host, StringComparison.OrdinalIgnoreCase) && (site.AbsolutePath == "/" ? target.Port == site.Port || target.Query.Contains(SignupSource.Campaign, StringComparison.Ordinal)
        : (target.AbsolutePath + "/").StartsWith(site.AbsolutePath, StringComparison.Ordinal));

    bool IsRight(Uri target) => pages.Contains(target.GetLeftPart(UriPartial.Path));

    /// <summary>By its own markup; what a style sheet hides takes a browser to see.</summary>
    static string? Hidden(IElement link)
    {
        for (var element = link; element is not null; element = element.ParentElement)
        {
            var style = (element.GetAttribute("style") ?? "").Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
            if (element.HasAttribute("hidden") || element.LocalName is "noscript" or "template" || element.GetAttribute("aria-hidden") == "true"
                || Unseen.Any(s => (style + ";").Contains(s, StringComparison.Ordinal)))
                return $"hidden by <{element.LocalName}{(style.Length > 0 ? $" style=\"{style}\"" : "")}>";
        }
        return link.TextContent.Trim().Length == 0 && link.QuerySelector("img[alt]:not([alt=''])") is null && string.IsNullOrWhiteSpace(link.GetAttribute("aria-label")) ? "a link without a text" : null;
    }

    static string? Unfollowed(IElement link) => (link.GetAttribute("rel") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(r => r.ToLowerInvariant() is "nofollow" or "sponsored" or "ugc") is { } word ? $"rel=\"{word}\"" : null;

    public static string Meta(IDocument document) => string.Join(", ", document.QuerySelectorAll("meta[name=robots i], meta[name=googlebot i]").Select(m => m.GetAttribute("content")));

    /// <summary>Whether robots directives say a word; <c>none</c> says both.</summary>
    public static bool Says(string directives, string word) => directives.ToLowerInvariant().Split(',', ':', ' ').Any(d => d == word || d == "none");
}
