using System.Text.Json;
using System.Xml.Linq;
using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class DataPageTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("sidecar-pages-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    static object Sample(string slug = "green-tea", string lang = "en", string? title = null, string? description = null, string? body = null, string? updated = "2026-11-20") => new
    {
        slug, lang, updated, title = title ?? $"Green tea for readers, {slug} {lang}", description = description ?? $"What readers of a tea blog buy and what a link to it earns, {slug} {lang}.",
        body_html = body ?? "<h2>Leaves</h2>\n  <p>Good   tea.</p>",
    };

    string File(params object[] pages)
    {
        var file = Path.Combine(folder, "pages.json");
        System.IO.File.WriteAllText(file, JsonSerializer.Serialize(pages));
        return file;
    }

    /// <summary>Of a new site of these pages.</summary>
    static async Task<IReadOnlyList<string>> NotesAsync(SidecarApp app, string pages) =>
        (await app.Services.GetRequiredService<SiteBuilder>().BuildAsync(new(Path.Combine(app.DataFolder, "noted"), Pages: pages), default)).Notes;

    [Fact]
    public async Task A_page_of_data_is_a_whole_page_of_the_site()
    {
        await using var app = await SidecarApp.StartAsync();
        var site = await app.BuildAsync(baseUrl: "https://partners.shop.example/", pages: File(Sample(), Sample(lang: "fa"), Sample("only-here", updated: null)));
        var page = BuiltFolder.Page(site, "fa/green-tea/index.html");
        Assert.Equal("Green tea for readers, green-tea fa", page.QuerySelector("h1")!.TextContent);
        Assert.Equal("https://partners.shop.example/fa/green-tea/", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal(["en", "fa", "x-default"], page.QuerySelectorAll("link[hreflang]").Select(l => l.GetAttribute("hreflang")));
        Assert.Equal(("2026-11-20", "۲۹ آبان ۱۴۰۵"), (page.QuerySelector("time")!.GetAttribute("datetime"), page.QuerySelector("time")!.TextContent));
        Assert.Contains("\"@type\":\"Article\"", page.QuerySelector("script")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("../../en/green-tea/", page.QuerySelector("footer a[hreflang=en]")!.GetAttribute("href"));
        Assert.Contains("<h2>Leaves</h2><p>Good tea.</p></article>", System.IO.File.ReadAllText(Path.Combine(site, "fa/green-tea/index.html")), StringComparison.Ordinal);
        var alone = BuiltFolder.Page(site, "en/only-here/index.html");
        Assert.Null(alone.QuerySelector("time"));
        Assert.Equal("../../fa/", alone.QuerySelector("footer a[hreflang=fa]")!.GetAttribute("href"));
        Assert.Equal(new DateOnly(2026, 11, 20), Sitemap.Read(Path.Combine(site, "sitemap.xml"))["https://partners.shop.example/en/green-tea/"]);
        Assert.Empty(SiteAudit.Check(site));
        // The shipped templates take the quick way.
        Assert.DoesNotContain(await NotesAsync(app, Path.Combine(folder, "pages.json")), n => n.Contains("rendered from the beginning", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<\"&'>"), InlineData("</script><script>alert(1)</script>"), InlineData("a\u2028b\u2029c"), InlineData("\u202eevil\u2066x"), InlineData("\ue000\ue100&\ue001\ue002"), InlineData("{{ 1 / 0 }} {rate}")]
    public async Task Hostile_text_is_harmless_in_every_place(string text)
    {
        await using var app = await SidecarApp.StartAsync();
        var site = await app.BuildAsync(pages: File(Sample(), Sample("hostile", title: $"{text} some further words", description: $"{text} and enough words behind it to be a description of a page.")));
        var html = System.IO.File.ReadAllText(Path.Combine(site, "en/hostile/index.html"));
        var page = BuiltFolder.Page(site, "en/hostile/index.html");
        var clean = PlainText.Clean(text);
        Assert.Equal($"{clean} some further words".Trim(), page.Title);
        Assert.Equal($"{clean} some further words".Trim(), page.QuerySelector("h1")!.TextContent);
        Assert.StartsWith(clean, page.QuerySelector("meta[property='og:description']")!.GetAttribute("content"), StringComparison.Ordinal);
        Assert.DoesNotMatch("[\u2028\u2029\u202a-\u202e\u2066-\u2069\ue000-\ue00f]", html);
        Assert.Equal($"{clean} some further words".Trim(), (string?)System.Text.Json.Nodes.JsonNode.Parse(Assert.Single(page.QuerySelectorAll("script")).TextContent)!["@graph"]![0]!["headline"]);
        Assert.DoesNotContain(SiteAudit.Check(site), f => f.Check != "template");
    }

    [Fact]
    public async Task The_body_is_the_owners_markup_and_no_script_in_it_runs()
    {
        await using var app = await SidecarApp.StartAsync();
        var site = await app.BuildAsync(pages: File(Sample(body: "<p>{{ facts.rate }} {rate}</p><script>alert(1)</script>\ue000<pre>a\n  b</pre>")));
        var page = BuiltFolder.Page(site, "en/green-tea/index.html");
        Assert.Equal("{{ facts.rate }} {rate}", page.QuerySelector("article p:not(.stamp)")!.TextContent);
        Assert.Equal("a\n  b", page.QuerySelector("pre")!.TextContent);
        var policy = page.QuerySelector("meta[http-equiv]")!.GetAttribute("content")!;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        // Of all scripts only the structured data are named, which no browser runs.
        var data = page.QuerySelector("script[type='application/ld+json']")!.TextContent;
        Assert.Contains($"script-src {PageStyle.HashOf(data)};", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_of_a_file_is_named_with_its_page_and_the_old_site_stays()
    {
        await using var app = await SidecarApp.StartAsync();
        var before = BuiltFolder.Everything(await app.BuildAsync());
        var wrong = await Assert.ThrowsAsync<PageException>(() => app.BuildAsync(pages: File(Sample("../up"), Sample("Upper"), Sample("چای"), Sample(), Sample(title: "The same address, but other words"),
            Sample("terms"), Sample(lang: "xx"), Sample("short", title: "Short"), Sample("early", updated: "yesterday"), Sample("twice", title: "Green tea for readers, green-tea en"))));
        foreach (var line in new[] { "page 1 (../up): the slug is an address", "page 2 (Upper): the slug", "page 3 (چای): the slug", "page 5 (green-tea): there is a page with this slug in en already",
            "page 5 (green-tea): another page of this language has the same description", "page 6 (terms): there is a page", "page 7 (green-tea): lang is 'xx', not one of en, fa",
            "page 8 (short): the title has 5 characters", "page 9 (early): updated is no day", "page 10 (twice): another page of this language has the same title" })
            Assert.Contains(line, wrong.Message, StringComparison.Ordinal);
        Assert.Equal(before, BuiltFolder.Everything(Path.Combine(app.DataFolder, "site")));
    }

    [Theory]
    [InlineData("{}"), InlineData("[1]"), InlineData("[null]"), InlineData("[{\"slug\":7}]"), InlineData("[{\"slug\":\"a\""), InlineData("")]
    public async Task A_file_that_is_none_is_a_sentence(string json)
    {
        await using var app = await SidecarApp.StartAsync();
        var file = Path.Combine(folder, "bad.json");
        System.IO.File.WriteAllText(file, json);
        Assert.Contains("bad.json", (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync(pages: file))).Message, StringComparison.Ordinal);
        Assert.Contains("none.json", (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync(pages: Path.Combine(folder, "none.json")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_decides_by_a_pages_text_is_obeyed()
    {
        Directory.CreateDirectory(Path.Combine(folder, "layouts"));
        System.IO.File.WriteAllText(Path.Combine(folder, "layouts/article.html"),
            "<h1>{{ if page.name == \"second\" }}!{{ else }}{{ page.title | string.upcase | html.escape }}{{ end }}</h1>{{ page.body }}");
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        var site = await app.BuildAsync(pages: File(Sample("first"), Sample("second")));
        Assert.Equal("GREEN TEA FOR READERS, FIRST EN", BuiltFolder.Page(site, "en/first/index.html").QuerySelector("h1")!.TextContent);
        Assert.Equal("!", BuiltFolder.Page(site, "en/second/index.html").QuerySelector("h1")!.TextContent);
        Assert.Contains(await NotesAsync(app, Path.Combine(folder, "pages.json")), n => n.Contains("rendered from the beginning", StringComparison.Ordinal));
    }

    [Fact]
    public void More_than_fifty_thousand_addresses_are_several_files_and_an_index()
    {
        var entries = Enumerable.Range(0, 100_020).Select(i => new SitemapEntry($"https://a.example/p{i}/", new DateOnly(2026, 11, 1 + i / 50_000), []));
        foreach (var (name, content) in Sitemap.Write(new Uri("https://a.example/"), entries))
            System.IO.File.WriteAllBytes(Path.Combine(folder, name), content.Span);
        XNamespace ns = "http://www.sitemaps.org/schemas/sitemap/0.9";
        var index = XDocument.Load(Path.Combine(folder, "sitemap.xml")).Root!;
        Assert.Equal(["https://a.example/sitemap-1.xml", "https://a.example/sitemap-2.xml", "https://a.example/sitemap-3.xml"], index.Elements().Select(e => e.Element(ns + "loc")!.Value));
        Assert.Equal(["2026-11-01", "2026-11-02", "2026-11-03"], index.Elements().Select(e => e.Element(ns + "lastmod")!.Value));
        Assert.Equal(100_020, Sitemap.Read(Path.Combine(folder, "sitemap.xml")).Count);
    }

    [Fact]
    public async Task A_build_without_changes_writes_nothing_and_one_change_writes_one_page()
    {
        await using var app = await SidecarApp.StartAsync();
        var pages = Enumerable.Range(0, 30).Select(i => Sample($"page-{i}")).ToArray();
        var site = await app.BuildAsync(pages: File(pages));
        var before = Times(site);
        app.Leap(TimeSpan.FromDays(2));
        await app.BuildAsync(pages: File(pages));
        Assert.Equal(before, Times(site));
        pages[7] = Sample("page-7", body: "<p>New.</p>", updated: null);
        await app.BuildAsync(pages: File(pages));
        Assert.Equal(["en/page-7/index.html", "sitemap.xml"], Times(site).Except(before).Select(t => t.Key));
        Assert.Equal(new DateOnly(2026, 11, 26), Sitemap.Read(Path.Combine(site, "sitemap.xml"))["http://localhost:5000/site/en/page-7/"]);
        Assert.Equal(new DateOnly(2026, 11, 20), Sitemap.Read(Path.Combine(site, "sitemap.xml"))["http://localhost:5000/site/en/page-8/"]);

        // Somebody edited a file of the site by hand.
        System.IO.File.AppendAllText(Path.Combine(site, "en/page-3/index.html"), "mine");
        await app.BuildAsync(pages: File(pages));
        Assert.DoesNotContain("mine", System.IO.File.ReadAllText(Path.Combine(site, "en/page-3/index.html")), StringComparison.Ordinal);
    }

    static Dictionary<string, DateTime> Times(string site) => OutputFolder.Files(site).ToDictionary(f => f, f => System.IO.File.GetLastWriteTimeUtc(Path.Combine(site, f)));

    [Theory]
    [InlineData("<p> a  <b> c</b> d </p>\n\n<p>e</p>", "<p>a <b> c</b> d</p><p>e</p>")]
    [InlineData("a<!-- x > y --> b", "a b")]
    [InlineData("<pre>\n a  b </pre> <textarea> q  r</textarea>", "<pre>\n a  b </pre><textarea> q  r</textarea>")]
    [InlineData("<a  href=\"a  b\"\n  title='x > y'   hidden >t</a>", "<a href=\"a  b\" title='x > y' hidden>t</a>")]
    [InlineData("<script> a  < b </script> <style> a  { } </style>", "<script> a  < b </script><style> a  { } </style>")]
    [InlineData("one <br> two < three", "one<br>two < three")]
    [InlineData("<", "<"), InlineData("<!--", ""), InlineData("<p", "<p"), InlineData("<a b=\"", "<a b=\""), InlineData("</", "</")]
    public void Markup_loses_only_what_is_not_shown(string html, string expected) => Assert.Equal(expected, HtmlMinifier.Minify(html));
}
