using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class HealthTests
{
    [Theory, BothDatabases]
    public async Task A_service_with_its_database_is_alive_and_ready(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        Assert.Equal("alive", (string?)(await app.GetAsync("/healthz"))["status"]);
        using var head = await app.Anonymous.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/readyz"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        var ready = await app.GetAsync("/readyz");
        Assert.Equal("ready", (string?)ready["status"]);
        Assert.Equal(["database", "disk"], ready["checks"]!.AsArray().Select(c => (string)c!["name"]!).Order().Intersect(["database", "disk"]));
    }

    [Fact]
    public async Task Without_its_database_it_is_alive_but_not_ready_and_says_why_without_saying_where()
    {
        await using var app = await SidecarApp.StartAsync(settings: Calls.DatabaseAway);
        using var alive = await app.Anonymous.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        using var response = await app.Anonymous.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        var ready = JsonNode.Parse(text)!;
        Assert.Equal("unavailable", (string?)ready["status"]);
        Assert.Contains(ready["checks"]!.AsArray(), c => (string?)c!["name"] == "database" && (string?)c["status"] == "failed");
        Assert.DoesNotContain("127.0.0.1", text);
        Assert.DoesNotContain("root", text);
    }

    [Fact]
    public async Task A_degraded_part_leaves_it_ready_and_a_broken_check_does_not()
    {
        await using var limping = await SidecarApp.StartAsync(customise: s => s.AddSingleton<IReadinessCheck>(new Part(() => (Condition.Degraded, "Limping."))));
        Assert.Equal("degraded", (string?)(await limping.GetAsync("/readyz"))["status"]);
        await using var broken = await SidecarApp.StartAsync(customise: s => s.AddSingleton<IReadinessCheck>(new Part(() => throw new InvalidOperationException("secret"))));
        using var response = await broken.Anonymous.GetAsync("/readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Metrics_are_prometheus_text_with_requests_runtime_and_our_own()
    {
        await using var app = await SidecarApp.StartAsync();
        var counter = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.test");
        counter.Add(7);
        await app.GetAsync("/v1/partners");
        var text = await app.Anonymous.GetStringAsync("/metrics");
        Assert.Contains("http_server_request_duration_seconds_count", text);
        Assert.Contains("/v1/partners", text);
        Assert.Contains("dotnet_gc", text);
        Assert.Matches("affiliate_sidecar_test_total.* 7", text);
    }

    sealed class Part(Func<(Condition, string)> look) : IReadinessCheck
    {
        public string Name => "part";

        public Task<(Condition, string)> CheckAsync(CancellationToken cancel) => Task.FromResult(look());
    }
}
