using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class CalculatorTests
{
    [Theory]
    [InlineData("en", "You would earn in a month: €40", "€44")]
    [InlineData("fa", "درآمد شما در ماه: ۴۰ یورو", "۴۴ یورو")]
    public async Task What_stands_there_first_is_what_the_script_would_write(string language, string line, string more)
    {
        await using var app = await SidecarApp.StartAsync();
        await app.BuildAsync(baseUrl: new Uri(app.Url, "site").AbsoluteUri);
        var page = await Browser.OpenAsync(390);
        await page.GotoAsync(new Uri(app.Url, $"site/{language}/earn/").AbsoluteUri);
        Assert.Equal(line, await page.InnerTextAsync("#calculator .sum"));
        var order = await page.TextContentAsync("#shown");
        await page.FillAsync("#orders", "11");
        Assert.Equal(more, await page.TextContentAsync("#result"));
        await page.FillAsync("#orders", "10");
        Assert.Equal((line, order), (await page.InnerTextAsync("#calculator .sum"), await page.TextContentAsync("#shown")));
        await page.Context.CloseAsync();
    }
}
