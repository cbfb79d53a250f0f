using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class ReportTests
{
    const string Shop = "https://shop.example";

    static async Task<HttpResponseMessage> PostAsync(SidecarApp app, string path, string body, string? origin = Shop, string type = "text/plain", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("User-Agent", RedirectTests.Firefox);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await app.Anonymous.SendAsync(request);
    }

    [Theory, BothDatabases]
    public async Task A_page_of_the_shop_reports_a_click(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        foreach (var type in new[] { "text/plain", "application/json" })
        {
            using var response = await PostAsync(app, "/v1/clicks", """{"code":"Sara","landing_url":"https://shop.example/tea/?ref=Sara","referrer":"https://blog.example/"}""", type: type);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            Assert.Equal([Shop], response.Headers.GetValues("Access-Control-Allow-Origin"));
            var made = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal("2026-12-24T12:00:00Z", (string?)made["expires_at"]);
            var click = (await RedirectTests.ClicksAsync(app)).Single(c => c.Id == (string?)made["click_id"]);
            Assert.Equal(("/tea/?ref=Sara", "https://blog.example/"), (click.Landing, click.Referrer));
        }
        Assert.Equal(["", "duplicate"], (await RedirectTests.ClicksAsync(app)).Select(c => c.Flag));
    }

    [Theory, BothDatabases]
    public async Task A_report_that_is_sent_again_with_its_key_counts_once(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        const string click = """{"code":"sara","landing_url":"https://shop.example/"}""";
        using var first = await PostAsync(app, "/v1/clicks", click, key: "k1");
        using var again = await PostAsync(app, "/v1/clicks", click, key: "k1");
        using var other = await PostAsync(app, "/v1/clicks", """{"code":"sara","landing_url":"https://shop.example/tea/"}""", key: "k1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Single(await RedirectTests.ClicksAsync(app));
        for (var i = 0; i < 2; i++)
        {
            using var shown = await PostAsync(app, "/v1/impressions", """{"code":"sara","count":3}""", key: "k2");
            Assert.Equal(HttpStatusCode.NoContent, shown.StatusCode);
        }
        await using var read = app.Services.GetRequiredService<Database>().Open();
        Assert.Equal(3, (await SomeHours.AllAsync(read)).Sum(h => h.Figures.Impressions));
    }

    [Fact]
    public async Task Only_pages_of_the_shop_and_those_allowed_by_name_report_clicks()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Tracking:AllowedOrigins:0"] = "https://landing.example" });
        await app.PartnerAsync("sara");
        foreach (var origin in new[] { null, "null", "https://evil.example", "http://shop.example", "https://shop.example.evil.example", "https://shop.example:444" })
        {
            using var refused = await PostAsync(app, "/v1/clicks", """{"code":"sara","landing_url":"https://shop.example/"}""", origin);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        }
        using var allowed = await PostAsync(app, "/v1/clicks", """{"code":"sara","landing_url":"https://landing.example/"}""", "https://landing.example");
        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
        Assert.Single(await RedirectTests.ClicksAsync(app));
    }

    [Theory]
    [InlineData("""{"code":"nobody","landing_url":"https://shop.example/"}""", 422)]
    [InlineData("""{"code":"sara","landing_url":"https://evil.example/"}""", 422)]
    [InlineData("""{"code":"sara","landing_url":"javascript:alert(1)"}""", 422)]
    [InlineData("""{"code":"sara","landing_url":"/tea/"}""", 422)]
    [InlineData("""{"code":"","landing_url":"https://shop.example/"}""", 400)]
    [InlineData("""{"code":"sara"}""", 400)]
    [InlineData("""{"code":5,"landing_url":"https://shop.example/"}""", 400)]
    [InlineData("""{"code":"\ud800","landing_url":"https://shop.example/"}""", 400)]
    [InlineData("null", 400)]
    [InlineData("[", 400)]
    [InlineData("", 400)]
    public async Task A_report_that_makes_no_sense_is_refused(string body, int status)
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        using var response = await PostAsync(app, "/v1/clicks", body);
        Assert.Equal((status, "application/problem+json"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Empty(await RedirectTests.ClicksAsync(app));
    }

    [Theory, BothDatabases]
    public async Task Impressions_are_counted_by_the_hour_from_any_page(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var link = await app.PostAsync($"/v1/partners/{sara["id"]}/links", new { path = "/tea/" });
        foreach (var body in new[] { """{"code":"sara"}""", """{"code":"SARA","count":4}""", $$"""{"code":"sara","link":"{{link["id"]}}"}""", """{"code":"nobody"}""" })
        {
            using var response = await PostAsync(app, "/v1/impressions", body, "https://blog.example");
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            Assert.Equal(["https://blog.example"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        }
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var later = await PostAsync(app, "/v1/impressions", """{"code":"sara"}""", null);
        using var tooMany = await PostAsync(app, "/v1/impressions", """{"code":"sara","count":101}""");
        Assert.Equal(HttpStatusCode.BadRequest, tooMany.StatusCode);
        await using var read = app.Services.GetRequiredService<Database>().Open();
        var rows = (await SomeHours.AllAsync(read)).OrderBy(i => i.Hour).ThenBy(i => i.LinkId);
        var hour = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal([(0, hour, 5L), (PublicId.NumberOf(PublicId.Link, (string?)link["id"])!.Value, hour, 1L), (0, hour.AddHours(1), 1L)],
            rows.Select(r => (r.LinkId, r.Hour, r.Figures.Impressions)));
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_told_who_may_report()
    {
        await using var app = await SidecarApp.StartAsync();
        async Task<HttpResponseMessage> AskAsync(string path, string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            return await app.Anonymous.SendAsync(request);
        }
        using var shop = await AskAsync("/v1/clicks", Shop);
        Assert.Equal([Shop], shop.Headers.GetValues("Access-Control-Allow-Origin"));
        using var evil = await AskAsync("/v1/clicks", "https://evil.example");
        Assert.False(evil.Headers.Contains("Access-Control-Allow-Origin"));
        using var any = await AskAsync("/v1/impressions", "https://blog.example");
        Assert.Equal(["https://blog.example"], any.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/widget/v1/track.js")]
    [InlineData("/widget/v1/footer.js")]
    public async Task A_script_is_served_to_any_site_and_cached_by_its_tag(string path)
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Anonymous.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.True(response.Headers.CacheControl is { Public: true, MaxAge: not null });
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 200, 3000);
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await app.Anonymous.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }
}
