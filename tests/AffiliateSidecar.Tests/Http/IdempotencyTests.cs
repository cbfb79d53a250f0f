using System.Net;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class IdempotencyTests
{
    const string Body = "{\"name\":\"Sara\",\"email\":\"sara@example.com\"}";

    [Theory, BothDatabases]
    public async Task The_same_key_and_body_give_the_first_answer_again(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        using var first = await app.Http.PostTextAsync("/v1/partners", Body, "key-1");
        using var again = await app.Http.PostTextAsync("/v1/partners", Body, "key-1");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Theory, BothDatabases]
    public async Task The_same_key_with_another_body_is_refused(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        (await app.Http.PostTextAsync("/v1/partners", Body, "key-1")).Dispose();
        using var other = await app.Http.PostTextAsync("/v1/partners", Body.Replace("Sara", "Tom", StringComparison.Ordinal), "key-1");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    [Theory, BothDatabases]
    public async Task A_refusal_is_an_answer_and_is_kept_too(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        const string taken = "{\"name\":\"S\",\"email\":\"s@example.com\",\"code\":\"sara\"}";
        using var first = await app.Http.PostTextAsync("/v1/partners", taken, "key-1");
        using var again = await app.Http.PostTextAsync("/v1/partners", taken, "key-1");
        await again.ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_failure_is_not_kept_so_that_trying_again_helps()
    {
        var (app, runs) = await Calls.CountingAsync(answer: n => n switch
        {
            1 => Task.FromResult(Results.StatusCode(500)),
            2 => throw new InvalidOperationException("broken"),
            _ => Task.FromResult<IResult>(TypedResults.Ok()),
        });
        await using var _ = app;
        for (var i = 0; i < 2; i++)
        {
            using var failed = await app.Http.PostTextAsync("/counted", "", "key-1");
            await failed.ProblemAsync(HttpStatusCode.InternalServerError);
        }
        using var fine = await app.Http.PostTextAsync("/counted", "", "key-1");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
        Assert.Equal(3, runs.Count);
    }

    [Fact]
    public async Task A_key_belongs_to_its_caller_and_path()
    {
        var (app, runs) = await Calls.CountingAsync();
        await using var _ = app;
        var (_, key) = await app.KeyAsync(Scope.Admin);
        using var other = app.With(key);
        (await app.Http.PostTextAsync("/counted", "", "key-1")).Dispose();
        (await other.PostTextAsync("/counted", "", "key-1")).Dispose();
        Assert.Equal(2, runs.Count);
        using var elsewhere = await app.Http.PostTextAsync("/v1/partners", Body, "key-1");
        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    [Theory, BothDatabases]
    public async Task While_the_first_is_being_answered_the_second_is_told_to_wait_on_every_node(Db db)
    {
        var gate = new TaskCompletionSource();
        await using var cluster = await Cluster.StartAsync(db, async n =>
        {
            await gate.Task;
            return TypedResults.Ok(n);
        });
        var first = cluster.First.Http.PostTextAsync("/counted", "{}", "key-1");
        await cluster.Runs.ReachAsync(1);
        foreach (var node in new[] { cluster.First, cluster.Second })
        {
            using var second = await node.Http.PostTextAsync("/counted", "{}", "key-1");
            await second.ProblemAsync(HttpStatusCode.Conflict);
            Assert.NotNull(second.Headers.RetryAfter);
        }
        gate.SetResult();
        using var answer = await first;
        using var later = await cluster.Second.Http.PostTextAsync("/counted", "{}", "key-1");
        Assert.Equal(await answer.Content.ReadAsStringAsync(), await later.Content.ReadAsStringAsync());
        Assert.Equal(1, cluster.Runs.Count);
    }

    [Theory, BothDatabases]
    public async Task Many_at_once_on_two_nodes_run_once(Db db)
    {
        await using var cluster = await Cluster.StartAsync(db, async n =>
        {
            await Task.Delay(50);
            return TypedResults.Ok(n);
        });
        var calls = Enumerable.Range(0, 24).Select(i => (i % 2 == 0 ? cluster.First : cluster.Second).Http.PostTextAsync("/counted", "{}", "key-1"));
        var answers = await Task.WhenAll(calls);
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict, a.StatusCode.ToString()));
        Assert.Equal(1, cluster.Runs.Count);
    }

    [Theory, BothDatabases]
    public async Task A_node_that_died_in_the_middle_holds_a_key_for_half_a_minute_only(Db db)
    {
        var gate = new TaskCompletionSource();
        await using var cluster = await Cluster.StartAsync(db, async n =>
        {
            if (n == 1)
                await gate.Task;
            return TypedResults.Ok(n);
        });
        // Its clock stands still, so the first node renews nothing: as good as dead.
        var lost = cluster.First.Http.PostTextAsync("/counted", "{}", "key-1");
        await cluster.Runs.ReachAsync(1);
        cluster.Second.Clock.Advance(TimeSpan.FromSeconds(29));
        using var early = await cluster.Second.Http.PostTextAsync("/counted", "{}", "key-1");
        await early.ProblemAsync(HttpStatusCode.Conflict);
        cluster.Second.Clock.Advance(TimeSpan.FromSeconds(2));
        using var taken = await cluster.Second.Http.PostTextAsync("/counted", "{}", "key-1");
        Assert.Equal("2", await taken.Content.ReadAsStringAsync());
        // Back from the dead, it does not overwrite what the other answered.
        gate.SetResult();
        (await lost).Dispose();
        using var again = await cluster.Second.Http.PostTextAsync("/counted", "{}", "key-1");
        Assert.Equal("2", await again.Content.ReadAsStringAsync());
    }

    [Theory, BothDatabases]
    public async Task A_slow_answer_keeps_its_key(Db db)
    {
        var gate = new TaskCompletionSource();
        await using var cluster = await Cluster.StartAsync(db, async n =>
        {
            await gate.Task;
            return TypedResults.Ok(n);
        });
        var slow = cluster.First.Http.PostTextAsync("/counted", "{}", "key-1");
        await cluster.Runs.ReachAsync(1);
        var before = await ClaimedUntilAsync(cluster.First);
        cluster.First.Clock.Advance(TimeSpan.FromSeconds(20));
        await Calls.EventuallyAsync(async () => await ClaimedUntilAsync(cluster.First) > before);
        cluster.Second.Clock.Advance(TimeSpan.FromSeconds(40));
        using var second = await cluster.Second.Http.PostTextAsync("/counted", "{}", "key-1");
        await second.ProblemAsync(HttpStatusCode.Conflict);
        gate.SetResult();
        (await slow).Dispose();
    }

    [Theory, BothDatabases]
    public async Task After_a_day_a_key_is_new_and_its_answer_forgotten(Db db)
    {
        var (app, runs) = await Calls.CountingAsync(db);
        await using var _ = app;
        (await app.Http.PostTextAsync("/counted", "", "key-1")).Dispose();
        app.Leap(TimeSpan.FromHours(23.5));
        (await app.Http.PostTextAsync("/counted", "", "key-1")).Dispose();
        Assert.Equal(1, runs.Count);
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await app.Http.PostTextAsync("/counted", "", "key-1")).Dispose();
        Assert.Equal(2, runs.Count);
        app.Leap(TimeSpan.FromHours(24));
        app.Clock.Advance(TimeSpan.FromHours(1));
        await Calls.EventuallyAsync(async () =>
        {
            await using var open = app.Services.GetRequiredService<Database>().Open();
            return await open.Idempotency.CountAsync() == 0;
        });
    }

    /// <summary>The last hour wakes the purge, which deletes the row that the call has just read.</summary>
    [Theory, BothDatabases]
    public async Task A_key_whose_day_is_over_is_new_also_while_old_answers_are_being_deleted(Db db)
    {
        var (app, runs) = await Calls.CountingAsync(db);
        await using var _ = app;
        for (var day = 1; day <= 20; day++)
        {
            (await app.Http.PostTextAsync("/counted", "", "key-1")).Dispose();
            Assert.Equal(day, runs.Count);
            app.Leap(TimeSpan.FromHours(24));
            app.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("256")]
    public async Task A_key_is_1_to_255_visible_ascii_characters(string key)
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.PostTextAsync("/v1/partners", Body, key == "256" ? new string('k', 256) : key);
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal(["Idempotency-Key"], problem["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task A_body_of_almost_a_megabyte_is_compared_too()
    {
        var (app, runs) = await Calls.CountingAsync();
        await using var _ = app;
        var body = new string('x', 1_000_000);
        (await app.Http.PostTextAsync("/counted", body, "key-1")).Dispose();
        (await app.Http.PostTextAsync("/counted", body, "key-1")).Dispose();
        using var other = await app.Http.PostTextAsync("/counted", body + "y", "key-1");
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, runs.Count);
    }

    static async Task<DateTimeOffset> ClaimedUntilAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.Idempotency.Select(r => r.ClaimedUntil).SingleAsync();
    }
}
