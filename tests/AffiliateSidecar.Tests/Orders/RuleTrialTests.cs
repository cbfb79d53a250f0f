using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>Preview and dry run: what rules would do, with nothing stored.</summary>
public sealed class RuleTrialTests
{
    [Theory, BothDatabases]
    public async Task A_preview_says_which_rule_won_and_why_the_others_lost(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var order = await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        await app.PostAsync("/v1/orders/main/1/refunds", new { external_id = "r", amount = "47.50", occurred_at = "2026-11-21T00:00:00Z", lines = new[] { new { external_id = "1", amount = "47.50" } } });
        var tried = JsonNode.Parse("""
            { "rules": [ { "id": "program", "kind": "percent", "rate": "10" }, { "id": "tea", "kind": "percent", "rate": "20", "scope": { "category": "tea" } },
                         { "id": "gold", "kind": "percent", "rate": "30", "scope": { "group": "gold" } } ] }
            """);
        var known = await app.PostAsync("/v1/commission-rules/preview", new { order_id = (string?)order["id"], rules = tried });
        Assert.Equal(("sara", "9.50"), ((string?)known["partner_code"], (string?)known["commission"]!["amount"]));
        Assert.Equal(["gold not_applied for the group gold only", "tea won 20 % of 95.00 EUR", "program lost 10 % of 95.00 EUR, but tea goes first"],
            known["rules"]!.AsArray().Select(r => $"{r!["rule"]} {r["outcome"]} {r["reason"]}"));
        Assert.Equal("4.75", (string?)(await app.PostAsync("/v1/commission-rules/preview", new { order_id = (string?)order["id"] }))["commission"]!["amount"]);
        var unknown = await app.PostAsync("/v1/commission-rules/preview", Some.Order(partner: "sara").With("rules", tried));
        Assert.Equal("19.00", (string?)unknown["commission"]!["amount"]);
        Assert.Single((await app.GetAsync("/v1/orders"))["data"]!.AsArray());
        Assert.Equal(0, (int)(await app.GetAsync("/v1/commission-rules"))["version"]!);
        await RefusedAsync(app, "preview", """{ "order_id": "ord_none" }""", HttpStatusCode.NotFound, null);
        await RefusedAsync(app, "preview", "{}", HttpStatusCode.BadRequest, "status");
        await RefusedAsync(app, "preview", $$"""{ "order_id": "{{order["id"]}}", "rules": { "rules": [ { "id": "a", "kind": "percent", "rate": "101" } ] } }""", HttpStatusCode.UnprocessableEntity, "rules.rules[0].rate");
        await RefusedAsync(app, "dry-run", """{ "days": 401 }""", HttpStatusCode.BadRequest, "days");
        await RefusedAsync(app, "dry-run", """{ "from": "2026-11-02T00:00:00Z", "to": "2026-11-01T00:00:00Z" }""", HttpStatusCode.UnprocessableEntity, "from");
    }

    static async Task RefusedAsync(SidecarApp app, string what, string body, HttpStatusCode status, string? member)
    {
        using var response = await app.Http.PostAsJsonAsync($"/v1/commission-rules/{what}", JsonNode.Parse(body));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(status == response.StatusCode && (member is null || problem["errors"]?[member] is not null), problem.ToString());
    }

