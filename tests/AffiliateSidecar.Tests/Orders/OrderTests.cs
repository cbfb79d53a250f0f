using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Orders;

public sealed class OrderTests
{
    [Theory, BothDatabases]
    public async Task Of_many_first_arrivals_at_once_one_is_the_first(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        for (var round = 1; round <= 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
            {
                using var answer = await app.Http.PutAsJsonAsync($"/v1/orders/main/{round}", Some.Order(partner: "sara"));
                return answer.StatusCode;
            }));
            Assert.Equal((1, 63), (answers.Count(a => a == HttpStatusCode.Created), answers.Count(a => a == HttpStatusCode.OK)));
        }
        var balance = Assert.Single((await app.GetAsync($"/v1/partners/{sara["id"]}/balance"))["data"]!.AsArray())!;
        Assert.Equal("47.50", (string?)balance["balance"]);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_click_earns_ten_percent_of_the_net_base(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var order = await app.PutAsync("/v1/orders/main/1001", Some.Order(Click(app, sara)));
        Assert.Equal("9.50", (string?)order["commission"]!["amount"]);
        Assert.Equal("95.00", (string?)order["commission_base"]!["amount"]);
        Assert.Equal("click", (string?)order["attribution"]!["method"]);
        Assert.Equal("sara", (string?)order["attribution"]!["partner_code"]);
        Assert.Equal("9.50", await PendingAsync(app, sara));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task The_same_order_again_changes_nothing(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var body = Some.Order(Click(app, sara));
        using var first = await app.Http.PutAsJsonAsync("/v1/orders/main/1001", body);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await app.Http.PutAsJsonAsync("/v1/orders/main/1001", body);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("duplicate", second.Headers.GetValues("Sidecar-Intake").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("9.50", await PendingAsync(app, sara));
    }

    [Theory, BothDatabases]
    public async Task A_cancelled_order_takes_the_commission_back_and_a_restored_one_brings_it_again(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var click = Click(app, sara);
        await app.PutAsync("/v1/orders/main/1001", Some.Order(click));
        var cancelled = await app.PutAsync("/v1/orders/main/1001", Some.Order(click, status: "cancelled", updatedAt: "2026-11-21T10:00:00Z"));
        Assert.Equal("0.00", (string?)cancelled["commission"]!["amount"]);
        Assert.Equal("reversed", (string?)cancelled["commission_status"]);
        Assert.Equal("0.00", await PendingAsync(app, sara));
        await app.PutAsync("/v1/orders/main/1001", Some.Order(click, updatedAt: "2026-11-22T10:00:00Z"));
        Assert.Equal("9.50", await PendingAsync(app, sara));
        var stale = await app.PutAsync("/v1/orders/main/1001", Some.Order(click, status: "failed", updatedAt: "2026-11-21T11:00:00Z"));
        Assert.Equal("completed", (string?)stale["status"]);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Cash_on_delivery_earns_when_it_is_completed(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var click = Click(app, sara);
        var packed = await app.PutAsync("/v1/orders/main/1", Some.Order(click, status: "processing").With("payment_method", "cod"));
        Assert.Equal("0.00", (string?)packed["commission"]!["amount"]);
        Assert.Equal("pending", (string?)packed["commission_status"]);
        var paid = await app.PutAsync("/v1/orders/main/1", Some.Order(click, updatedAt: "2026-11-21T10:00:00Z").With("payment_method", "cod"));
        Assert.Equal("9.50", (string?)paid["commission"]!["amount"]);
    }

    [Theory, BothDatabases]
    public async Task A_refunded_line_takes_its_part_back_and_a_full_refund_leaves_exactly_nothing(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1001", Some.Order(Click(app, sara)));
        await RefundAsync(app, 201, new { external_id = "r1", amount = "11.90", occurred_at = "2026-11-21T10:00:00Z", lines = new[] { new { external_id = "1", amount = "10.00" } } });
        Assert.Equal("8.50", await PendingAsync(app, sara));
        await RefundAsync(app, 200, new { external_id = "r1", amount = "11.90", occurred_at = "2026-11-21T10:00:00Z" });
        Assert.Equal("8.50", await PendingAsync(app, sara));
        await RefundAsync(app, 201, new { external_id = "r2", amount = "101.15", occurred_at = "2026-11-22T10:00:00Z" });
        Assert.Equal("0.00", await PendingAsync(app, sara));
        await RefundAsync(app, 422, new { external_id = "r3", amount = "118.06", occurred_at = "2026-11-22T10:00:00Z" });
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_refund_of_no_line_touches_no_commission(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1001", Some.Order(Click(app, sara)));
        await RefundAsync(app, 201, new { external_id = "r1", amount = "5.00", occurred_at = "2026-11-21T10:00:00Z", lines = Array.Empty<object>() });
        Assert.Equal("9.50", await PendingAsync(app, sara));
    }

    [Theory, BothDatabases]
    public async Task A_refund_that_comes_first_waits_for_its_order(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await RefundAsync(app, 202, new { external_id = "r1", amount = "11.90", occurred_at = "2026-11-21T10:00:00Z", lines = new[] { new { external_id = "1", amount = "10.00" } } });
        var order = await app.PutAsync("/v1/orders/main/1001", Some.Order(Click(app, sara)));
        Assert.Equal("8.50", (string?)order["commission"]!["amount"]);
        Assert.Equal("11.90", (string?)order["refunded"]!["amount"]);
    }

    [Theory, BothDatabases]
    public async Task A_coupon_goes_before_a_click_and_the_loser_is_kept_with_the_reason(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var tom = await app.PartnerAsync("tom");
        await app.PostAsync($"/v1/partners/{tom["id"]}/coupons", new { code = "TOM10" });
        var order = await app.PutAsync("/v1/orders/main/1", Some.Order(Click(app, sara), coupon: "tom10"));
        Assert.Equal("coupon", (string?)order["attribution"]!["method"]);
        Assert.Equal("tom", (string?)order["attribution"]!["partner_code"]);
        var loser = order["attribution"]!["candidates"]!.AsArray().Single(c => (string?)c!["partner_code"] == "sara")!;
        Assert.Equal("unqualified", (string?)loser["outcome"]);
        Assert.NotEmpty((string?)loser["reason"] ?? "");
    }

    [Theory, BothDatabases]
    public async Task An_alias_in_the_landing_address_is_a_witness(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara", "partner-sara");
        var order = await app.PutAsync("/v1/orders/main/1", Some.Order().With("landing", new { utm_source = "partner-sara", utm_campaign = "autumn" }));
        Assert.Equal("witness", (string?)order["attribution"]!["method"]);
        var entry = await app.PutAsync("/v1/orders/main/2", Some.Order().With("landing", new { session_entry = "https://shop.example/?ref=SARA&x=1" }));
        Assert.Equal("sara", (string?)entry["attribution"]!["partner_code"]);
    }

    [Theory, BothDatabases]
    public async Task Where_the_click_and_the_shops_own_memory_disagree_both_are_told_with_the_order(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PartnerAsync("tom");
        async Task<JsonNode> AttributionAsync(int id, object? landing) =>
            (await app.GetAsync($"/v1/orders/{(await app.PutAsync($"/v1/orders/main/{id}", Some.Order(Click(app, sara)).With("landing", landing)))["id"]}"))["attribution"]!;

        var other = await AttributionAsync(1, new { source_type = "utm", utm_source = "tom", utm_medium = "affiliate" });
        Assert.Equal("The click is sara's, the shop's own attribution names tom (the visit began with utm_source=tom).", (string?)other["disagreement"]);
        var search = await AttributionAsync(2, new { source_type = "organic", utm_source = "google", utm_medium = "organic" });
        Assert.Equal("The click is sara's, the shop's own attribution says google (organic).", (string?)search["disagreement"]);
        // Told, but the click decides; and whoever says nothing disagrees with nobody.
        Assert.All([other, search], a => Assert.Equal(("sara", "click"), ((string?)a["partner_code"], (string?)a["method"])));
        Assert.Null((await AttributionAsync(3, new { source_type = "utm", utm_source = "sara" }))["disagreement"]);
        Assert.Null((await AttributionAsync(4, new { source_type = "typein", utm_source = "(direct)" }))["disagreement"]);
        Assert.Null((await AttributionAsync(5, null))["disagreement"]);
    }

    [Theory, BothDatabases]
    public async Task Where_a_coupon_needs_a_click_any_click_of_its_partner_inside_the_window_will_do(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var (sara, tom) = (await app.PartnerAsync("sara"), await app.PartnerAsync("tom"));
        await app.PostAsync($"/v1/partners/{sara["id"]}/coupons", new { code = "SARA10" });
        await app.PutAsync("/v1/commission-rules", new { program = new { coupon_policy = "link_required" } });
        var (first, last) = (Click(app, sara, Placed.AddHours(-2)), Click(app, tom, Placed.AddHours(-1)));

        var alone = await app.PutAsync("/v1/orders/main/1", Some.Order(last, coupon: "SARA10"));
        Assert.Equal("tom", (string?)alone["attribution"]!["partner_code"]);
        var both = await app.PutAsync("/v1/orders/main/2", Some.Order(first, coupon: "SARA10").With("landing", new { utm_content = last }));
        Assert.Equal(("coupon", "sara"), ((string?)both["attribution"]!["method"], (string?)both["attribution"]!["partner_code"]));
        var late = await app.PutAsync("/v1/orders/main/3",
            Some.Order(Click(app, sara, Placed.AddDays(-31)), coupon: "SARA10").With("landing", new { utm_content = last }));
        Assert.Equal("tom", (string?)late["attribution"]!["partner_code"]);
    }

    [Theory]
    [InlineData("last", "tom", "a later click goes first")]
    [InlineData("first", "sara", "an earlier click goes first")]
    public async Task The_losing_click_says_which_click_went_first(string model, string winner, string reason)
    {
        await using var app = await SidecarApp.StartAsync();
        var (sara, tom) = (await app.PartnerAsync("sara"), await app.PartnerAsync("tom"));
        await app.PutAsync("/v1/commission-rules", new { program = new { attribution_model = model } });
        var order = await app.PutAsync("/v1/orders/main/1",
            Some.Order(Click(app, sara, Placed.AddHours(-2))).With("landing", new { utm_content = Click(app, tom, Placed.AddHours(-1)) }));
        Assert.Equal(winner, (string?)order["attribution"]!["partner_code"]);
        var loser = order["attribution"]!["candidates"]!.AsArray().Single(c => (string?)c!["outcome"] == "unqualified")!;
        Assert.EndsWith(reason, (string?)loser["reason"], StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task More_than_the_total_is_never_refunded(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await RefundAsync(app, 202, new { external_id = "r1", amount = "900.00", occurred_at = "2026-11-21T10:00:00Z", lines = Array.Empty<object>() });
        var order = await app.PutAsync("/v1/orders/main/1001", Some.Order(Click(app, sara)));
        Assert.Equal(("118.05", "118.05"), ((string?)order["total"]!["amount"], (string?)order["refunded"]!["amount"]));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_click_after_the_window_does_not_count_and_on_its_last_second_does(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var placed = new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
        var late = await app.PutAsync("/v1/orders/main/1", Some.Order(Click(app, sara, placed.AddDays(-30).AddSeconds(-1))));
        Assert.Null(late["attribution"]!["partner"]);
        Assert.Null(late["commission"]);
        var inside = await app.PutAsync("/v1/orders/main/2", Some.Order(Click(app, sara, placed.AddDays(-30))));
        Assert.Equal(sara["id"]!.ToString(), (string?)inside["attribution"]!["partner"]);
    }

    [Theory, BothDatabases]
    public async Task A_click_takes_the_window_along_that_was_in_force_when_it_was_made(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var rule = new object[] { new { id = "program", kind = "percent", rate = "10" } };
        await app.PutAsync("/v1/commission-rules", new { program = new { window_days = 3 }, rules = rule });
        var three = await RedirectAsync(app);
        await app.PutAsync("/v1/commission-rules", new { program = new { window_days = 60 }, rules = rule });
        var sixty = await RedirectAsync(app);
        app.Leap(TimeSpan.FromDays(4));
        var placed = Rfc3339.Format(app.Clock.GetUtcNow());
        var late = (await app.PutAsync("/v1/orders/main/1", Some.Order(three, placedAt: placed)))["attribution"]!;
        Assert.Null(late["partner"]);
        Assert.Equal("the click is older than 3 days", (string?)late["candidates"]![0]!["reason"]);
        Assert.NotNull((await app.PutAsync("/v1/orders/main/2", Some.Order(sixty, placedAt: placed)))["attribution"]!["partner"]);
    }

    [Theory, BothDatabases]
    public async Task A_later_edit_of_the_attribution_does_not_move_a_decision_whatever_arrives_first(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await app.PartnerAsync("tom");
        var early = Some.Order(partner: "sara");
        var edited = Some.Order(partner: "tom", updatedAt: "2026-11-21T10:00:00Z");
        await app.PutAsync("/v1/orders/main/1", early);
        var inOrder = await app.PutAsync("/v1/orders/main/1", edited);
        await app.PutAsync("/v1/orders/main/2", edited);
        var turned = await app.PutAsync("/v1/orders/main/2", early);
        Assert.Equal("sara", (string?)inOrder["attribution"]!["partner_code"]);
        Assert.Equal("sara", (string?)turned["attribution"]!["partner_code"]);
        Assert.Equal("2026-11-21T10:00:00Z", (string?)turned["updated_at"]);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Two_statements_of_one_moment_are_settled_whatever_arrives_first(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var one = Some.Order(partner: "sara", net: 50);
        var two = Some.Order(partner: "sara", net: 60);
        await app.PutAsync("/v1/orders/main/1", one);
        var first = await app.PutAsync("/v1/orders/main/1", two);
        await app.PutAsync("/v1/orders/main/2", two);
        var second = await app.PutAsync("/v1/orders/main/2", one);
        Assert.Equal((string?)first["commission_base"]!["amount"], (string?)second["commission_base"]!["amount"]);
    }

    [Theory, BothDatabases]
    public async Task Sixty_four_changes_at_once_leave_the_newest_booked_once(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var click = Click(app, sara);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => app.PutAsync("/v1/orders/main/1",
            Some.Order(click, net: 16 + i, updatedAt: $"2026-11-21T10:{i:00}:00Z".Replace(":60", ":59").Replace(":61", ":59").Replace(":62", ":59").Replace(":63", ":59")))));
        await app.PutAsync("/v1/orders/main/1", Some.Order(click, net: 80, updatedAt: "2026-11-22T10:00:00Z"));
        Assert.Equal("8.00", await PendingAsync(app, sara));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_commission_is_approved_when_its_hold_period_ends(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var order = await app.PutAsync("/v1/orders/main/1", Some.Order(Click(app, sara)));
        Assert.Equal("pending", (string?)order["commission_status"]);
        app.Leap(TimeSpan.FromDays(27));
        for (var i = 0; i < 100 && (string?)(await app.GetAsync($"/v1/orders/{order["id"]}"))["commission_status"] != "approved"; i++)
        {
            await Task.Delay(50);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal("approved", (string?)(await app.GetAsync($"/v1/orders/{order["id"]}"))["commission_status"]);
        Assert.Equal("9.50", await PendingAsync(app, sara, "approved"));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_commission_is_held_released_and_reversed_by_hand(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(Click(app, sara)));
        var id = (await app.GetAsync("/v1/commissions"))["data"]![0]!["id"];
        Assert.Equal("held", (string?)(await app.PostAsync($"/v1/commissions/{id}/hold", new { reason = "look at it" }))["status"]);
        Assert.Equal("9.50", await PendingAsync(app, sara, "held"));
        Assert.Equal("pending", (string?)(await app.PostAsync($"/v1/commissions/{id}/release", new { reason = "fine" }))["status"]);
        Assert.Equal("9.50", await PendingAsync(app, sara));
        Assert.Equal("reversed", (string?)(await app.PostAsync($"/v1/commissions/{id}/reverse", new { reason = "own order" }))["status"]);
        var entry = (await app.GetAsync($"/v1/partners/{sara["id"]}/ledger"))["data"]![0]!;
        Assert.Equal("order main/1 completed, reverse by hand: own order", (string?)entry["cause"]);
        Assert.Equal("0.00", await PendingAsync(app, sara));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task New_rules_leave_known_orders_at_their_rate(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var click = Click(app, sara);
        await app.PutAsync("/v1/orders/main/1", Some.Order(click));
        await app.PutAsync("/v1/commission-rules", new { rules = new object[] { new { id = "program", kind = "percent", rate = "20" } } });
        var known = await app.PutAsync("/v1/orders/main/1", Some.Order(click, net: 100, updatedAt: "2026-11-22T10:00:00Z"));
        Assert.Equal("10.00", (string?)known["commission"]!["amount"]);
        var next = await app.PutAsync("/v1/orders/main/2", Some.Order(click, net: 100));
        Assert.Equal("20.00", (string?)next["commission"]!["amount"]);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_rule_that_holds_from_a_year_nobody_means_is_refused()
    {
        await using var app = await SidecarApp.StartAsync();
        foreach (var from in new[] { "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z" })
        {
            using var response = await app.Http.PutAsJsonAsync("/v1/commission-rules",
                new { rules = new object[] { new { id = "program", kind = "percent", rate = "10", effective_from = from } } });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Contains("rules[0].effective_from", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("currency", "XYZ")]
    [InlineData("total", "-1.00")]
    [InlineData("placed_at", "9999-01-01T00:00:00Z")]
    public async Task An_order_that_cannot_be_is_refused_with_its_member(string member, string value)
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.PutAsJsonAsync("/v1/orders/main/1", Some.Order().With(member, value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.NotNull(problem["errors"]![member]);
        Assert.NotNull(problem["trace_id"]);
    }

    [Theory]
    [InlineData("PUT", "/v1/commission-rules", """{"program":{"coupon_policy":"luck"}}""", "program.coupon_policy", "Expected one of: coupon_first, link_first, link_required.")]
    [InlineData("PUT", "/v1/commission-rules", """{"rules":[{"id":"a","kind":"tier","rate":"5"}]}""", "rules[0].kind", "Expected one of: percent, fixed.")]
    [InlineData("PUT", "/v1/commission-rules", """{"rules":[{"id":"","kind":"percent","rate":"5"}]}""", "rules[0].id", "Kebab-case, at most 40 characters.")]
    [InlineData("PUT", "/v1/commission-rules", """{"rules":[{"id":"a","kind":"fixed","currency":"EUR","rate":"1000000000000"}]}""", "rules[0].rate", "The rate is too large.")]
    [InlineData("POST", "/v1/orders/main/1001/refunds", """{"external_id":"","amount":"1.00","occurred_at":"2026-11-21T10:00:00Z"}""", "external_id", "1 to 100 characters, no control characters, no spaces at the ends.")]
    [InlineData("GET", "/v1/commissions?status=done", null, "status", "Expected one of: pending, approved, held, paid, reversed.")]
    [InlineData("POST", "/v1/orders/main/1001/refunds", """{"external_id":"r9","amount":"118.06","occurred_at":"2026-11-21T10:00:00Z"}""", "amount", "The refund is more than the order's total, 118.05 EUR.")]
    public async Task A_refusal_says_what_would_be_right(string method, string path, string? body, string member, string message)
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/orders/main/1001", Some.Order());
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(message, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![member]![0]);
    }

    static readonly DateTimeOffset Placed = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    static string Click(SidecarApp app, JsonObject partner, DateTimeOffset? at = null) => app.Services.GetRequiredService<ClickIds>()
        .New(at ?? new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), PublicId.NumberOf(PublicId.Partner, (string)partner["id"]!)!.Value, 0, 30);

    static async Task<string> RedirectAsync(SidecarApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/r/sara");
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var response = await app.Anonymous.SendAsync(request);
        return response.Headers.Location!.Query.Split("aff_click=")[1];
    }

    static async Task<string?> PendingAsync(SidecarApp app, JsonObject partner, string account = "pending") =>
        (string?)(await app.GetAsync($"/v1/partners/{partner["id"]}/balance"))["data"]!.AsArray().SingleOrDefault()?[account];

    static async Task RefundAsync(SidecarApp app, int status, object body)
    {
        using var response = await app.Http.PostAsJsonAsync("/v1/orders/main/1001/refunds", body);
        Assert.Equal(status, (int)response.StatusCode);
    }
}
