using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class WidgetTests
{
    static readonly string[] Doors = ["footer", "widget", "banner", "order"];

    [Fact]
    public async Task Every_door_leads_to_the_form_and_says_which_one_it_is()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Site:BaseUrl"] = "https://partners.shop.example/" });
        var folder = await app.BuildAsync();
        foreach (var door in Doors)
            foreach (var (file, language) in new[] { ($"{door}.html", "en"), ($"en/{door}.html", "en"), ($"fa/{door}.html", "fa") })
            {
                var snippet = BuiltFolder.Page(folder, file);
                var link = Assert.Single(snippet.QuerySelectorAll("a"));
                Assert.Equal($"https://partners.shop.example/{language}/signup/?utm_source=shop&utm_medium={door}&utm_campaign={SignupSource.Campaign}", link.GetAttribute("href"));
                Assert.Null(link.GetAttribute("rel"));
                Assert.Equal(door == "widget" ? 1 : 0, snippet.QuerySelectorAll("script").Length);
            }
    }

    [Fact]
    public async Task The_widget_and_its_script_are_at_most_700_bytes_on_the_way()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Sidecar:Site:BaseUrl"] = "https://partners.shop.example/", ["Sidecar:Site:ServiceUrl"] = "https://api.shop.example/", ["Sidecar:Site:WidgetCode"] = "house",
        });
        var folder = await app.BuildAsync();
        var script = await ScriptAsync(app, folder);
        foreach (var language in new[] { "en", "fa" })
        {
            var bytes = Brotli(File.ReadAllBytes(Path.Combine(folder, language, "widget.html"))) + Brotli(script);
            Assert.True(bytes <= 700, $"{language}: {bytes} bytes");
        }
    }

    [Fact]
    public async Task A_version_of_the_script_is_what_its_hash_says_or_is_not_served()
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync();
        var element = BuiltFolder.Page(folder, "widget.html").QuerySelector("script")!;
        using var answer = await app.Anonymous.GetAsync(new Uri(element.GetAttribute("src")!).AbsolutePath);
        Assert.Equal("sha384-" + Convert.ToBase64String(SHA384.HashData(await answer.Content.ReadAsByteArrayAsync())), element.GetAttribute("integrity"));
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", answer.Headers.GetValues("Cache-Control")));
        using var old = await app.Anonymous.GetAsync("/widget/v1/footer.0123456789abcdef.js");
        Assert.Equal(HttpStatusCode.NotFound, old.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_widget_moves_nothing_remembers_nothing_and_counts_once_where_it_is_told_to(bool counts)
    {
        await using var shop = await StaticHost.StartAsync();
        var service = new Uri($"http://127.0.0.1:{StaticHost.FreePort()}/");
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>
        {
            ["urls"] = service.AbsoluteUri, ["Sidecar:Site:ServiceUrl"] = service.AbsoluteUri, ["Sidecar:Site:WidgetCode"] = counts ? "house" : null,
        });
        await app.PartnerAsync("house");
        shop.Folder = await app.BuildAsync();
        File.WriteAllText(Path.Combine(shop.Folder, "index.html"), "<!doctype html><title>Shop</title><link rel=icon href=data:,><p>Before</p>" + File.ReadAllText(Path.Combine(shop.Folder, "fa/widget.html")) + "<p>After</p>");
        var page = await Browser.OpenAsync(390);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        await page.AddInitScriptAsync("window.before = Object.getOwnPropertyNames(window).length; window.shift = 0;"
            + "new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value)).observe({ type: 'layout-shift', buffered: true })");
        var reported = page.WaitForResponseAsync(r => r.Url.EndsWith("/v1/impressions", StringComparison.Ordinal) && r.Request.Method == "POST", new() { Timeout = counts ? 10_000 : 1_000 });
        await page.GotoAsync(shop.Url.AbsoluteUri);
        if (counts)
            Assert.Equal(204, (await reported).Status);
        else
            await Assert.ThrowsAsync<TimeoutException>(() => reported);
        Assert.True(await page.EvaluateAsync<bool>("() => document.querySelector('affiliate-link').shadowRoot.adoptedStyleSheets.length === 1"));
        Assert.Equal("dotted", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('affiliate-link a')).textDecorationStyle"));
        Assert.Equal(0, await page.EvaluateAsync<double>("() => window.shift"));
        Assert.Equal(2, await page.EvaluateAsync<int>("() => Object.getOwnPropertyNames(window).length - window.before")); // shift and before itself
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.Equal("{\"cookies\":[],\"origins\":[]}", await page.Context.StorageStateAsync());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
        await using var db = app.Services.GetRequiredService<Database>().Open();
        Assert.Equal(counts ? 1 : 0, (await SomeHours.AllAsync(db)).Sum(h => h.Figures.Impressions));
    }

    static async Task<byte[]> ScriptAsync(SidecarApp app, string folder)
    {
        var source = BuiltFolder.Page(folder, "widget.html").QuerySelector("script")!.GetAttribute("src")!;
        Assert.StartsWith("https://api.shop.example/widget/v1/footer.", source, StringComparison.Ordinal);
        return await app.Anonymous.GetByteArrayAsync(new Uri(source).AbsolutePath);
    }

    static int Brotli(byte[] bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        Assert.True(BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 11, window: 22));
        return length;
    }
}
