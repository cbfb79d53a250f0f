using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Commissions;

/// <summary>What <c>PUT /v1/commission-rules</c> refuses, and what it does with what it takes.</summary>
public sealed class RuleMistakeTests
{
    [Fact]
    public async Task Rules_that_cannot_be_are_refused_by_name()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        foreach (var (rules, status, member, message) in new[]
        {
            ("""[ { "id": "a", "kind": "percent", "rate": "100.5" } ]""", 422, "rules[0].rate", "More than 100 %"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "currency": "EUR", "caps": { "per_order": "-1" } } ]""", 422, "rules[0].caps.per_order", "negative"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "currency": "EUR", "caps": { "per_period": { "amount": "-1", "period": "month" } } } ]""", 422, "rules[0].caps.per_period.amount", "negative"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "caps": { "per_order": "1" } } ]""", 422, "rules[0].currency", "need a currency"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "per": "item" } ]""", 422, "rules[0].per", "fixed"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "scope": { "category": "tea", "product": "1" } } ]""", 422, "rules[0].scope", "not for both"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "scope": { "partner": "nobody" } } ]""", 422, "rules[0].scope.partner", "nobody"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "scope": { "partner": "sara", "group": "gold" } } ]""", 422, "rules[0].scope", "not for both"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "effective_from": "2026-02-01T00:00:00Z", "effective_to": "2026-01-01T00:00:00Z" } ]""", 422, "rules[0].effective_to", "before it begins"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "currency": "EUR", "tiers": { "period": "month", "steps": [ { "from": "9", "rate": "6" }, { "from": "9", "rate": "7" } ] } } ]""", 422, "rules[0].tiers.steps[1].from", "overlap"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "currency": "EUR", "tiers": { "period": "month", "steps": [ { "from": "9", "rate": "600" } ] } } ]""", 422, "rules[0].tiers.steps[0].rate", "More than 100 %"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5" }, { "id": "b", "kind": "percent", "rate": "6" } ]""", 422, "rules[1]", "The rule 'a' has the same scope"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5" }, { "id": "b", "kind": "percent", "rate": "6", "conditions": { "customer": "new" } } ]""", 422, "rules[1]", "can never decide: 'a'"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "scope": { "category": "Tea" } }, { "id": "b", "kind": "fixed", "rate": "6", "currency": "EUR", "scope": { "category": "tea" } } ]""", 422, "rules[1]", "can never decide: 'a'"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "conditions": { "countries": ["Germany"] } } ]""", 422, "rules[0].conditions.countries", "Two letters"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "conditions": { "customer": "old" } } ]""", 400, "rules[0].conditions.customer", "Expected one of"),
            ("""[ { "id": "a", "kind": "percent", "rate": "5", "currency": "EUR", "caps": { "per_period": { "amount": "1", "period": "week" } } } ]""", 400, "rules[0].caps.per_period.period", "Expected one of"),
        })
            await RefusedAsync(app, $$"""{ "rules": {{rules}} }""", status, member, message);
        await RefusedAsync(app, """{ "format": 2, "rules": [ { "id": "a", "kind": "percent", "rate": "5" } ] }""", 422, "format", "newer version");
        const string Rules = """ "rules": [ { "id": "a", "kind": "percent", "rate": "5" } ] }""";
        await RefusedAsync(app, """{ "program": { "policies": [ { "window_days": 5 } ] },""" + Rules, 422, "program.policies[0]", "group or for a partner");
        await RefusedAsync(app, """{ "program": { "policies": [ { "partner": "tom", "window_days": 5 } ] },""" + Rules, 422, "program.policies[0].partner", "tom");
        await RefusedAsync(app, """{ "program": { "customer_binding": { "mode": "months" } },""" + Rules, 422, "program.customer_binding.count", "number of months");
        await RefusedAsync(app, """{ "program": { "customer_binding": { "mode": "always" } },""" + Rules, 400, "program.customer_binding.mode", "Expected one of");
        Assert.Equal(0, (int)(await app.GetAsync("/v1/commission-rules"))["version"]!);
    }

    static async Task RefusedAsync(SidecarApp app, string body, int status, string member, string message)
    {
        using var response = await app.Http.PutAsJsonAsync("/v1/commission-rules", JsonNode.Parse(body));
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True((HttpStatusCode)status == response.StatusCode, $"{body}: {problem}");
        Assert.True(((string?)problem["errors"]?[member]?[0])?.Contains(message, StringComparison.Ordinal), $"{body}: {problem}");
    }

    [Theory, BothDatabases]
    public async Task A_partners_own_rule_and_his_groups_policies_hold_for_his_orders(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var tom = await app.PartnerAsync("tom");
        using var moved = await app.Http.PatchAsJsonAsync($"/v1/partners/{tom["id"]}", new { group = "gold" });
        moved.EnsureSuccessStatusCode();
        var rules = await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "policies": [ { "group": "gold", "hold_days": 7, "window_days": 60, "coupon_policy": "link_first" } ] },
              "rules": [ { "id": "program", "kind": "percent", "rate": "10" }, { "id": "tea", "kind": "percent", "rate": "20", "scope": { "group": "gold", "category": "tea" } },
                         { "id": "sara", "kind": "fixed", "rate": "2", "currency": "EUR", "per": "item", "scope": { "partner": "sara" } } ] }
            """)!);
        Assert.Equal("gold", (string?)rules["program"]!["policies"]![0]!["group"]);
        Assert.Equal("4.00", (string?)(await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara")))["commission"]!["amount"]);
        var toms = await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "tom"));
        Assert.Equal("19.00", (string?)toms["commission"]!["amount"]);
        var commission = (await app.GetAsync($"/v1/commissions?order={toms["id"]}"))["data"]![0]!;
        Assert.Equal("2026-11-27T10:00:00Z", (string?)commission["matures_at"]);
        // A click of a group with a longer window takes it along.
        using var click = await app.Anonymous.GetAsync("/r/tom");
        var id = System.Web.HttpUtility.ParseQueryString(click.Headers.Location!.Query)["aff_click"]!;
        Assert.Equal(60, app.Services.GetRequiredService<ClickIds>().Read(id, out _)!.WindowDays);
        // Leaving the group changes no order that was credited in it.
        using var left = await app.Http.PatchAsJsonAsync($"/v1/partners/{tom["id"]}", new { group = "bronze" });
        left.EnsureSuccessStatusCode();
        Assert.Equal("19.00", (string?)(await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "tom", updatedAt: "2026-11-21T10:00:00Z")))["commission"]!["amount"]);
        Assert.NotNull(sara["id"]);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_coupon_goes_by_the_policy_of_its_own_partner()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        foreach (var code in new[] { "tom", "mia" })
        {
            var partner = await app.PartnerAsync(code);
            await app.PostAsync($"/v1/partners/{partner["id"]}/coupons", new { code = $"{code}10" });
        }
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "policies": [ { "partner": "mia", "coupon_policy": "link_first" } ] }, "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }
            """)!);
        async Task<string?> WinnerAsync(string external, string coupon) => (string?)(await app.PutAsync($"/v1/orders/main/{external}", new
        {
            status = "completed", currency = "EUR", placed_at = "2026-11-20T10:00:00Z", updated_at = "2026-11-20T10:00:00Z", total = "10.00", coupons = new[] { coupon },
            landing = new Dictionary<string, string> { ["ref"] = "sara" },
        }))["attribution"]!["partner_code"];
        Assert.Equal(("tom", "sara"), (await WinnerAsync("1", "tom10"), await WinnerAsync("2", "mia10")));
    }
}
