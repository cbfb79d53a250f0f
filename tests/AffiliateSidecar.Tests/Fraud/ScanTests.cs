using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Http;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>The nightly scan on the bundled program, and what follows from it.</summary>
public sealed class ScanTests
{
    static readonly DateTimeOffset Now = new(2025, 12, 19, 6, 0, 0, TimeSpan.Zero);

    static Task<SidecarApp> SampleAsync(Db db = Db.Sqlite, Dictionary<string, string?>? settings = null) => Sample.StartAsync(db, Now, settings, Nights.Off);

    static Task<JsonObject> ScanAsync(SidecarApp app) => app.PostAsync("/v1/fraud/scan", new { });

    static async Task<List<JsonNode>> AlertsAsync(SidecarApp app, string query = "") => [.. (await app.GetAsync("/v1/fraud/alerts?limit=200" + query))["data"]!.AsArray().Select(a => a!)];

    [Theory, BothDatabases]
    public async Task A_scan_opens_alerts_of_cheats_and_the_same_scan_again_changes_nothing(Db db)
    {
        await using var app = await SampleAsync(db);
        var first = await ScanAsync(app);
        Assert.Null((string?)first["shortage"]);
        Assert.Equal(3, (int)first["messages"]!);
        Assert.Equal(0, (int)first["budget_left"]!);
        var alerts = await AlertsAsync(app);
        Assert.Empty(alerts.Select(a => (string)a["partner_code"]!).Except(Sample.Cheats.Keys));
        Assert.Equal(3, alerts.Select(a => (string)a["message"]!).Distinct().Count());
        var money = alerts.Select(a => decimal.Parse(a["money_at_risk"].Text(), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(money.OrderDescending(), money);
        Assert.True((int)first["held"]! > 0);

        var before = (await AlertsAsync(app)).Select(a => a.ToJsonString()).ToList();
        var second = await ScanAsync(app);
        Assert.Equal((0, 0, 0), ((int)second["messages"]!, (int)second["held"]!, (int)second["budget_left"]!));
        Assert.Equal(before, (await AlertsAsync(app)).Select(a => a.ToJsonString()));
        Assert.All(second["suspicions"]!.AsArray(), s => Assert.Contains((string)s!["state"]!, (string[])["known", "waiting"]));
        await app.VerifyAsync();

        // Two days save up no whole message, three do.
        app.Leap(TimeSpan.FromDays(1));
        Assert.Equal(0, (int)(await ScanAsync(app))["messages"]!);
        app.Leap(TimeSpan.FromDays(2));
        Assert.InRange((int)(await ScanAsync(app))["messages"]!, 0, 1);
        var quality = await app.GetAsync("/v1/fraud/quality");
        Assert.Equal(3, (int)quality["scans"]!);
        Assert.Contains("0 verdicts so far", (string?)quality["why"], StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task A_list_is_read_page_by_page_and_a_past_day_is_asked_about_without_storing_anything(Db db)
    {
        await using var app = await SampleAsync(db);
        var result = await app.Services.GetRequiredService<FraudScan>().AsOfAsync(new(2025, 12, 10), CancellationToken.None);
        Assert.NotEmpty(result.Suspicions);
        Assert.Equal(3, result.Messages);
        Assert.Empty(await AlertsAsync(app));
        Assert.Equal(0, (int)(await app.GetAsync("/v1/fraud/quality"))["scans"]!);

        await ScanAsync(app);
        var all = (await AlertsAsync(app)).Select(a => (string)a["id"]!).ToList();
        var found = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await app.GetAsync("/v1/fraud/alerts?limit=1" + cursor);
            found.AddRange(page["data"]!.AsArray().Select(a => (string)a!["id"]!));
            if ((string?)page["next_cursor"] is not { } next)
                break;
            cursor = "&cursor=" + next;
        }
        Assert.Equal(all, found);
        var detail = await app.GetAsync($"/v1/fraud/alerts/{all[0]}");
        Assert.NotEmpty(detail["evidence"]!.AsArray());
        Assert.NotEmpty((string)detail["recommended_action"]!);
        Assert.Equal(all[0], (string?)(await AlertsAsync(app, $"&partner={detail["partner"]}&status=open")).Single()["id"]);
    }

    [Theory, BothDatabases]
    public async Task What_is_held_is_not_paid_and_is_released_when_the_time_is_over(Db db)
    {
        await using var app = await SampleAsync(db);
        await ScanAsync(app);
        var alert = await HeldAsync(app);
        var partner = (string)alert["partner"]!;
        var before = await app.BalanceAsync(partner);
        Assert.True(Amount(before["held"]) > 0);
        Assert.Equal(0, Amount(before["pending"]));

        await app.Services.GetServices<IHostedService>().OfType<Orders.HoldPeriods>().Single().ApproveDueAsync(CancellationToken.None);
        var payout = await app.PostAsync("/v1/payouts", new { minimum = "0" });
        var line = payout["lines"]?.AsArray().SingleOrDefault(l => (string?)l!["partner"] == partner);
        Assert.Equal(Amount(before["approved"]), line is null ? 0 : Amount(line["amount"]!["amount"]));

        var money = ActivatorUtilities.CreateInstance<CaseMoney>(app.Services, (TimeProvider)new FakeTimeProvider(Now.AddDays(31)));
        await money.ReleaseDueAsync(CancellationToken.None);
        await money.ReleaseDueAsync(CancellationToken.None);
        var after = await app.BalanceAsync(partner);
        Assert.Equal(0, Amount(after["held"]));
        Assert.Equal(Amount(before["balance"]), Amount(after["balance"]));
        Assert.Contains("ended", (string?)(await app.GetAsync($"/v1/fraud/alerts/{alert["id"]}"))["hold"], StringComparison.Ordinal);
        Assert.Single((await app.GetAsync($"/v1/audit-log?subject={alert["id"]}"))["data"]!.AsArray(), a => (string?)a!["action"] == "fraud.release");
        Assert.Equal(0, await money.HoldAsync(CancellationToken.None));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Fraud_is_reversed_in_the_ledger_and_a_changed_mind_gives_everything_back(Db db)
    {
        await using var app = await SampleAsync(db);
        await ScanAsync(app);
        var alert = await HeldAsync(app);
        var (id, partner) = ((string)alert["id"]!, (string)alert["partner"]!);
        var before = await app.BalanceAsync(partner);

        var resolved = await app.PostAsync($"/v1/fraud/alerts/{id}/resolve", new { verdict = "fraud", action = "reverse", note = "all invented" });
        Assert.Equal(("resolved", "fraud", "reverse"), ((string?)resolved["status"], (string?)resolved["verdict"], (string?)resolved["action"]));
        var after = await app.BalanceAsync(partner);
        Assert.Equal((0m, 0m, Amount(before["approved"])), (Amount(after["held"]), Amount(after["pending"]), Amount(after["approved"])));
        var entry = (await app.GetAsync($"/v1/partners/{partner}/ledger"))["data"]![0]!;
        Assert.Contains($"fraud alert {id}", (string?)entry["cause"], StringComparison.Ordinal);
        Assert.Equal("bootstrap", (string?)entry["actor"]);
        var entries = await CountAsync(app);
        await app.PostAsync($"/v1/fraud/alerts/{id}/resolve", new { verdict = "fraud", action = "reverse", note = "all invented" });
        Assert.Equal(entries, await CountAsync(app));
        Assert.Single((await app.GetAsync($"/v1/audit-log?subject={id}"))["data"]!.AsArray(), a => (string?)a!["action"] == "fraud.fraud");
        await app.VerifyAsync();
        // Found out already: no second alert for the same.
        Assert.DoesNotContain((await ScanAsync(app))["suspicions"]!.AsArray(), s => (string?)s!["partner"] == partner && (string?)s["state"] != "known");

        await app.PostAsync($"/v1/fraud/alerts/{id}/resolve", new { verdict = "fraud", action = "suspend" });
        Assert.Equal("suspended", (string?)(await app.GetAsync($"/v1/partners/{partner}"))["status"]);
        Assert.Equal(Amount(before["held"]), Amount((await app.BalanceAsync(partner))["held"]));
        await app.VerifyAsync();

        await app.PostAsync($"/v1/fraud/alerts/{id}/resolve", new { verdict = "legitimate", note = "I was wrong" });
        Assert.Equal("approved", (string?)(await app.GetAsync($"/v1/partners/{partner}"))["status"]);
        Assert.Equal((0m, Amount(before["balance"])), (Amount((await app.BalanceAsync(partner))["held"]), Amount((await app.BalanceAsync(partner))["balance"])));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Whoever_is_legitimate_is_left_alone_by_that_evidence_for_ninety_days(Db db)
    {
        await using var app = await SampleAsync(db);
        await ScanAsync(app);
        var alert = await HeldAsync(app);
        var partner = PublicId.NumberOf(PublicId.Partner, (string)alert["partner"]!)!.Value;
        await app.PostAsync($"/v1/fraud/alerts/{alert["id"]}/resolve", new { verdict = "legitimate" });
        Assert.DoesNotContain((await ScanAsync(app))["suspicions"]!.AsArray(), s => (string?)s!["partner"] == (string?)alert["partner"]);
        var book = app.Services.GetRequiredService<CaseBook>();
        var families = (await app.GetAsync($"/v1/fraud/alerts/{alert["id"]}"))["evidence"]!.AsArray().Where(e => (string?)e!["state"] == "suspicious").Select(e => (string)e!["family"]!).Distinct();
        Assert.Equal(families.Order(), (await book.TolerancesAsync(app.Clock.GetUtcNow(), default)).Select(t => t.Item2).Order());
        Assert.All(await book.TolerancesAsync(app.Clock.GetUtcNow(), default), t => Assert.Equal(partner, t.Item1));
        Assert.NotEmpty(await book.TolerancesAsync(app.Clock.GetUtcNow().AddDays(89), default));
        Assert.Empty(await book.TolerancesAsync(app.Clock.GetUtcNow().AddDays(91), default));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task Too_many_false_alarms_make_the_detector_surer_and_it_says_so()
    {
        await using var app = await SampleAsync();
        await ScanAsync(app);
        var template = (await AlertsAsync(app))[0];
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var row = await db.FraudCases.FirstAsync(c => c.Id == (string)template["id"]!);
        for (var i = 0; i < 5; i++)
            await db.InsertAsync(row with
            {
                Id = $"alr_{i}", Status = "resolved", Verdict = i < 2 ? "fraud" : "legitimate", Action = "none", ResolvedAt = Now, ResolvedBy = "me",
            });
        var quality = await app.GetAsync("/v1/fraud/quality");
        Assert.Equal(0.4, (double)quality["precision"]!);
        Assert.Equal(Thresholds.Default.Single + 2, (double)quality["single_threshold"]!);
        Assert.Contains("Tightened by 2", (string?)quality["why"], StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task With_few_partners_only_facts_count_and_the_partners_own_purchase_is_refused(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var own = Some.Order(partner: "sara", placedAt: "2026-11-23T10:00:00Z").With("customer", new { email = "Sara@partner.example", country = "DE" });
        await app.PutAsync("/v1/orders/main/1", own);
        await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "sara", placedAt: "2026-11-23T11:00:00Z"));
        var scan = await ScanAsync(app);
        Assert.Contains("only facts", (string?)scan["shortage"], StringComparison.Ordinal);
        Assert.Single(scan["own_purchases"]!.AsArray());
        var order = await app.GetAsync($"/v1/orders/{scan["own_purchases"]![0]}");
        Assert.Equal(("1", "reversed"), ((string?)order["external_id"], (string?)order["commission_status"]));
        Assert.Equal("pending", (string?)(await app.GetAsync("/v1/orders?external_id=2"))["data"]![0]!["commission_status"]);
        Assert.Empty((await ScanAsync(app))["own_purchases"]!.AsArray());

        // What a person gives back is his to give.
        var commission = (await app.GetAsync($"/v1/commissions?order={order["id"]}"))["data"]![0]!;
        await app.PostAsync($"/v1/commissions/{commission["id"]}/release", new { reason = "agreed" });
        Assert.Empty((await ScanAsync(app))["own_purchases"]!.AsArray());
        await app.VerifyAsync();
    }

    [Fact]
    public async Task Settings_leave_own_purchases_and_commissions_alone()
    {
        await using var app = await SampleAsync(settings: new() { ["Sidecar:Fraud:Hold"] = "false", ["Sidecar:Fraud:OwnPurchases"] = "true" });
        var scan = await ScanAsync(app);
        Assert.Equal((3, 0), ((int)scan["messages"]!, (int)scan["held"]!));
        Assert.Empty(scan["own_purchases"]!.AsArray());
        Assert.All(await AlertsAsync(app), a => Assert.Null((string?)a["held_until"]));
    }

    [Theory, BothDatabases]
    public async Task An_empty_program_and_one_partner_without_orders_are_no_trouble(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        Assert.Equal(0, (int)(await ScanAsync(app))["partners"]!);
        await app.PartnerAsync("sara");
        using var click = await app.Anonymous.GetAsync("/r/sara");
        Assert.Equal(HttpStatusCode.Found, click.StatusCode);
        Assert.Equal(1, (int)(await ScanAsync(app))["partners"]!);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task It_runs_by_itself_after_midnight_and_readiness_tells_when_it_does_not()
    {
        await using var app = await SidecarApp.StartAsync(now: Now);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await Calls.EventuallyAsync(async () => (string?)(await app.GetAsync("/v1/fraud/quality"))["last_scan_day"] == "2025-12-18");
        Assert.Equal("ok", (string?)(await app.GetAsync("/readyz"))["checks"]!.AsArray().Single(c => (string?)c!["name"] == "fraud-scan")!["status"]);
        var later = new FraudScanCheck(app.Services.GetRequiredService<Database>(), new FakeTimeProvider(Now.AddDays(3)));
        Assert.Equal(Condition.Degraded, (await later.CheckAsync(default)).Condition);
    }

    [Fact]
    public async Task Reading_and_acting_ask_for_their_scopes()
    {
        await using var app = await SidecarApp.StartAsync();
        using var reader = app.With((await app.KeyAsync(Scope.FraudRead)).Key);
        using var writer = app.With((await app.KeyAsync(Scope.FraudWrite)).Key);
        foreach (var path in new[] { "/v1/fraud/alerts", "/v1/fraud/quality" })
        {
            Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, (await writer.GetAsync(path)).StatusCode);
        }
        foreach (var path in new[] { "/v1/fraud/scan", "/v1/fraud/alerts/alr_1/resolve" })
            Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostTextAsync(path, """{"verdict":"fraud"}""")).StatusCode);
        await (await writer.PostTextAsync("/v1/fraud/alerts/alr_1/resolve", """{"verdict":"fraud"}""")).ProblemAsync(HttpStatusCode.NotFound);
        await (await writer.PostTextAsync("/v1/fraud/alerts/alr_1/resolve", """{"verdict":"perhaps"}""")).ProblemAsync(HttpStatusCode.BadRequest);
        await (await writer.PostTextAsync("/v1/fraud/alerts/alr_1/resolve", """{"verdict":"legitimate","action":"suspend"}""")).ProblemAsync(HttpStatusCode.UnprocessableEntity);
    }

    static decimal Amount(JsonNode? text) => decimal.Parse((string)text!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>An alert that holds money.</summary>
    static async Task<JsonObject> HeldAsync(SidecarApp app)
    {
        foreach (var alert in await AlertsAsync(app))
            if (await app.GetAsync($"/v1/fraud/alerts/{alert["id"]}") is var detail && Amount(detail["held"]!["amount"]) > 0)
                return detail;
        throw new UnreachableException("Nothing is held.");
    }

    static async Task<int> CountAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.Ledger.CountAsync();
    }
}
