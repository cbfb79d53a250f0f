using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AffiliateSidecar.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class ProblemTests
{
    [Fact]
    public async Task An_unknown_path_is_a_problem_that_names_the_path()
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Anonymous.GetAsync("/v1/nothing/here");
        var problem = await response.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Contains("/v1/nothing/here", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_wrong_method_is_told_which_are_possible()
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.DeleteAsync("/v1/partners");
        await response.ProblemAsync(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["GET", "POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("{\"name\":\"A\",}", "body")]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{\"code\":\"sara\"}", "name,email")]
    [InlineData("{\"name\":\"\\ud800\",\"email\":\"a@example.com\"}", "name")]
    [InlineData("{\"name\":5,\"email\":\"a@example.com\"}", "name")]
    [InlineData("{\"name\":null,\"email\":\"a@example.com\"}", "name")]
    [InlineData("{\"name\":\"A\",\"email\":\"nobody\",\"code\":\"!\"}", "code,email")]
    [InlineData("{\"name\":\"A\",\"email\":\"a@example.com\",\"aliases\":\"x\"}", "aliases")]
    [InlineData("{\"name\":\"A\",\"email\":\"a@example.com\",\"aliases\":[\"x\",7]}", "aliases[1]")]
    [InlineData("{\"name\":\"A\",\"email\":\"a@example.com\",\"payout\":{\"iban\":1}}", "payout.iban")]
    [InlineData("{\"name\":\"A\",\"email\":\"a@example.com\",\"referred_by\":\"0123456789012345678901234567890123456789012345678901234567890\"}", "referred_by")]
    public async Task A_bad_body_is_refused_member_by_member_in_the_names_of_the_json(string body, string members)
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.PostTextAsync("/v1/partners", body);
        var errors = (await response.ProblemAsync(HttpStatusCode.BadRequest))["errors"]!.AsObject();
        Assert.Equal(members.Split(',').Order(), errors.Select(e => e.Key).Order());
        Assert.All(errors, e => Assert.NotEmpty(e.Value!.AsArray()));
    }

    [Fact]
    public async Task Json_nested_a_thousand_deep_is_refused_wherever_it_is()
    {
        await using var app = await SidecarApp.StartAsync();
        var deep = new string('[', 1000) + new string(']', 1000);
        using var bare = await app.Http.PostTextAsync("/v1/partners", deep);
        await bare.ProblemAsync(HttpStatusCode.BadRequest);
        using var inside = await app.Http.PostTextAsync("/v1/partners", "{\"unknown\":" + deep + "}");
        Assert.Contains("deeper than 32 levels", (string?)(await inside.ProblemAsync(HttpStatusCode.BadRequest))["detail"]);
    }

    [Theory]
    [InlineData("/v1/partners?limit=many", "limit")]
    [InlineData("/v1/partners?limit=0", "limit")]
    [InlineData("/v1/partners?status=gone", "status")]
    [InlineData("/v1/partners?cursor=***", "cursor")]
    [InlineData("/v1/partners?cursor=aGVsbG8", "cursor")]
    [InlineData("/v1/partners?limit=1&limit=2", "limit")]
    [InlineData("/v1/partners?limit=99999999999999", "limit")]
    [InlineData("/v1/audit-log?from=yesterday", "from")]
    public async Task A_bad_query_member_is_named_as_it_was_sent(string path, string member)
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.GetAsync(path);
        Assert.Equal([member], (await response.ProblemAsync(HttpStatusCode.BadRequest))["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task A_body_that_is_no_json_is_an_unsupported_media_type()
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.PostTextAsync("/v1/partners", "<partner/>", type: "application/xml");
        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
        var strange = new HttpRequestMessage(HttpMethod.Post, "/v1/partners") { Content = new ByteArrayContent("{}"u8.ToArray()) };
        strange.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=bogus");
        using var unknown = await app.Http.SendAsync(strange);
        await unknown.ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "key-1")]
    [InlineData(true, "key-1")]
    public async Task A_body_above_the_limit_is_refused_also_in_chunks(bool chunked, string? idempotencyKey)
    {
        await using var app = await SidecarApp.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/partners")
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{\"name\":\"" + new string('a', 1_100_000) + "\"}")),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked;
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        using var response = await app.Http.SendAsync(request);
        Assert.Contains("1048576", (string?)(await response.ProblemAsync(HttpStatusCode.RequestEntityTooLarge))["detail"]);
    }

    [Fact]
    public async Task No_key_or_an_unknown_one_is_401_and_a_missing_scope_is_403()
    {
        await using var app = await SidecarApp.StartAsync();
        using var none = await app.Anonymous.GetAsync("/v1/partners");
        await none.ProblemAsync(HttpStatusCode.Unauthorized);
        Assert.Equal("Bearer", none.Headers.WwwAuthenticate.ToString());
        var (_, key) = await app.KeyAsync(Scope.OrdersRead);
        using var poor = app.With(key);
        using var forbidden = await poor.GetAsync("/v1/partners");
        Assert.Contains("partners:read", (string?)(await forbidden.ProblemAsync(HttpStatusCode.Forbidden))["detail"]);
    }

    [Fact]
    public async Task A_mistake_of_ours_tells_the_trace_and_nothing_else()
    {
        await using var app = await SidecarApp.StartAsync(map: app => app.MapGet("/broken", string () => throw new InvalidOperationException("secret")).HotPath());
        var request = new HttpRequestMessage(HttpMethod.Get, "/broken");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await app.Anonymous.SendAsync(request);
        var problem = await response.ProblemAsync(HttpStatusCode.InternalServerError);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (string?)problem["trace_id"]);
        Assert.DoesNotContain("secret", problem.ToJsonString());
    }

    [Fact]
    public async Task An_error_is_a_problem_whatever_the_caller_accepts()
    {
        await using var app = await SidecarApp.StartAsync(map: app => app.MapGet("/teapot", () => TypedResults.Problem("Short and stout.", statusCode: 418)));
        var request = new HttpRequestMessage(HttpMethod.Get, "/teapot");
        request.Headers.Accept.ParseAdd("text/csv");
        using var response = await app.Anonymous.SendAsync(request);
        await response.ProblemAsync((HttpStatusCode)418);
    }

    [Fact]
    public async Task A_database_that_is_away_is_503_with_a_time_to_try_again()
    {
        await using var app = await SidecarApp.StartAsync(settings: Calls.DatabaseAway);
        using var response = await app.Http.GetAsync("/v1/partners");
        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Query_members_of_two_words_are_snake_case()
    {
        await using var app = await SidecarApp.StartAsync(map: app => app.MapGet("/echo", (string? externalId) => externalId));
        Assert.Equal("7", await app.Anonymous.GetStringAsync("/echo?external_id=7"));
    }
}
