using AffiliateSidecar.Support;
using Microsoft.Playwright;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class SignupInBrowserTests
{
    [Fact]
    public async Task Without_JavaScript_the_way_leads_from_the_shops_footer_over_another_host_to_the_service()
    {
        await using var host = await StaticHost.StartAsync();
        var service = new Uri($"http://localhost:{StaticHost.FreePort()}/");
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>
        {
            ["urls"] = service.AbsoluteUri.Replace("localhost", "127.0.0.1", StringComparison.Ordinal),
            ["Sidecar:Site:BaseUrl"] = host.Url.AbsoluteUri, ["Sidecar:Site:ServiceUrl"] = service.AbsoluteUri,
        });
        host.Folder = await app.BuildAsync();
        File.WriteAllText(Path.Combine(host.Folder, "shop.html"), "<!doctype html><title>Shop</title><footer>" + File.ReadAllText(Path.Combine(host.Folder, "en/footer.html")) + "</footer>");
        var page = await Browser.OpenAsync(390, scripts: false);
        await page.GotoAsync(new Uri(host.Url, "shop.html").AbsoluteUri);
        await page.ClickAsync("footer a");
        await page.FillAsync("#name", "Sara");
        await page.FillAsync("#email", "sara@mail.example");
        await page.FillAsync("#website", "blog.example");
        await page.FillAsync("#code", "no");
        await page.CheckAsync("#terms");
        await page.ClickAsync("#send");

        await Assertions.Expect(page.Locator("#code-error")).ToBeVisibleAsync();
        Assert.Equal(service.Authority, new Uri(page.Url).Authority);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await page.FillAsync("#code", "sara");
        await page.ClickAsync("#send");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Thank you. We have it.");
        Assert.Equal(new Uri(host.Url, "en/thank-you/"), new Uri(page.Url));
        Assert.Empty(await page.Context.CookiesAsync());
        await page.Context.CloseAsync();
        var partner = Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray())!;
        Assert.Equal(("sara", "footer"), ((string)partner["code"]!, (string)partner["signup_source"]!));
    }

    [Theory]
    [InlineData("en", 1280, "Send application", "Enter a web address such as blog.example.", "Thank you. We have it.")]
    [InlineData("fa", 390, "فرستادن درخواست", "نشانی وب را مانند blog.example بنویسید.", "سپاس. درخواست شما رسید.")]
    public async Task A_blogger_signs_up_makes_a_mistake_and_mends_it(string language, int width, string button, string error, string thanks)
    {
        await using var app = await SidecarApp.StartAsync();
        await app.BuildAsync(baseUrl: new Uri(app.Url, "site").AbsoluteUri);
        var page = await Browser.OpenAsync(width);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        await page.GotoAsync(new Uri(app.Url, $"site/{language}/signup/").AbsoluteUri);
        await page.FillAsync("#name", "Sara");
        await page.FillAsync("#email", "sara@mail.example");
        await page.FillAsync("#website", "my blog");
        await page.CheckAsync("#terms");
        await page.ClickAsync($"text={button}");

        await Assertions.Expect(page.Locator("#website-error")).ToHaveTextAsync(error);
        Assert.Equal("sara@mail.example", await page.InputValueAsync("#email"));
        Assert.True(await page.IsCheckedAsync("#terms"));
        Assert.Equal(0, await page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await page.FillAsync("#website", "blog.example");
        await page.ClickAsync($"text={button}");

        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(thanks);
        Assert.Equal($"/site/{language}/thank-you/", new Uri(page.Url).AbsolutePath);
        await page.Context.CloseAsync();
        var partner = Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray())!;
        Assert.Equal(("pending", language), ((string)partner["status"]!, (string)partner["locale"]!));
        // A 422 is reported by the browser as a failed load; the content security policy has nothing to say.
        Assert.DoesNotContain(complaints, c => c.Contains("Security Policy", StringComparison.OrdinalIgnoreCase));
    }
}
