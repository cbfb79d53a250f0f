using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class SwaggerInBrowserTests
{
    [Fact]
    public async Task The_key_is_entered_once_and_a_call_tried_without_asking_any_other_server()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        var page = await Browser.OpenAsync();
        var elsewhere = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(app.Url.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
                elsewhere.Add(request.Url);
        };
        await page.GotoAsync($"{app.Url}swagger");
        await page.Locator("button.authorize").First.ClickAsync();
        await page.Locator(".modal-ux input[type=text]").FillAsync(SidecarApp.AdminKey);
        await page.Locator(".modal-ux button.authorize").ClickAsync();

        // A deep link to one operation; the key is still known after the page is loaded anew.
        await page.GotoAsync($"{app.Url}swagger/index.html#/Partners/partners_list");
        await page.ReloadAsync();
        await page.Locator("#operations-Partners-partners_list .try-out__btn").ClickAsync();
        await page.Locator("#operations-Partners-partners_list button.execute").ClickAsync();
        var answer = page.Locator("#operations-Partners-partners_list .live-responses-table tbody .response-col_status");
        Assert.Contains("200", await answer.First.InnerTextAsync());
        Assert.Contains("sara", await page.Locator("#operations-Partners-partners_list .live-responses-table tbody .highlight-code").First.InnerTextAsync());
        Assert.Empty(elsewhere);
        await page.Context.CloseAsync();
    }
}
