using System.Net;
using System.Net.Http.Json;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Insights;

public sealed class PeopleTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory, BothDatabases]
    public async Task Who_makes_the_money_is_the_head_and_every_membership_has_its_reason(Db db)
    {
        await using var app = await ProgramAsync(db);
        var run = await app.PostAsync("/v1/segments/refresh", new { });
        Assert.Empty(run["broken"]!.AsArray());
        var head = await app.GetAsync("/v1/segments/head");
        var best = Assert.Single(head["partners"]!.AsArray());
        Assert.Equal(("big", "9000.00 EUR net in 90 days, 89.1 % of all partners'; 1 make 80 %."), ((string?)best!["partner_code"], (string?)best["reason"]));
        Assert.Equal(["fader"], await MembersAsync(app, "fading"));
        Assert.Equal(["riser"], await MembersAsync(app, "rising"));
        Assert.Equal(["silent"], await MembersAsync(app, "never-launched"));
        Assert.Equal(["fader"], (await app.GetAsync("/v1/partners?segment=fading"))["data"]!.AsArray().Select(p => (string?)p!["code"]));
    }

    [Theory, BothDatabases]
    public async Task The_pareto_report_adds_up_and_names_who_moved(Db db)
    {
        await using var app = await ProgramAsync(db);
        await app.PostAsync("/v1/segments/refresh", new { });
        var report = await app.GetAsync("/v1/reports/pareto?from=2026-08-26&to=2026-11-23");
        var rows = report["partners"]!.AsArray();
        Assert.Equal(["big", "riser", "fader"], rows.Select(r => (string?)r!["partner_code"]));
        Assert.Equal(("10100.00", 3, 1), (report["net_sales"].Text(), (int)report["sellers"]!, (int)report["head_partners"]!));
        Assert.Equal(1.0, (double)rows[^1]!["cumulative_share"]!);
        Assert.Equal((3, 2), ((int)rows[2]!["rank_this_month"]!, (int)rows[2]!["rank_last_month"]!));
        // Mean difference of 500, 600 and 9000 against twice their mean.
        Assert.Equal(Math.Round((2.0 * 9000 - 2.0 * 500) / (3 * 10100), 4), (double)report["gini"]!);
        Assert.Equal((0.0, 0.0, 1.0, 1.0), ((double)report["lorenz"]![0]!["sellers"]!, (double)report["lorenz"]![0]!["sales"]!, (double)report["lorenz"]!.AsArray()[^1]!["sellers"]!, (double)report["lorenz"]!.AsArray()[^1]!["sales"]!));
        Assert.StartsWith("<svg", await app.Http.GetStringAsync("/v1/reports/pareto/plot"), StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task A_refund_of_an_old_order_changes_the_day_on_which_it_was_placed(Db db)
    {
        await using var app = await ProgramAsync(db);
        await app.PostAsync("/v1/segments/refresh", new { });
        Assert.Equal(0, (int)(await app.PostAsync("/v1/segments/refresh", new { }))["days_read"]!);
        await app.PostAsync("/v1/orders/main/big-0/refunds", new { external_id = "r", amount = "1190.00", occurred_at = Now, lines = new[] { new { external_id = "1", amount = "1000.00" } } });
        Assert.Equal(1, (int)(await app.PostAsync("/v1/segments/refresh", new { }))["days_read"]!);
        Assert.Equal("9100.00", (await app.GetAsync("/v1/reports/pareto?from=2026-08-26&to=2026-11-23"))["net_sales"].Text());
    }

    [Theory, BothDatabases]
    public async Task An_own_segment_is_an_expression_and_a_wrong_one_says_where(Db db)
    {
        await using var app = await ProgramAsync(db);
        await app.PostAsync("/v1/segments", new { name = "good-english", filter = "net >= 600 && locale == \"en\"" });
        await app.PostAsync("/v1/segments", new { name = "nobody", filter = "net > 1000000" });
        await app.PostAsync("/v1/segments", new { name = "divides", filter = "10 % orders == 0" });
        var run = await app.PostAsync("/v1/segments/refresh", new { });
        Assert.Equal(["divides"], run["broken"]!.AsArray().Select(b => (string?)b));
        Assert.Equal(["big", "riser"], await MembersAsync(app, "good-english"));
        Assert.Empty(await MembersAsync(app, "nobody"));
        foreach (var (filter, part) in new[] { ("nett > 1", "line 1, column 1"), ("net >", "line 1, column"), ("net", "true or false"), ("x = 1", "one expression"), ("while true; end", "one expression") })
        {
            var (status, body) = await app.TryAsync("/v1/segments", new { name = "wrong", filter });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains(part, (string?)body["errors"]!["filter"]![0], StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Conflict, (await app.TryAsync("/v1/segments", new { name = "head", filter = "net > 1" })).Status);
        using var removed = await app.Http.DeleteAsync("/v1/segments/nobody");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/v1/segments/nobody")).StatusCode);
    }

    [Theory, BothDatabases]
    public async Task The_talk_list_has_three_at_most_and_keeps_them_for_the_week(Db db)
    {
        await using var app = await ProgramAsync(db);
        await app.PostAsync("/v1/segments/refresh", new { });
        var list = (await app.GetAsync("/v1/talk-list"))["data"]!.AsArray();
        Assert.Equal(["big", "fader", "riser"], list.Select(t => (string?)t!["partner_code"]).Order());
        var fader = list.Single(t => (string?)t!["partner_code"] == "fader")!;
        Assert.Equal(("fading", "open", "email"), ((string?)fader["segment"], (string?)fader["state"], (string?)fader["channel"]));
        Assert.Contains("Green tea", (string?)fader["draft"], StringComparison.Ordinal);
        using (var done = await app.Http.PostAsJsonAsync($"/v1/talk-list/{fader["partner"]}", new { what = "done", note = "He was on holiday." }))
            Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);
        fader = (await app.GetAsync("/v1/talk-list"))["data"]!.AsArray().Single(t => (string?)t!["partner_code"] == "fader")!;
        Assert.Equal(("done", "He was on holiday."), ((string?)fader["state"], (string?)fader["notes"]![0]));
        async Task ChangeAsync(string code, object change)
        {
            using var answer = await app.Http.PostAsJsonAsync($"/v1/talk-list/{list.Single(t => (string?)t!["partner_code"] == code)!["partner"]}", change);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }
        await ChangeAsync("riser", new { what = "snoozed", days = 10 });
        await ChangeAsync("big", new { what = "note", note = "Ask for his new address." });
        var changed = (await app.GetAsync("/v1/talk-list"))["data"]!.AsArray().ToDictionary(t => (string)t!["partner_code"]!);
        Assert.Equal(("snoozed", "2026-12-04T12:00:00Z"), ((string?)changed["riser"]!["state"], (string?)changed["riser"]!["until"]));
        Assert.Equal(("open", "Ask for his new address."), ((string?)changed["big"]!["state"], (string?)changed["big"]!["notes"]![0]));
        // Nobody comes in the place of those; the one is left alone for a month, the other until his day is over.
        async Task<IEnumerable<string?>> InDaysAsync(int days)
        {
            app.Leap(TimeSpan.FromDays(days));
            return [.. (await app.GetAsync("/v1/talk-list"))["data"]!.AsArray().Select(t => (string?)t!["partner_code"]).Order(StringComparer.Ordinal)];
        }
        Assert.Equal(["big"], await InDaysAsync(7));
        Assert.Equal(["big", "riser"], await InDaysAsync(7));
        Assert.Equal(["big", "fader", "riser"], await InDaysAsync(21));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await app.TryAsync($"/v1/talk-list/{fader["partner"]}", new { what = "snoozed" })).Status);
    }

    [Theory, BothDatabases]
    public async Task Return_on_investment_shows_its_working(Db db)
    {
        await using var app = await ProgramAsync(db, new()
        {
            ["Sidecar:Insights:Margin"] = "0.5", ["Sidecar:Insights:Margins:tea"] = "0.4", ["Sidecar:Insights:Tools:mail"] = "10", ["Sidecar:Insights:HourlyCost"] = "30",
        });
        await app.PostAsync("/v1/segments/refresh", new { });
        using (await app.Http.PostAsJsonAsync("/v1/minutes", new { minutes = 120, at = Now.AddDays(-1), note = "fair" })) { }
        var report = await app.GetAsync("/v1/reports/roi?from=2026-11-01&to=2026-11-30");
        Assert.Empty(report["missing"]!.AsArray());
        var total = report["total"]!["attributed"]!;
        var steps = total["working"]!.AsArray().ToDictionary(s => (string)s!["step"]!, s => decimal.Parse(s!["amount"].Text(), System.Globalization.CultureInfo.InvariantCulture));
        var net = decimal.Parse(total["net_sales"].Text(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((net * 0.4m, -net * 0.1m, -10m), (steps["margin"], steps["commissions"], steps["tools"]));
        Assert.InRange(steps["hours"], -90m, -60m);
        Assert.Equal(steps.Values.Sum(), decimal.Parse(total["profit"].Text(), System.Globalization.CultureInfo.InvariantCulture));
        // Nobody of them was a new customer with a click.
        Assert.Equal("0.00", report["total"]!["cautious"]!["net_sales"].Text());
        var tea = Assert.Single(report["categories"]!.AsArray())!;
        Assert.Equal(("tea", 10m, 40m), ((string?)tea["category"], (decimal)tea["commission_percent"]!, (decimal)tea["margin_percent"]!));
        Assert.InRange((decimal)tea["break_even_percent"]!, 20m, 40m);
    }

    [Fact]
    public async Task An_empty_program_has_reports_too()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PostAsync("/v1/segments/refresh", new { });
        Assert.Null((await app.GetAsync("/v1/reports/pareto"))["gini"]);
        Assert.Null((await app.GetAsync("/v1/reports/roi"))["total"]!["attributed"]!["return"]);
        Assert.Equal("not_enough_data", (string?)(await app.GetAsync("/v1/reports/capacity"))["advice"]!["action"]);
        Assert.Empty((await app.GetAsync("/v1/talk-list"))["data"]!.AsArray());
        // One partner, and nothing sold; one who sells all is no more unequal than himself.
        await app.PartnerAsync("only");
        await app.PostAsync("/v1/segments/refresh", new { });
        Assert.Equal((0, "0.00"), ((int)(await app.GetAsync("/v1/reports/pareto"))["head_partners"]!, (await app.GetAsync("/v1/reports/roi"))["total"]!["attributed"]!["profit"].Text()));
        Assert.Equal((0.0, null), (ParetoReport.GiniOf([500]), ParetoReport.GiniOf([0])));
    }

    static async Task<string[]> MembersAsync(SidecarApp app, string segment) => [.. (await app.GetAsync($"/v1/segments/{segment}"))["partners"]!.AsArray().Select(p => (string)p!["partner_code"]!)];

    /// <summary>One who makes nearly everything, one who rises, one who fades, one who never began; 90 days.</summary>
    static async Task<SidecarApp> ProgramAsync(Db db, Dictionary<string, string?>? settings = null)
    {
        var app = await SidecarApp.StartAsync(db, settings, now: Now.AddDays(-100));
        foreach (var code in new[] { "big", "riser", "fader", "silent" })
            await app.PayeeAsync(code);
        app.Leap(TimeSpan.FromDays(100));
        for (var i = 0; i < 9; i++)
            await OrderAsync(app, "big", i, 1000, 5 + 10 * i);
        for (var i = 0; i < 12; i++)
            await OrderAsync(app, "riser", i, 50, i < 10 ? 2 + i : 50 + i);
        for (var i = 0; i < 20; i++)
            await OrderAsync(app, "fader", i, 25, i < 1 ? 3 : 35 + i);
        return app;
    }

    static Task<System.Text.Json.Nodes.JsonObject> OrderAsync(SidecarApp app, string partner, int number, decimal net, int daysAgo) =>
        app.PutAsync($"/v1/orders/main/{partner}-{number}", Some.Order(net: net, partner: partner, placedAt: Now.AddDays(-daysAgo).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture)));
}
