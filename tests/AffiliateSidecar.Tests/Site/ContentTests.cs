using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using Xunit;

namespace AffiliateSidecar.Site;

/// <summary>What an owner writes: Markdown, look, assets; what the build makes of it beside the pages.</summary>
public sealed class ContentTests : IDisposable
{
    const string Matter = "---\ntitle: A page of our own, for {shop}\ndescription: What this page is about, in enough words to be a description of it.\n";

    readonly string folder = Directory.CreateTempSubdirectory("sidecar-site-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    void Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [Fact]
    public async Task Markdown_is_a_page_with_facts_links_and_includes()
    {
        Write("content/en/own.md", Matter + "label: Own\nupdated: 2026-11-20\n---\n## Earn {rate}\n\nRead the [terms](terms#paid) & <b>win</b>.\n\n{include receipt}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        var site = await app.BuildAsync();
        var page = BuiltFolder.Page(site, "en/own/index.html");
        Assert.Equal("A page of our own, for shop.example", page.Title);
        Assert.Equal("Earn 10%", page.QuerySelector("h2")!.TextContent);
        Assert.Equal("../../en/terms/#paid", page.QuerySelector("article p a")!.GetAttribute("href"));
        Assert.Equal("€10", page.QuerySelector(".receipt .earn dd")!.TextContent);
        Assert.NotNull(page.QuerySelector("table td"));
        Assert.Contains("\"dateModified\":\"2026-11-20\"", page.QuerySelector("script")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(SiteAudit.Check(site));
    }

    [Theory]
    [InlineData("own.md", "No front matter.", "content/en/own.md(1): a page begins with its front matter")]
    [InlineData("own.md", Matter + "colour: red\n---\n", "content/en/own.md(4): ")]
    [InlineData("own.md", "---\ntitle: A page of our own, for all\ntitle: Twice the same\n---\n", "content/en/own.md(3): ")]
    [InlineData("own.md", "---\ntitle: A page of our own, for all\n---\n", "content/en/own.md(1): the front matter has no description")]
    [InlineData("own.md", Matter + "---\n\nEarn {rtae}.\n", "content/en/own.md(6): content/en/own.md asks for {rtae}")]
    [InlineData("own.md", Matter + "---\n\n[x](nowhere)\n", "content/en/own.md(6): there is no page 'nowhere' in English")]
    [InlineData("own.md", Matter + "---\n\n{include nothing}\n", "There is no template 'includes/nothing.html'")]
    [InlineData("own.md", Matter + "updated: soon\n---\n", "content/en/own.md(1): updated is no day")]
    [InlineData("Own.md", Matter + "---\n", "content/en/Own.md: the name of a page is an address")]
    [InlineData("صفحه.md", Matter + "---\n", "the name of a page is an address")]
    [InlineData("terms.md", Matter + "---\n", "pages/terms.html and content/en/terms.md are both the page 'terms'")]
    public async Task A_mistake_in_a_page_is_named_with_its_line(string name, string text, string message)
    {
        Write($"content/en/{name}", text);
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        Assert.Contains(message, (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thin_page_for_an_audience_and_one_like_another_are_kept_from_search_engines()
    {
        Write("content/en/for-thin.md", Matter + "audience: Thin\n---\nFew words.\n");
        var bloggers = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates/content/en/for-bloggers.md"));
        Write("content/en/for-writers.md", bloggers.Replace("For bloggers: earn", "For writers: earn", StringComparison.Ordinal).Replace("You write about things", "You publish things", StringComparison.Ordinal));
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        var built = await app.PostAsync("/v1/site/build", new { });
        var notes = built["notes"]!.AsArray().Select(n => (string)n!).ToList();
        Assert.Contains(notes, n => n.Contains("content/en/for-thin.md is kept from search engines: it has", StringComparison.Ordinal));
        Assert.Contains(notes, n => n.Contains("content/en/for-writers.md is kept from search engines: more than half of its word triples are also in content/en/for-bloggers.md", StringComparison.Ordinal));
        var site = Path.Combine(app.DataFolder, "site");
        Assert.NotNull(BuiltFolder.Page(site, "en/for-thin/index.html").QuerySelector("meta[name=robots][content=noindex]"));
        Assert.DoesNotContain(Sitemap.Read(Path.Combine(site, "sitemap.xml")).Keys, u => u.Contains("for-thin", StringComparison.Ordinal) || u.Contains("for-writers", StringComparison.Ordinal));
        Assert.Empty(SiteAudit.Check(site));
    }

    [Fact]
    public void No_shipped_page_for_an_audience_is_thin_or_like_another()
    {
        var files = new TemplateFiles(Path.Combine(AppContext.BaseDirectory, "templates"));
        var pages = new[] { "en", "fa" }.SelectMany(code => files.In($"content/{code}", ".md").Select(f =>
            new Page(Path.GetFileNameWithoutExtension(f), new Language(code, new Dictionary<string, string>()), f, f, "", "", null, true) { Prose = MarkdownPage.Parse(f, files.Read(f)) })).ToList();
        Assert.True(pages.Count(p => p.Prose!.Matter.Audience is not null) >= 10);
        Assert.Empty(OwnWords.Judge(pages).Notes);
    }

    [Fact]
    public async Task The_look_is_one_file_of_what_is_otherwise()
    {
        Write("look.yaml", "name: Tea & Co\nlogo: logo.svg\nfont: vazirmatn\nlight:\n  brand: \"#7a1f5c\"\n");
        Write("assets/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        var site = await app.BuildAsync(baseUrl: "https://shop.example/partners/");
        var page = BuiltFolder.Page(site, "fa/index.html");
        Assert.Equal("Tea & Co", page.QuerySelector(".brand bdi")!.TextContent);
        Assert.Equal("../assets/logo.svg", page.QuerySelector(".brand img")!.GetAttribute("src"));
        var style = page.QuerySelector("style")!.TextContent;
        Assert.Contains("--brand:#7a1f5c", style, StringComparison.Ordinal);
        Assert.Contains("/partners/fonts/vazirmatn-persian.woff2", style, StringComparison.Ordinal);
        Assert.True(new FileInfo(Path.Combine(site, "fonts/vazirmatn-persian.woff2")).Length <= 12 * 1024);
        Assert.True(File.Exists(Path.Combine(site, "fonts/Vazirmatn-OFL.txt")));
        Assert.Contains("font-src 'self'", page.QuerySelector("meta[http-equiv]")!.GetAttribute("content"), StringComparison.Ordinal);
        Assert.Contains("#7a1f5c", File.ReadAllText(Path.Combine(site, "favicon.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("light:\n  ink: \"#dddddd\"\n", "light: ink #dddddd on paper #faf8f3 has a contrast of 1.3:1")]
    [InlineData("light:\n  ink: red\n", "light: ink is 'red', no colour")]
    [InlineData("light:\n  links: \"#000000\"\n", "there is no colour 'links'")]
    [InlineData("font: comic\n", "font is 'comic'")]
    [InlineData("lite: x\n", "look.yaml(1): ")]
    public async Task A_look_that_cannot_be_read_stops_the_build(string yaml, string message)
    {
        Write("look.yaml", yaml);
        await using var app = await BuiltFolder.WithTemplatesAsync(folder);
        Assert.Contains(message, (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_listed_page_has_a_picture_of_the_right_size_and_weight()
    {
        await using var app = await SidecarApp.StartAsync();
        var site = await app.BuildAsync(baseUrl: "https://partners.shop.example/");
        foreach (var file in OutputFolder.Files(site).Where(f => f.EndsWith("index.html", StringComparison.Ordinal)))
            if (BuiltFolder.Page(site, file).QuerySelector("meta[property='og:image']")?.GetAttribute("content") is { } url)
            {
                var picture = Path.Combine(site, url["https://partners.shop.example/".Length..]);
                Assert.True(new FileInfo(picture).Length <= 100_000);
                using var image = SKBitmap.Decode(picture);
                Assert.Equal((1200, 630), (image.Width, image.Height));
            }
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(site, "og/en-home.png")), File.ReadAllBytes(Path.Combine(site, "og/fa-home.png")));
    }

    [Fact]
    public async Task Hosts_are_told_of_the_policy_and_compressed_twins_lie_beside_the_pages()
    {
        await using var app = await SidecarApp.StartAsync();
        var site = Path.Combine(app.DataFolder, "site");
        await app.Services.GetRequiredService<SiteBuilder>()
            .BuildAsync(new(site, new Uri("https://partners.shop.example/"), Compress: true), default);
        var headers = File.ReadAllText(Path.Combine(site, "_headers"));
        Assert.Contains("default-src 'none'; style-src 'sha256-", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", headers, StringComparison.Ordinal);
        foreach (var expected in new[] { "connect-src 'self'", "nosniff", "Strict-Transport-Security", "Permissions-Policy", "Referrer-Policy" })
            Assert.Contains(expected, headers, StringComparison.Ordinal);
        foreach (var file in OutputFolder.Files(site).Where(f => f.EndsWith(".html", StringComparison.Ordinal) && BuiltFolder.Page(site, f).QuerySelector("style") is not null))
            Assert.Contains(PageStyle.HashOf(BuiltFolder.Page(site, file).QuerySelector("style")!.TextContent), headers, StringComparison.Ordinal);
        Assert.Contains("/terms /en/terms/ 302", File.ReadAllText(Path.Combine(site, "_redirects")), StringComparison.Ordinal);
        await using var packed = File.OpenRead(Path.Combine(site, "fa/terms/index.html.br"));
        await using var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionMode.Decompress);
        using var text = new StreamReader(brotli);
        Assert.Equal(File.ReadAllText(Path.Combine(site, "fa/terms/index.html")), await text.ReadToEndAsync());
        Assert.True(File.Exists(Path.Combine(site, "sitemap.xml.gz")));
        Assert.Empty(SiteAudit.Check(site));
    }

    [Fact]
    public async Task Search_engines_are_told_of_what_has_changed_where_the_owner_wants_it()
    {
        var told = new List<string>();
        await using var app = await SidecarApp.StartAsync(map: web => web.MapPost("/indexnow", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            told.Add(await reader.ReadToEndAsync());
        }));
        var indexNow = new IndexNow(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sidecar:Site:IndexNow:Key"] = "abcdef12", ["Sidecar:Site:IndexNow:Url"] = new Uri(app.Url, "/indexnow").AbsoluteUri,
        }).Build());
        Assert.Equal(("abcdef12.txt", "abcdef12"), indexNow.KeyFile);
        Assert.Null(await indexNow.TellAsync(new Uri("https://a.example/"), [.. Enumerable.Range(0, 10_001).Select(i => $"https://a.example/{i}/")], default));
        Assert.Equal(2, told.Count);
        Assert.Contains("\"keyLocation\":\"https://a.example/abcdef12.txt\"", told[0], StringComparison.Ordinal);
        Assert.Contains("https://a.example/10000/", told[1], StringComparison.Ordinal);
        Assert.Null(await indexNow.TellAsync(new Uri("https://a.example/"), [], default));
        Assert.Equal(2, told.Count);
    }

    [Theory]
    [InlineData("كتاب‌هاي 25 تایی، 1,200.5 تومان", "کتاب‌های ۲۵ تایی، ۱٬۲۰۰٫۵ تومان")]
    [InlineData("کد SARA10 و user1@a.example و utf8", "کد SARA10 و user1@a.example و utf8")]
    [InlineData("می روم و نمی آید", "می‌روم و نمی‌آید")]
    [InlineData("کتاب ها و گل های سرخ", "کتاب‌ها و گل‌های سرخ")]
    [InlineData("10% تخفیف؛ نسخهٔ 1.2.3", "۱۰٪ تخفیف؛ نسخهٔ ۱.۲.۳")]
    [InlineData("&lt;&#39;5&amp;", "&lt;&#39;۵&amp;")]
    public void Persian_is_spelt_as_Persian(string text, string expected)
    {
        Assert.Equal(expected, PersianText.Normalise(text));
        Assert.Equal(expected, PersianText.Normalise(expected));
    }

    [Fact]
    public async Task Two_builds_at_once_go_one_after_the_other()
    {
        await using var app = await SidecarApp.StartAsync();
        await using var other = await SidecarApp.StartAsync();
        var site = Path.Combine(app.DataFolder, "shared-site");
        Task<BuildReport> Build(SidecarApp one) => Task.Run(() => one.Services.GetRequiredService<SiteBuilder>().BuildAsync(new(site), default));
        var reports = await Task.WhenAll(Build(app), Build(other));
        Assert.Contains(reports, r => r.Changed.Count == 0);
        Assert.Empty(SiteAudit.Check(site));
    }
}
