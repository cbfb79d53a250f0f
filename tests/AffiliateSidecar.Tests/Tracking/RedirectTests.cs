using System.Net;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class RedirectTests
{
    internal const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    internal static async Task<HttpResponseMessage> ClickAsync(SidecarApp app, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", Firefox);
        change?.Invoke(request);
        return await app.Anonymous.SendAsync(request);
    }

    static async Task<string> LocationAsync(SidecarApp app, string path)
    {
        using var response = await ClickAsync(app, path);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        return response.Headers.Location!.OriginalString;
    }

    internal static async Task<List<ClickRow>> ClicksAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        Assert.Empty(await RollupCheck.RunAsync(db, default));
        return await db.Clicks.OrderBy(c => c.Id).ToListAsync();
    }

    [Theory, BothDatabases]
    public async Task A_click_is_stored_and_leads_to_the_shop_with_its_id(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        using var response = await ClickAsync(app, "/r/SARA", r => r.Headers.Referrer = new Uri("https://blog.example/tea"));
        var location = response.Headers.Location!;
        var query = QueryHelpers.ParseQuery(location.Query);
        Assert.Equal("https://shop.example/", location.GetLeftPart(UriPartial.Path));
        Assert.Equal(("affiliate", "referral", "sara"), ((string?)query["utm_source"], (string?)query["utm_medium"], (string?)query["utm_campaign"]));
        var click = Assert.Single(await ClicksAsync(app));
        Assert.Equal(click.Id, query["aff_click"]);
        Assert.Equal(click.Id, query["utm_content"]);
        Assert.Equal((ClickFlag.None, 30, "127.0.0.0/24", Firefox, "https://blog.example/tea", "/"),
            (click.Flag, click.WindowDays, click.Network, click.UserAgent, click.Referrer, click.Landing));
        Assert.Equal(app.Clock.GetUtcNow(), click.At);
        Assert.Equal(new ClickClaim(click.Id, click.PartnerId, 0, click.At, 30), app.Services.GetRequiredService<ClickIds>().Read(click.Id, out _));
    }

    [Theory, BothDatabases]
    public async Task A_deep_link_is_told_from_the_plain_code(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PartnerAsync("tom");
        var link = await app.PostAsync($"/v1/partners/{sara["id"]}/links", new { path = "/product/قوری/" });
        var red = await app.PostAsync($"/v1/partners/{sara["id"]}/links", new { path = "/product/mug/?colour=red" });
        Assert.StartsWith("https://shop.example/product/%D9%82%D9%88%D8%B1%DB%8C/?utm_source=affiliate&", await LocationAsync(app, (string)link["href"]!));
        Assert.EndsWith("&colour=red", await LocationAsync(app, (string)red["href"]!));
        await LocationAsync(app, "/r/sara/product/mug/");
        await LocationAsync(app, "/r/tom/product/%D9%82%D9%88%D8%B1%DB%8C/");
        Assert.Equal([PublicId.NumberOf(PublicId.Link, (string?)link["id"])!.Value, PublicId.NumberOf(PublicId.Link, (string?)red["id"])!.Value, 0, 0],
            (await ClicksAsync(app)).Select(c => c.LinkId));
    }

    [Fact]
    public async Task Members_of_the_query_pass_except_those_that_are_ours_in_any_spelling()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        var location = await LocationAsync(app, "/r/sara/a/?colour=dark%20red&utm_source=evil&UTM_Content=x&aff_click=clk_forged&aff_click[]=y&aff%5Fclick=z"
            + "&utm.source=e&%20utm_medium=e&+utm+campaign=e&aff_click%5Bx=e&q=a+b&flag&x=%E2%98%83&utm_term=tea&ref=tom");
        var query = location[(location.IndexOf('?') + 1)..].Split('&');
        Assert.Equal(["utm_source=affiliate", "utm_medium=referral", "utm_campaign=sara"], query[..3]);
        Assert.Equal(["colour=dark%20red", "q=a+b", "flag", "x=%E2%98%83", "utm_term=tea", "ref=tom"], query[5..]);
    }

    [Fact]
    public async Task The_landing_address_stays_short_enough_for_the_shops_cookies()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        var location = await LocationAsync(app, $"/r/sara/a/?a=1&long={new string('x', 3000)}&b=2");
        Assert.InRange(location.Length, 100, 1024);
        Assert.EndsWith("&a=1&b=2", location);
        using var tooLong = await ClickAsync(app, "/r/sara/" + new string('x', 3000));
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.Single(await ClicksAsync(app));
    }

    [Fact]
    public async Task A_code_is_known_in_any_case_by_its_aliases_and_percent_encoded()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara", "سارا کتاب", "Old Code!");
        foreach (var code in new[] { "Sara", "%73ARA", "%D8%B3%D8%A7%D8%B1%D8%A7%20%D9%83%D8%AA%D8%A7%D8%A8", "old%20code!" })
            Assert.Contains("utm_campaign=sara&", await LocationAsync(app, $"/r/{code}"));
    }

    [Fact]
    public async Task An_unknown_or_inactive_code_leads_to_the_shop_and_nothing_is_counted()
    {
        await using var app = await SidecarApp.StartAsync();
        var sara = await app.PartnerAsync("sara");
        await app.PostAsync($"/v1/partners/{sara["id"]}/suspend", new { });
        await app.PostAsync("/v1/partners", new { code = "pending", name = "P", email = "p@example.com" });
        foreach (var code in new[] { "nobody", "sara", "pending", "a%0D%0ALocation:%20evil.example", new string('x', 2000) })
            Assert.Equal("https://shop.example/tea/?q=1&utm_source=letter", await LocationAsync(app, $"/r/{code}/tea/?q=1&utm_source=letter"));
        Assert.Empty(await ClicksAsync(app));
    }

    [Fact]
    public async Task A_shop_in_a_subfolder_keeps_it()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Shops:main:Url"] = "https://example.com:8443/shop" });
        await app.PartnerAsync("sara");
        Assert.StartsWith("https://example.com:8443/shop/?utm_source", await LocationAsync(app, "/r/sara"));
        Assert.StartsWith("https://example.com:8443/shop/tea/?utm_source", await LocationAsync(app, "/r/sara/tea/"));
    }

    [Fact]
    public async Task Without_a_shop_there_is_nowhere_to_go()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Shops:main:Url"] = null });
        using var response = await ClickAsync(app, "/r/sara");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }
}
