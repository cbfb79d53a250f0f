using AffiliateSidecar.Support;
using Microsoft.Playwright;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class SignupInBrowserTests
{
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
