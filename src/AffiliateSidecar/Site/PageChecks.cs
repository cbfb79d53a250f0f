using System.Text.RegularExpressions;
using AffiliateSidecar.Templates;
using AngleSharp.Dom;

namespace AffiliateSidecar.Site;

/// <summary>The checks of one page.</summary>
static partial class PageChecks
{
    public static IEnumerable<Finding> Check(BuiltSite site, BuiltPage page) =>
    [
        .. Head(page), .. Search(site, page), .. Body(page), .. Links(site, page),
    ];

    static IEnumerable<Finding> Head(BuiltPage page)
    {
        Finding Wrong(string check, string found, string expected) => new(page.Path, check, found, expected);
        var title = page.Document.Title ?? "";
        if (title.Length is < PageRules.TitleMin or > PageRules.TitleMax)
            yield return Wrong("title", $"{title.Length} characters", $"{PageRules.TitleMin} to {PageRules.TitleMax}");
        var description = page.Meta("description");
        if (description.Length is < PageRules.DescriptionMin or > PageRules.DescriptionMax)
            yield return Wrong("description", $"{description.Length} characters", $"{PageRules.DescriptionMin} to {PageRules.DescriptionMax}");
        var first = page.File.Split('/')[0];
        if (page.Language.Length == 0 || (page.File.Contains('/', StringComparison.Ordinal) && page.Language != first))
            yield return Wrong("lang", page.Language.Length == 0 ? "none" : page.Language, page.File.Contains('/', StringComparison.Ordinal) ? first : "a language");
        var direction = page.Document.DocumentElement.GetAttribute("dir") ?? "";
        var expected = page.Language is "fa" or "ar" or "he" or "ur" or "ckb" or "ps" ? "rtl" : "ltr";
        if (direction != expected)
            yield return Wrong("dir", direction.Length == 0 ? "none" : direction, expected);
    }

    static IEnumerable<Finding> Search(BuiltSite site, BuiltPage page)
    {
        if (!page.Indexable)
            yield break;
        var canonical = page.Document.QuerySelector("link[rel=canonical]")?.GetAttribute("href") ?? "none";
        if (canonical != page.Url)
            yield return new(page.Path, "canonical", canonical, page.Url);
        foreach (var (language, url) in page.Alternates)
            if (site.Find(url) is not { } other)
                yield return new(page.Path, "hreflang", $"{language} {url}", "a page of this site");
            else if (language != "x-default" && other.Alternates.All(a => a.Url != page.Url))
                yield return new(page.Path, "hreflang", $"{url} does not point back", $"a link from there to {page.Url}");
        if (page.Alternates.All(a => a.Url != page.Url))
            yield return new(page.Path, "hreflang", "the page itself is not listed", page.Url);
    }

    static IEnumerable<Finding> Body(BuiltPage page)
    {
        var headings = page.Document.QuerySelectorAll("h1").Length;
        if (headings != 1)
            yield return new(page.Path, "h1", $"{headings}", "1");
        foreach (var image in page.Document.QuerySelectorAll("img:not([alt])"))
            yield return new(page.Path, "alt", image.GetAttribute("src") ?? "an image", "an alt attribute");
        foreach (var input in page.Document.QuerySelectorAll("input:not([type=hidden])").Where(i => i.Closest("label") is null && page.Document.QuerySelector($"label[for='{i.Id}']") is null))
            yield return new(page.Path, "label", input.GetAttribute("name") ?? "an input", "a label");
        var left = Leftover().Match(StyleOrScript().Replace(page.Text, ""));
        if (left.Success)
            yield return new(page.Path, "template", left.Value, "no part of a template");
        if (page.Language == "fa" && PersianFault(page) is { } fault)
            yield return new(page.Path, "persian", fault, PersianText.Normalise(fault));
        var policy = page.Document.QuerySelector("meta[http-equiv=Content-Security-Policy]")?.GetAttribute("content") ?? "";
        foreach (var script in page.Document.QuerySelectorAll("script").Where(s => s.GetAttribute("type") != "application/ld+json"))
            if (script.HasAttribute("src") || script.TextContent.Length > PageRules.ScriptMax || !policy.Contains(PageStyle.HashOf(script.TextContent), StringComparison.Ordinal))
                yield return new(page.Path, "script", $"{script.GetAttribute("src") ?? "one"} of {script.TextContent.Length} bytes", $"none but what the policy names, at most {PageRules.ScriptMax} bytes");
    }

    /// <summary>In running text; code and scripts are not.</summary>
    static string? PersianFault(BuiltPage page) => page.Document.Body is null ? null : page.Document.Body.Descendants<AngleSharp.Dom.IText>()
        .Where(t => t.ParentElement?.Closest("code,pre,kbd,samp,script,style,textarea") is null).Select(t => PersianText.Fault(t.Data)).FirstOrDefault(f => f is not null);

    static IEnumerable<Finding> Links(BuiltSite site, BuiltPage page)
    {
        var here = new Uri(page.Url);
        foreach (var href in page.Document.QuerySelectorAll("a[href]").Select(a => a.GetAttribute("href")!).Distinct())
        {
            if (!Uri.TryCreate(here, href, out var target))
            {
                yield return new(page.Path, "link", href, "an address");
                continue;
            }
            var address = target.GetLeftPart(UriPartial.Path);
            if (!address.StartsWith(site.BaseUrl, StringComparison.Ordinal))
                continue;
            var path = Uri.UnescapeDataString(address[site.BaseUrl.Length..]);
            if (!site.Files.Contains(path.Length == 0 || path.EndsWith('/') ? path + "index.html" : path))
                yield return new(page.Path, "link", href, "a file of this site");
            else if (target.Fragment.Length > 1 && site.Find(address) is { } other && other.Document.GetElementById(target.Fragment[1..]) is null)
                yield return new(page.Path, "link", href, $"an element with the id {target.Fragment[1..]}");
        }
    }

    [GeneratedRegex(@"\{\{|\}\}|\{[a-z_]+\}")]
    private static partial Regex Leftover();

    [GeneratedRegex("<(style|script)[^>]*>.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex StyleOrScript();
}
