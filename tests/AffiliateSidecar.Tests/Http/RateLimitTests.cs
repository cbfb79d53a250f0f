using System.Net;
using AffiliateSidecar.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class RateLimitTests
{
    static Dictionary<string, string?> ThreeAMinute(string budget) => new()
    {
        [$"Sidecar:RateLimit:{budget}:Requests"] = "3",
        [$"Sidecar:RateLimit:{budget}:Seconds"] = "60",
    };

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_how_long_to_wait()
    {
        await using var app = await SidecarApp.StartAsync(settings: ThreeAMinute("key"));
        for (var left = 2; left >= 0; left--)
        {
            using var fine = await app.Http.GetAsync("/v1/partners");
            Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
            Assert.Equal("\"key\";q=3;w=60", fine.Headers.GetValues("RateLimit-Policy").Single());
            Assert.StartsWith($"\"key\";r={left};t=", fine.Headers.GetValues("RateLimit").Single());
        }
        using var refused = await app.Http.GetAsync("/v1/partners");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("\"key\";r=0;t=60", refused.Headers.GetValues("RateLimit").Single());
    }

    [Fact]
    public async Task Keys_do_not_spend_each_others_budget()
    {
        await using var app = await SidecarApp.StartAsync(settings: ThreeAMinute("key"));
        for (var i = 0; i < 4; i++)
            (await app.Http.GetAsync("/v1/partners")).Dispose();
        var (_, key) = await app.KeyAsync(Scope.PartnersRead);
        using var other = app.With(key);
        using var fine = await other.GetAsync("/v1/partners");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task A_refused_request_carries_its_rate_limit_too()
    {
        await using var app = await SidecarApp.StartAsync();
        using var bad = await app.Http.GetAsync("/v1/partners?limit=many");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.True(bad.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8, ::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData(null, false)]
    public async Task The_address_behind_a_proxy_counts_only_where_the_proxy_is_trusted(string? trusted, bool counts)
    {
        var settings = ThreeAMinute("public");
        settings["Sidecar:Http:TrustedProxies"] = trusted;
        await using var app = await SidecarApp.StartAsync(settings: settings, map: app => app.MapPost("/form", (HttpContext http) =>
            http.Connection.RemoteIpAddress!.ToString()).LimitPerAddress(Budget.Public));
        var seen = new List<HttpStatusCode>();
        for (var i = 1; i <= 5; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/form");
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            using var response = await app.Anonymous.SendAsync(request);
            seen.Add(response.StatusCode);
            if (response.IsSuccessStatusCode)
                Assert.Equal(counts ? $"203.0.113.{i}" : "127.0.0.1", await response.Content.ReadAsStringAsync());
        }
        Assert.Equal(counts ? 0 : 2, seen.Count(s => s == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_proxy_that_is_no_address_stops_the_start()
    {
        var mistake = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Http:TrustedProxies:0"] = "my-proxy" }));
        Assert.Contains("my-proxy", mistake.Message);
    }

    [Fact]
    public async Task A_hot_path_has_no_limit_and_no_caller()
    {
        await using var app = await SidecarApp.StartAsync(settings: ThreeAMinute("public"),
            map: app => app.MapGet("/hot", (HttpContext http) => TypedResults.Text(http.Actor())).HotPath());
        for (var i = 0; i < 5; i++)
            Assert.Equal("public", await app.Http.GetStringAsync("/hot"));
        using var response = await app.Http.GetAsync("/hot");
        Assert.False(response.Headers.Contains("RateLimit"));
    }
}
