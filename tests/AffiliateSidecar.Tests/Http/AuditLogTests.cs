using System.Net;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Http;

public sealed class AuditLogTests
{
    [Theory, BothDatabases]
    public async Task Who_did_what_and_when_is_listed_newest_first_and_found_by_subject_actor_and_time(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PostAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@example.com" });
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.PostAsync($"/v1/partners/{sara["id"]}/approve", new { reason = "known blogger" });
        await app.PartnerAsync("tom");

        async Task<string[]> ActionsAsync(string query) =>
            [.. (await app.GetAsync("/v1/audit-log?" + query))["data"]!.AsArray().Select(a => (string)a!["action"]!)];

        Assert.Equal(["partner.approved", "partner.create", "partner.approved", "partner.create"], await ActionsAsync(""));
        Assert.Equal(["partner.approved", "partner.create"], await ActionsAsync($"subject={sara["id"]}"));
        Assert.Equal(["partner.create"], await ActionsAsync("to=2026-11-24T12:30:00Z"));
        Assert.Equal(3, (await ActionsAsync("from=2026-11-24T12:30:00Z")).Length);
        Assert.Empty(await ActionsAsync("actor=key_nobody"));
        Assert.Equal(4, (await ActionsAsync("actor=bootstrap")).Length);
        var entry = (await app.GetAsync($"/v1/audit-log?subject={sara["id"]}&limit=1"))["data"]![0]!;
        Assert.Equal("known blogger", (string?)entry["detail"]);
        Assert.Equal("2026-11-24T13:00:00Z", (string?)entry["at"]);
        Assert.Equal("127.0.0.1", (string?)entry["origin"]);
    }

    [Fact]
    public async Task Pages_follow_each_other_without_gap_or_repetition()
    {
        await using var app = await SidecarApp.StartAsync();
        for (var i = 0; i < 3; i++)
            await app.PartnerAsync($"partner-{i}");
        var ids = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await app.GetAsync($"/v1/audit-log?limit=4{(cursor.Length > 0 ? "&cursor=" + cursor : "")}");
            ids.AddRange(page["data"]!.AsArray().Select(a => (string)a!["id"]!));
            cursor = (string?)page["next_cursor"];
        }
        Assert.Equal(6, ids.Distinct().Count());
        Assert.Equal(ids.OrderDescending(), ids);
    }

    [Fact]
    public async Task Only_an_admin_may_read_it()
    {
        await using var app = await SidecarApp.StartAsync();
        var (_, key) = await app.KeyAsync(Scope.PartnersRead, Scope.PartnersWrite);
        using var other = app.With(key);
        using var response = await other.GetAsync("/v1/audit-log");
        await response.ProblemAsync(HttpStatusCode.Forbidden);
    }
}
