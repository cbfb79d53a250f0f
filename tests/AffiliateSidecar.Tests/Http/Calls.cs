using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Http;

/// <summary>Raw calls, and what every error must look like.</summary>
static class Calls
{
    /// <summary>A database server that nobody listens for.</summary>
    public static readonly Dictionary<string, string?> DatabaseAway = new()
    {
        ["ConnectionStrings:Sidecar"] = "Server=127.0.0.1;Port=1;User ID=root;Password=pw;Database=away",
        ["Logging:LogLevel:Default"] = "None",
    };

    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient http, string path, string body, string? key = null, string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return http.SendAsync(request);
    }

    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal("about:blank", (string?)problem["type"]);
        Assert.NotNull((string?)problem["title"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.EndsWith(".", (string?)problem["detail"]);
        Assert.Equal(response.RequestMessage!.RequestUri!.AbsolutePath, (string?)problem["instance"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["trace_id"]));
        Assert.Equal(status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity, problem.ContainsKey("errors"));
        foreach (var leak in new[] { "System.", "AffiliateSidecar", "BytePosition", "LineNumber", "parameter", "Attribute", "Exception", "   at " })
            Assert.DoesNotContain(leak, text, StringComparison.OrdinalIgnoreCase);
        return problem;
    }

    /// <summary>A service with one POST that counts how often it really ran.</summary>
    public static Task<SidecarApp> CountingAsync(Func<int, Task<IResult>>? answer, Counted runs, Db db = Db.Sqlite, string? folder = null, string? connection = null) =>
        SidecarApp.StartAsync(db, dataFolder: folder, connectionString: connection, map: app => app.MapPost("/counted", async () =>
        {
            var n = Interlocked.Increment(ref runs.Count);
            return answer is null ? TypedResults.Created($"/counted/{n}", new { n }) : await answer(n);
        }).RequireScope(Scope.Admin).Idempotent());

    public static async Task<(SidecarApp App, Counted Runs)> CountingAsync(Db db = Db.Sqlite, Func<int, Task<IResult>>? answer = null)
    {
        var runs = new Counted();
        return (await CountingAsync(answer, runs, db), runs);
    }

    public static Task<(string Id, string Key)> KeyAsync(this SidecarApp app, params string[] scopes) =>
        app.Services.GetRequiredService<ApiKeys>().CreateAsync("test", scopes, CancellationToken.None);

    public static HttpClient With(this SidecarApp app, string key) => new()
    {
        BaseAddress = app.Url, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    public static async Task EventuallyAsync(Func<Task<bool>> isTrue)
    {
        for (var attempt = 0; !await isTrue(); attempt++)
        {
            Assert.True(attempt < 400, "It did not come true in time.");
            await Task.Delay(25);
        }
    }
}

sealed class Counted
{
    public int Count;

    public Task ReachAsync(int count) => Calls.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref Count) >= count));
}
