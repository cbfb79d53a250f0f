using System.Net;
using System.Xml.Linq;
using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class SiteBuildTests
{
    [Fact]
    public async Task Two_builds_are_the_same_to_the_last_byte()
    {
        await using var app = await SidecarApp.StartAsync();
        var first = BuiltFolder.Everything(await app.BuildAsync("first"));
        var second = BuiltFolder.Everything(await app.BuildAsync("second"));
        Assert.Equal(first, second);
        foreach (var page in new[] { "index.html", "en/index.html", "fa/index.html", "en/signup/index.html", "fa/thank-you/index.html", "fa/terms/index.html", "en/for-bloggers/index.html",
            "404.html", "fa/404.html", "footer.html", "fa/footer.html", "sitemap.xml", "robots.txt" })
            Assert.Contains(page, first.Keys);
    }

    [Fact]
    public async Task A_page_that_did_not_change_keeps_its_day_in_the_sitemap()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        app.Leap(TimeSpan.FromDays(3));
        await app.PutAsync("/v1/commission-rules", new { program = new { window_days = 45 }, rules = new[] { new { id = "program", kind = "percent", rate = "10" } } });
        await app.BuildAsync();
        var days = Sitemap.Read(Path.Combine(folder, "sitemap.xml"));
        Assert.Equal(new DateOnly(2026, 11, 27), days["http://localhost:5000/site/en/terms/"]);
        Assert.Equal(new DateOnly(2026, 11, 24), days["http://localhost:5000/site/"]);
    }

    [Fact]
    public async Task What_a_build_no_longer_writes_is_gone_and_hidden_files_stay()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        Directory.CreateDirectory(Path.Combine(folder, "en/old"));
        File.WriteAllText(Path.Combine(folder, "en/old/index.html"), "old");
        File.WriteAllText(Path.Combine(folder, ".gitkeep"), "");
        await app.BuildAsync();
        Assert.False(Directory.Exists(Path.Combine(folder, "en/old")));
        Assert.True(File.Exists(Path.Combine(folder, ".gitkeep")));
        Assert.Single(Directory.EnumerateDirectories(app.DataFolder, "*site*"));

        // A folder such as .well-known cannot be copied at one stroke: the site is then changed file by file.
        Directory.CreateDirectory(Path.Combine(folder, ".well-known"));
        File.WriteAllText(Path.Combine(folder, ".well-known/security.txt"), "mine");
        File.WriteAllText(Path.Combine(folder, "stale.html"), "old");
        await app.BuildAsync();
        Assert.False(File.Exists(Path.Combine(folder, "stale.html")));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, ".well-known/security.txt")));
    }

    [Fact]
    public async Task A_build_with_nothing_to_do_looks_and_does_nothing_until_something_differs()
    {
        var templates = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;
        try
        {
            await using var app = await BuiltFolder.WithTemplatesAsync(templates);
            var builder = app.Services.GetRequiredService<SiteBuilder>();
            var site = Path.Combine(app.DataFolder, "site");
            var first = await builder.BuildAsync(new(site), default);
            var second = await builder.BuildAsync(new(site), default);
            Assert.Equal((first.Pages, first.Bytes, 0, 0), (second.Pages, second.Bytes, second.Changed.Count, second.Weights.Count));
            File.Delete(Path.Combine(site, "fa/faq/index.html"));
            Assert.Equal(["fa/faq/index.html"], (await builder.BuildAsync(new(site), default)).Changed);
            Directory.CreateDirectory(Path.Combine(templates, "content/en"));
            File.WriteAllText(Path.Combine(templates, "content/en/news.md"), "---\ntitle: News of the program\ndescription: What is new in the program, in enough words to be a description.\n---\nNews.\n");
            Assert.Contains("en/news/index.html", (await builder.BuildAsync(new(site), default)).Changed);
            await app.PutAsync("/v1/commission-rules", new { rules = new[] { new { id = "program", kind = "percent", rate = "11" } } });
            Assert.Contains("fa/terms/index.html", (await builder.BuildAsync(new(site), default)).Changed);
        }
        finally
        {
            Directory.Delete(templates, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_with_somebody_elses_files_is_refused()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(app.DataFolder, "photos")).FullName;
        File.WriteAllText(Path.Combine(folder, "holiday.jpg"), "dear");
        await Assert.ThrowsAsync<PageException>(() => app.BuildAsync("photos"));
        Assert.Equal(["holiday.jpg"], BuiltFolder.Everything(folder).Keys);
    }

    [Fact]
    public async Task A_build_that_fails_leaves_the_old_site()
    {
        var templates = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;
        try
        {
            await using var app = await BuiltFolder.WithTemplatesAsync(templates);
            var before = BuiltFolder.Everything(await app.BuildAsync());
            Directory.CreateDirectory(Path.Combine(templates, "pages"));
            File.WriteAllText(Path.Combine(templates, "pages/terms.html"), "+++\ntitle = t \"terms.title\"\ndescription = t \"terms.description\"\n+++\n<h1>{{ while true }}{{ end }}</h1>");
            await Assert.ThrowsAsync<PageException>(() => app.BuildAsync());
            Assert.Equal(before, BuiltFolder.Everything(Path.Combine(app.DataFolder, "site")));
            Assert.Single(Directory.EnumerateDirectories(app.DataFolder, "*site*"));
        }
        finally
        {
            Directory.Delete(templates, recursive: true);
        }
    }

    [Theory]
    [InlineData("localhost:5000/site"), InlineData("shop.example"), InlineData("/partners"), InlineData("ftp://shop.example/"), InlineData("https://shop.example/?a=b"), InlineData("")]
    public void A_base_url_needs_its_scheme(string address) => Assert.Throws<PageException>(() => SiteSettings.Folder(address));

    [Fact]
    public async Task A_base_url_may_have_a_path()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync(baseUrl: "https://shop.example/partners");
        var page = BuiltFolder.Page(folder, "fa/terms/index.html");
        Assert.Equal("https://shop.example/partners/fa/terms/", page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Contains("Sitemap: https://shop.example/partners/sitemap.xml", File.ReadAllText(Path.Combine(folder, "robots.txt")), StringComparison.Ordinal);
        Assert.Equal("/partners/en/", BuiltFolder.Page(folder, "404.html").QuerySelector("a.brand")!.GetAttribute("href"));
        Assert.Empty(SiteAudit.Check(folder));
    }

    [Fact]
    public async Task The_sitemap_lists_every_page_that_may_be_found_in_every_language()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync(baseUrl: "https://partners.shop.example/");
        XNamespace ns = "http://www.sitemaps.org/schemas/sitemap/0.9", xhtml = "http://www.w3.org/1999/xhtml";
        var urls = XDocument.Load(Path.Combine(folder, "sitemap.xml")).Root!.Elements(ns + "url").ToDictionary(
            u => u.Element(ns + "loc")!.Value, u => u.Elements(xhtml + "link").ToDictionary(l => (string)l.Attribute("hreflang")!, l => (string)l.Attribute("href")!));
        Assert.Equal(21, urls.Count);
        Assert.DoesNotContain(urls.Keys, u => u.Contains("thank-you", StringComparison.Ordinal) || u.Contains("404", StringComparison.Ordinal));
        foreach (var (url, alternates) in urls)
        {
            Assert.StartsWith("https://partners.shop.example/", url, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder, url["https://partners.shop.example/".Length..], "index.html")), url);
            Assert.Equal(["en", "fa", "x-default"], alternates.Keys.Order(StringComparer.Ordinal));
            Assert.Contains(url, alternates.Values);
            Assert.All(alternates.Values, other => Assert.Equal(alternates, urls[other]));
        }
    }

    [Fact]
    public async Task The_footer_snippet_is_one_real_link_with_its_source()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync(baseUrl: "https://partners.shop.example/");
        var snippet = BuiltFolder.Page(folder, "fa/footer.html");
        var link = Assert.Single(snippet.QuerySelectorAll("body *"));
        Assert.Equal("https://partners.shop.example/fa/signup/?utm_source=shop&utm_medium=footer&utm_campaign=partner-program", link.GetAttribute("href"));
        Assert.Contains("۱۰٪", link.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_near_weightless_and_but_one_runs_nothing()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        // Snippets are no pages: one of them is the tag of the widget.
        foreach (var file in OutputFolder.Files(folder).Where(f => f.EndsWith(".html", StringComparison.Ordinal) && File.ReadAllText(Path.Combine(folder, f)).StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase)))
        {
            var bytes = Packed(Path.Combine(folder, file)) + Packed(Path.Combine(folder, StaticParts.Icon));
            Assert.True(bytes <= 4096, $"{file}: {bytes} bytes");
            var page = BuiltFolder.Page(folder, file);
            Assert.Empty(page.QuerySelectorAll("script[src],img,link[rel=stylesheet],iframe"));
            if (!file.EndsWith("earn/index.html", StringComparison.Ordinal))
                Assert.Empty(page.QuerySelectorAll("script:not([type='application/ld+json'])"));
        }
    }

    static long Packed(string file)
    {
        using var packed = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
            brotli.Write(File.ReadAllBytes(file));
        return packed.Length;
    }

    [Fact]
    public async Task A_third_language_is_a_file_and_a_folder()
    {
        var templates = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(templates, "languages"));
            var english = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates/languages/en.json"));
            File.WriteAllText(Path.Combine(templates, "languages/de.json"), english.Replace("\"English\"", "\"Deutsch\"", StringComparison.Ordinal));
            await using var app = await BuiltFolder.WithTemplatesAsync(templates);
            var folder = await app.BuildAsync();
            Assert.Equal("Deutsch", BuiltFolder.Page(folder, "en/index.html").QuerySelector("a[hreflang=de]")!.TextContent);
            Assert.Empty(SiteAudit.Check(folder));

            File.WriteAllText(Path.Combine(templates, "languages/de.json"), english.Replace("\"heading\": \"How it works\",", "", StringComparison.Ordinal));
            var missing = await Assert.ThrowsAsync<PageException>(() => app.BuildAsync());
            Assert.Contains("languages/de.json has no text for home.steps.heading", missing.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(templates, recursive: true);
        }
    }

    [Fact]
    public async Task A_page_of_a_plugin_is_a_page_of_the_site()
    {
        using var plugins = new PluginFolders().WithSample();
        await using var app = await SidecarApp.StartAsync(settings: plugins.Settings);
        var folder = await app.BuildAsync();
        Assert.Contains("€10", BuiltFolder.Page(folder, "en/index.html").QuerySelector(".earn")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("10% of every sale", BuiltFolder.Page(folder, "en/launch/index.html").QuerySelector(".lead")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(BuiltFolder.Page(folder, "fa/terms/index.html").QuerySelectorAll("nav a"), a => a.GetAttribute("href") == "../../fa/launch/");
        Assert.Empty(SiteAudit.Check(folder));
    }

    [Fact]
    public async Task The_service_shows_the_site_and_says_what_is_on_it()
    {
        await using var app = await SidecarApp.StartAsync();
        using (var early = await app.Anonymous.GetAsync("/site/"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.StatusCode);
        using (var none = await app.Http.GetAsync("/v1/site/status"))
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using (var refused = await app.Anonymous.PostAsync("/v1/site/build", null))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var built = await app.PostAsync("/v1/site/build", new { });
        Assert.Equal(29, (int)built["pages"]!);

        var status = await app.GetAsync("/v1/site/status");
        var terms = status["data"]!.AsArray().Single(p => (string)p!["path"]! == "fa/terms/")!;
        Assert.Equal(("fa", true, true), ((string)terms["language"]!, (bool)terms["indexable"]!, (bool)terms["in_sitemap"]!));
        var thanks = status["data"]!.AsArray().Single(p => (string)p!["path"]! == "en/thank-you/")!;
        Assert.Equal((false, false), ((bool)thanks["indexable"]!, (bool)thanks["in_sitemap"]!));

        using var page = await app.Anonymous.GetAsync("/site/fa/terms/");
        Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/site/fa/terms/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await app.Anonymous.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        using var missing = await app.Anonymous.GetAsync("/site/fa/no/such/page");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("lang=\"fa\"", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var hidden = await app.Anonymous.GetAsync("/site/.site.json");
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        using var outside = await app.Anonymous.GetAsync("/site/..%2fsidecar.db");
        Assert.NotEqual(HttpStatusCode.OK, outside.StatusCode);
    }

    [Fact]
    public async Task The_service_builds_a_site_that_is_not_there_and_again_when_the_rules_change()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Site:Watch"] = "true" });
        await UntilAsync(app, "10%");
        await app.PutAsync("/v1/commission-rules", new { rules = new[] { new { id = "program", kind = "percent", rate = "12.5" } } });
        await UntilAsync(app, "12.5%");

        static async Task UntilAsync(SidecarApp app, string rate)
        {
            for (var attempt = 0; attempt < 200; attempt++)
            {
                using var page = await app.Anonymous.GetAsync("/site/en/terms/");
                if (page.IsSuccessStatusCode && (await page.Content.ReadAsStringAsync()).Contains(rate, StringComparison.Ordinal))
                    return;
                await Task.Delay(50);
                app.Clock.Advance(TimeSpan.FromSeconds(5));
            }
            Assert.Fail($"The terms never said {rate}.");
        }
    }
}
