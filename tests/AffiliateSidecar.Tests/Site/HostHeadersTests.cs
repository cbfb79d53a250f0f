using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class HostHeadersTests
{
    [Theory]
    [InlineData("https://partners.shop.example/")]
    [InlineData("https://shop.example/partners")]
    public async Task A_page_is_shown_under_the_policy_that_its_host_will_send(string baseUrl)
    {
        await using var app = await SidecarApp.StartAsync();
        var folder = await app.BuildAsync(baseUrl: baseUrl);
        foreach (var path in new[] { "/site/", "/site/fa/terms/", "/site/en/nowhere/" })
        {
            using var answer = await app.Anonymous.GetAsync(path);
            Assert.StartsWith("default-src 'none'; ", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("Permissions-Policy"));
            Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        }
        // A later rule wins; the file itself is for hosts.
        File.AppendAllText(Path.Combine(folder, "_headers"), $"{new Uri(baseUrl).AbsolutePath.TrimEnd('/')}/en/*\n  X-Note: here: and there\n# none\n");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "_headers"), DateTime.UtcNow.AddMinutes(1));
        using var english = await app.Anonymous.GetAsync("/site/en/terms/");
        Assert.Equal(["here: and there"], english.Headers.GetValues("X-Note"));
        using var persian = await app.Anonymous.GetAsync("/site/fa/terms/");
        Assert.False(persian.Headers.Contains("X-Note"));
        using var file = await app.Anonymous.GetAsync("/site/_headers");
        Assert.Equal(404, (int)file.StatusCode);
    }
}
