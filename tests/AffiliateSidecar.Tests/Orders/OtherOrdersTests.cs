using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>Caps, tiers, first orders, binding, recruiting and bonuses: what one order earns because of others.</summary>
public sealed class OtherOrdersTests
{
    [Theory, BothDatabases]
    public async Task What_a_customer_may_bring_is_capped_and_a_refund_makes_room(Db db)
    {
        await using var app = await StartAsync(db, """{ "rules": [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "caps": { "per_customer": "15" } } ] }""");
        await PutAsync(app, "1", "2026-11-01", 95);
        Assert.Equal("5.50", await PutAsync(app, "2", "2026-11-02", 95));
        Assert.Equal("0.00", await PutAsync(app, "3", "2026-11-03", 95));
        Assert.Equal("9.50", await PutAsync(app, "4", "2026-11-04", 95, customer: "43"));
        var step = (await app.GetAsync($"/v1/commissions?order={(await OrderAsync(app, "2"))["id"]}"))["data"]![0]!["explanation"]!.AsArray().Single(s => (string?)s!["step"] == "cap")!;
        Assert.Equal(("-4.00", "program pays at most 15.00 EUR a customer, and 5.50 EUR of it is left"), ((string?)step["amount"]!["amount"], (string?)step["text"]));
        // The first is cancelled: the others move up.
        await PutAsync(app, "1", "2026-11-01", 95, status: "cancelled", updated: "2026-11-09");
        Assert.Equal(("0.00", "9.50", "5.50"), (await EarnedAsync(app, "1"), await EarnedAsync(app, "2"), await EarnedAsync(app, "3")));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_period_is_capped_by_its_own_calendar(Db db)
    {
        await using var app = await StartAsync(db, """
            { "rules": [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "caps": { "per_period": { "amount": "12", "period": "month", "calendar": "jalali" } } } ] }
            """);
        Assert.Equal("9.50", await PutAsync(app, "1", "2026-11-20", 95));
        Assert.Equal("2.50", await PutAsync(app, "2", "2026-11-21", 95));
        // The first of Azar.
        Assert.Equal("9.50", await PutAsync(app, "3", "2026-11-22", 95));
        // An order that is heard of late takes its place before the others.
        Assert.Equal("4.00", await PutAsync(app, "0", "2026-11-01", 40));
        Assert.Equal(("8.00", "0.00", "9.50"), (await EarnedAsync(app, "1"), await EarnedAsync(app, "2"), await EarnedAsync(app, "3")));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_tier_holds_for_orders_after_the_crossing(Db db)
    {
        await using var app = await StartAsync(db, """
            { "program": { "hold_days": 5 },
              "rules": [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "tiers": { "period": "month", "steps": [ { "from": "100", "rate": "20" } ] } } ] }
            """);
        Assert.Equal("10.00", await PutAsync(app, "1", "2026-11-01", 100));
        // Not approved yet, and at that moment not yet before.
        Assert.Equal(("10.00", "10.00", "20.00"), (await PutAsync(app, "2", "2026-11-05", 100), await PutAsync(app, "3", "2026-11-06", 100), await PutAsync(app, "4", "2026-11-07", 100)));
        // By hand it is approved now, 24 November, for orders after that.
        var held = (await app.GetAsync($"/v1/commissions?order={(await OrderAsync(app, "1"))["id"]}"))["data"]![0]!["id"];
        await app.PostAsync($"/v1/commissions/{held}/hold", new { reason = "A question." });
        Assert.Equal(("10.00", "10.00"), (await EarnedAsync(app, "2"), await EarnedAsync(app, "4")));
        await app.PostAsync($"/v1/commissions/{held}/release", new { reason = "Answered." });
        Assert.Equal("20.00", await EarnedAsync(app, "4"));
        // Goods that come back were never sold.
        await app.PostAsync("/v1/orders/main/1/refunds", new { external_id = "r", amount = "60.00", occurred_at = "2026-11-20T00:00:00Z" });
        Assert.Equal("10.00", await EarnedAsync(app, "4"));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_customer_is_new_with_his_first_order_and_young_for_some_months(Db db)
    {
        await using var app = await StartAsync(db, """
            { "rules": [ { "id": "new", "kind": "percent", "rate": "30", "conditions": { "customer": "new" } },
                         { "id": "young", "kind": "percent", "rate": "20", "conditions": { "first_months": 2 } }, { "id": "program", "kind": "percent", "rate": "10" } ] }
            """);
        Assert.Equal(("30.00", "20.00", "10.00"), (await PutAsync(app, "1", "2026-08-01", 100), await PutAsync(app, "2", "2026-09-30", 100), await PutAsync(app, "3", "2026-10-01", 100)));
        // An older order turns up.
        Assert.Equal("30.00", await PutAsync(app, "0", "2026-07-15", 100));
        Assert.Equal(("20.00", "10.00"), (await EarnedAsync(app, "1"), await EarnedAsync(app, "2")));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_customer_stays_with_the_partner_who_brought_him(Db db)
    {
        await using var app = await StartAsync(db, """{ "program": { "customer_binding": { "mode": "months", "count": 2 } }, "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }""");
        await app.PartnerAsync("tom");
        Assert.Equal("10.00", await PutAsync(app, "2", "2026-09-30", 100, partner: "tom"));
        await PutAsync(app, "3", "2026-10-20", 100, partner: null);
        Assert.Equal(("tom", "binding"), await CreditAsync(app, "3"));
        // The first order turns up late: it was sara's.
        await PutAsync(app, "1", "2026-09-01", 100);
        Assert.Equal((("tom", "explicit"), ("sara", "binding")), (await CreditAsync(app, "2"), await CreditAsync(app, "3")));
        await PutAsync(app, "4", "2026-11-02", 100, partner: null);
        await PutAsync(app, "5", "2026-10-02", 100, partner: null, customer: "43");
        Assert.Equal(((null, null), (null, null)), (await CreditAsync(app, "4"), await CreditAsync(app, "5")));
        // Its own evidence, once it is heard of, goes first.
        await PutAsync(app, "3", "2026-10-20", 100, partner: "tom", updated: "2026-10-21");
        Assert.Equal(("tom", "explicit"), await CreditAsync(app, "3"));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Whoever_recruits_a_partner_earns_on_his_commissions_in_step(Db db)
    {
        await using var app = await StartAsync(db, """{ "recruiting": { "rate": "10", "months": 12, "most": "1.50", "currency": "EUR" }, "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }""");
        var tom = (await app.GetAsync("/v1/partners?q=sara"))["data"]![0]!["id"];
        var recruit = await app.PostAsync("/v1/partners", new { code = "mia", name = "Mia", email = "mia@partner.example", referred_by = "SARA" });
        await app.PostAsync($"/v1/partners/{recruit["id"]}/approve", new { });
        await PutAsync(app, "1", "2026-11-23", 100, partner: "mia");
        Assert.Equal("1.00", await BalanceAsync(app, tom, "pending"));
        await PutAsync(app, "2", "2026-11-24", 100, partner: "mia");
        Assert.Equal("1.50", await BalanceAsync(app, tom, "pending"));
        await PutAsync(app, "1", "2026-11-23", 100, partner: "mia", status: "cancelled", updated: "2026-11-24");
        Assert.Equal("1.00", await BalanceAsync(app, tom, "pending"));
        var entries = (await app.GetAsync($"/v1/partners/{tom}/ledger"))["data"]!.AsArray();
        Assert.All(entries, e => Assert.Equal(("recruit", "com_"), ((string?)e!["kind"], ((string)e["reference"]!)[..4])));
        app.Leap(TimeSpan.FromDays(40));
        await Tracking.OutageTests.UntilAsync(async () => await BalanceAsync(app, tom, "approved") == "1.00");
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_bonus_is_paid_once_for_a_target_and_taken_back_with_it(Db db)
    {
        await using var app = await StartAsync(db, """
            { "program": { "hold_days": 0 }, "bonuses": [ { "id": "busy", "net_sales": "150", "period": "month", "amount": "25", "currency": "EUR" } ],
              "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }
            """);
        var sara = (await app.GetAsync("/v1/partners?q=sara"))["data"]![0]!["id"];
        await PutAsync(app, "1", "2026-11-01", 100);
        Assert.Equal("10.00", await BalanceAsync(app, sara, "approved"));
        await PutAsync(app, "2", "2026-11-02", 100);
        await PutAsync(app, "3", "2026-11-03", 100);
        Assert.Equal("55.00", await BalanceAsync(app, sara, "approved"));
        var bonus = Assert.Single((await app.GetAsync($"/v1/partners/{sara}/ledger"))["data"]!.AsArray(), e => (string?)e!["kind"] == "bonus")!;
        Assert.Equal("busy/2026-11-01", (string?)bonus["reference"]);
        foreach (var order in new[] { "1", "2" })
            await PutAsync(app, order, "2026-11-01", 100, status: "cancelled", updated: "2026-11-10");
        Assert.Equal("10.00", await BalanceAsync(app, sara, "approved"));
        await app.VerifyAsync();
    }

    static async Task<SidecarApp> StartAsync(Db db, string rules)
    {
        var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(rules)!);
        return app;
    }

    static async Task<string?> PutAsync(SidecarApp app, string id, string day, int net, string? partner = "sara", string customer = "42", string status = "completed", string? updated = null)
    {
        var order = await app.PutAsync($"/v1/orders/main/{id}", new
        {
            status, currency = "EUR", placed_at = $"{day}T00:00:00Z", updated_at = $"{updated ?? day}T00:00:00Z", total = $"{net}.00", partner_code = partner, customer = new { external_id = customer },
            lines = new[] { new { external_id = "1", total = $"{net}.00" } },
        });
        return (string?)order["commission"]?["amount"];
    }

    static async Task<JsonNode> OrderAsync(SidecarApp app, string id) => (await app.GetAsync($"/v1/orders?external_id={id}"))["data"]![0]!;

    static async Task<string?> EarnedAsync(SidecarApp app, string id) => (string?)(await OrderAsync(app, id))["commission"]?["amount"];

    static async Task<(string?, string?)> CreditAsync(SidecarApp app, string id) =>
        (await OrderAsync(app, id))["attribution"]! is var credit ? ((string?)credit["partner_code"], (string?)credit["method"]) : default;

    static async Task<string?> BalanceAsync(SidecarApp app, JsonNode? partner, string account) =>
        (string?)(await app.GetAsync($"/v1/partners/{partner}/balance"))["data"]!.AsArray().SingleOrDefault()?[account];
}