    [Theory, BothDatabases]
    public async Task A_replay_under_unchanged_rules_is_what_the_ledger_shows(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var people = new Dictionary<string, JsonObject> { ["sara"] = await app.PartnerAsync("sara"), ["tom"] = await app.PartnerAsync("tom") };
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "hold_days": 3, "customer_binding": { "mode": "life" } },
              "rules": [ { "id": "first", "kind": "percent", "rate": "20", "currency": "EUR", "conditions": { "first_months": 1 }, "caps": { "per_customer": "25" } },
                         { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "tiers": { "period": "quarter", "steps": [ { "from": "200", "rate": "15" } ] },
                           "caps": { "per_period": { "amount": "60", "period": "quarter" } } } ] }
            """)!);
        for (var i = 0; i < 24; i++)
            await app.PutAsync($"/v1/orders/main/{i}", new
            {
                status = i % 7 == 6 ? "cancelled" : "completed", currency = "EUR", placed_at = $"2026-11-{i % 22 + 1:00}T10:00:00Z", updated_at = "2026-11-23T10:00:00Z", total = $"{40 + 7 * i}.00",
                partner_code = (i % 4) switch { 0 => null, 1 => "tom", _ => "sara" }, customer = new { external_id = $"{i % 5}" }, lines = new[] { new { external_id = "1", total = $"{40 + 7 * i}.00" } },
            });
        foreach (var order in new[] { 3, 8 })
            await app.PostAsync($"/v1/orders/main/{order}/refunds", new { external_id = "r", amount = "13.37", occurred_at = "2026-11-23T00:00:00Z" });
        var replay = await app.PostAsync("/v1/commission-rules/dry-run", new { days = 60 });
        var ledger = 0m;
        foreach (var partner in people.Values)
            ledger += decimal.Parse((string)(await app.GetAsync($"/v1/partners/{partner["id"]}/balance"))["data"]![0]!["balance"]!, null);
        var cost = Assert.Single(replay["cost"]!.AsArray())!;
        Assert.True(ledger > 50);
        Assert.Equal((ledger, ledger, "0.00"), (Amount(cost["now"]), Amount(cost["then"]), (string?)cost["difference"]!["amount"]));
        Assert.Equal((24, 0), ((int)replay["orders"]!, (int)replay["changed_hands"]!));
        Assert.Empty(replay["partners"]!.AsArray());
        // The same rules, given again, and replayed from the first order on.
        var again = await app.PostAsync("/v1/commission-rules/dry-run", new { days = 60, rules = await app.GetAsync("/v1/commission-rules") });
        Assert.Equal(replay["cost"]!.ToJsonString(), again["cost"]!.ToJsonString());
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_replay_says_who_gains_and_who_loses(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var (sara, tom) = (await app.PartnerAsync("sara"), await app.PartnerAsync("tom"));
        await app.PostAsync($"/v1/partners/{tom["id"]}/coupons", new { code = "TOM10" });
        var placed = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
        string Click(int daysBefore) => app.Services.GetRequiredService<ClickIds>().New(placed.AddDays(-daysBefore), PublicId.NumberOf(PublicId.Partner, (string?)sara["id"])!.Value, 0, 30);
        await app.PutAsync("/v1/orders/main/1", Some.Order(Click(2)));
        await app.PutAsync("/v1/orders/main/2", Some.Order(Click(20)));
        await app.PutAsync("/v1/orders/main/3", Some.Order(Click(3), coupon: "TOM10"));
        async Task<JsonObject> ReplayAsync(string program) => await app.PostAsync("/v1/commission-rules/dry-run",
            JsonNode.Parse($$"""{ "rules": { "program": {{program}}, "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] } }""")!);
        var window = await ReplayAsync("""{ "window_days": 14 }""");
        Assert.Equal((1, "28.50", "19.00"), ((int)window["changed_hands"]!, (string?)window["cost"]![0]!["now"]!["amount"], (string?)window["cost"]![0]!["then"]!["amount"]));
        var loser = Assert.Single(window["partners"]!.AsArray())!;
        Assert.Equal(("sara", "-9.50", 1), ((string?)loser["partner_code"], (string?)loser["difference"]!["amount"], (int)loser["orders_lost"]!));
        var precedence = await ReplayAsync("""{ "coupon_policy": "link_first" }""");
        Assert.Equal(["sara 9.50 1 0", "tom -9.50 0 1"], precedence["partners"]!.AsArray().Select(p => $"{p!["partner_code"]} {p["difference"]!["amount"]} {p["orders_gained"]} {p["orders_lost"]}").Order());
        Assert.Equal("0.00", (string?)precedence["cost"]![0]!["difference"]!["amount"]);
        Assert.Equal("19.00", (string?)(await app.GetAsync($"/v1/partners/{sara["id"]}/balance"))["data"]![0]!["balance"]);
    }

    static decimal Amount(JsonNode? money) => decimal.Parse((string)money!["amount"]!, System.Globalization.CultureInfo.InvariantCulture);
}
