using AngleSharp.Html.Dom;

namespace AffiliateSidecar.Site;

/// <summary>The output folder, read.</summary>
sealed class BuiltSite : IDisposable
{
    readonly Dictionary<string, BuiltPage> byUrl;

    public BuiltSite(string folder, SiteRecord record)
    {
        (Folder, BaseUrl) = (folder, record.BaseUrl);
        Sitemap = Site.Sitemap.Read(Path.Combine(folder, Site.Sitemap.FileName));
        Files = OutputFolder.Files(folder).ToHashSet(StringComparer.Ordinal);
        var documents = Files.Where(f => f.EndsWith(".html", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(f => new BuiltPage(this, f)).ToList();
        Pages = [.. documents.Where(p => p.IsPage)];
        NoPages = [.. documents.Where(p => !p.IsPage).Select(p => p.File).Where(f => f.Split('/')[^1] is "index.html" or "404.html")];
        byUrl = Pages.ToDictionary(p => p.Url, StringComparer.Ordinal);
    }

    public string Folder { get; }
    public string BaseUrl { get; }
    public IReadOnlySet<string> Files { get; }
    public IReadOnlyList<BuiltPage> Pages { get; }
    public IReadOnlyDictionary<string, DateOnly> Sitemap { get; }

    /// <summary>Files at the place of a page that are none; others without a doctype are snippets.</summary>
    public IReadOnlyList<string> NoPages { get; }

    public BuiltPage? Find(string url) => byUrl.GetValueOrDefault(url);

    public void Dispose()
    {
        foreach (var page in Pages)
            page.Document.Dispose();
    }
}

/// <summary>A page in the output folder; a snippet is a file without a doctype and no page.</summary>
sealed class BuiltPage
{
    public BuiltPage(BuiltSite site, string file)
    {
        File = file;
        Path = file.EndsWith("index.html", StringComparison.Ordinal) ? file[..^"index.html".Length] : file;
        Url = site.BaseUrl + Path;
        Text = System.IO.File.ReadAllText(System.IO.Path.Combine(site.Folder, file));
        Document = (IHtmlDocument)new AngleSharp.Html.Parser.HtmlParser().ParseDocument(Text);
    }

    public string File { get; }
    public string Path { get; }
    public string Url { get; }
    public string Text { get; }
    public IHtmlDocument Document { get; }
    public bool IsPage => Document.Doctype is not null;
    public string Language => Document.DocumentElement.GetAttribute("lang") ?? "";
    public bool Indexable => !Meta("robots").Contains("noindex", StringComparison.OrdinalIgnoreCase);

    public string Meta(string name) => Document.QuerySelector($"meta[name={name}]")?.GetAttribute("content") ?? "";

    /// <summary>hreflang → address.</summary>
    public IReadOnlyList<(string Language, string Url)> Alternates =>
        [.. Document.QuerySelectorAll("link[rel=alternate][hreflang]").Select(l => (l.GetAttribute("hreflang")!, l.GetAttribute("href") ?? ""))];
}
