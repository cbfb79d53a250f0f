using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

public sealed class WebhookDoorTests
{
    static readonly Dictionary<string, string?> Shops = new()
    {
        ["Sidecar:Shops:quoted:Kind"] = "woocommerce",
        ["Sidecar:Shops:quoted:WebhookSecret"] = "a&amp;b &lt;ü&#039;",
        ["Sidecar:Shops:unfinished:Kind"] = "woocommerce",
    };

    [Fact]
    public async Task Only_the_shop_itself_is_heard()
    {
        await using var app = await SidecarApp.StartAsync();
        var order = SomeDelivery.Order().ToJsonString();
        using var forged = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", order, secret: "guessed"));
        await AssertProblemAsync(forged, HttpStatusCode.Unauthorized);
        using var changed = SomeDelivery.Request("order.created", order);
        changed.Content = new StringContent(order.Replace("138.81", "938.81"), Encoding.UTF8, "application/json");
        using var truncated = SomeDelivery.Request("order.created", order);
        truncated.Content = new StringContent(order[..^1], Encoding.UTF8, "application/json");
        foreach (var request in new[] { changed, truncated })
        {
            using var response = await app.Anonymous.SendAsync(request);
            await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
        }
        foreach (var signature in new[] { null, "", "AAAA", "no base64!", new string('A', 5000) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/shops/main/webhooks/woocommerce") { Content = new StringContent(order) };
            if (signature is not null)
                request.Headers.TryAddWithoutValidation(WebhookSignature.Header, signature);
            using var response = await app.Anonymous.SendAsync(request);
            await AssertProblemAsync(response, HttpStatusCode.Unauthorized);
        }
        Assert.Empty((await app.GetAsync("/v1/orders"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_secret_works_with_its_html_entities_and_without()
    {
        await using var app = await SidecarApp.StartAsync(settings: Shops);
        foreach (var secret in new[] { "a&b <ü'", "a&amp;b &lt;ü&#039;" })
        {
            using var response = await app.Anonymous.SendAsync(SomeDelivery.Request("product.updated", "{}", secret, "quoted"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_ping_is_answered_with_exactly_200_even_before_the_secret_is_known()
    {
        await using var app = await SidecarApp.StartAsync(settings: Shops);
        foreach (var shop in new[] { "main", "unfinished" })
        {
            using var response = await app.Anonymous.PostAsync($"/v1/shops/{shop}/webhooks/woocommerce", Form("webhook_id=1"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        using var noPing = await app.Anonymous.PostAsync("/v1/shops/main/webhooks/woocommerce", Form("webhook_id=1&id=5"));
        await AssertProblemAsync(noPing, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_shop_that_is_not_known_not_finished_or_too_talkative_gets_a_clear_answer()
    {
        await using var app = await SidecarApp.StartAsync(settings: Shops);
        using var unknown = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", "{}", shop: "nowhere"));
        await AssertProblemAsync(unknown, HttpStatusCode.NotFound);
        using var unfinished = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", "{}", shop: "unfinished"));
        await AssertProblemAsync(unfinished, HttpStatusCode.ServiceUnavailable);
        using var large = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", new string(' ', 2_000_000)));
        await AssertProblemAsync(large, HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory, BothDatabases]
    public async Task What_is_signed_but_says_nothing_of_an_order_is_ignored_with_a_reason(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        Assert.Equal("accepted", await app.DeliverAsync("order.created", SomeDelivery.Order(53)));
        (string Topic, string Body)[] useless =
        [
            ("order.created", """{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}"""),
            ("order.updated", """{"code":"rest_no_route","message":"No route was found","data":{"status":404}}"""),
            ("order.deleted", """{"code":"woocommerce_rest_cannot_view","message":"Sorry","data":{"status":401}}"""),
            ("order.updated", """{"action":"woocommerce_order_status_completed","arg":53}"""),
            ("order.updated", """{"id":111,"date_created_gmt":"2026-11-23T08:23:58","amount":"20.00","refunded_by":1,"line_items":[]}"""),
            ("order.updated", """{"refunds":[]}"""),
            ("order.updated", "[]"), ("order.updated", "53"), ("order.updated", "null"), ("order.updated", ""), ("order.updated", "{"),
            ("order.updated", """{"id":53,"status":"\ud83d","currency":"USD"}"""),
            ("order.updated", new string('[', 1000) + new string(']', 1000)),
            ("order.deleted", """{"id":"53; drop table"}"""), ("order.deleted", """{"id":-53}"""), ("order.deleted", "{}"), ("order.deleted", """{"id":0}"""),
            ("product.deleted", """{"id":53}"""), ("coupon.deleted", """{"id":53}"""), ("customer.updated", """{"id":53}"""),
            ("action.woocommerce_order_status_completed", """{"action":"woocommerce_order_status_completed","arg":53}"""),
            ("", """{"id":53}"""),
            ("order.updated", SomeDelivery.Order(53, currency: "XXY", modified: "2026-11-24T00:00:00").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53, total: "1.0E+25", modified: "2026-11-24T00:00:00").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53, total: "99999999999999999999.00", modified: "2026-11-24T00:00:00").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53, total: "-1.00", modified: "2026-11-24T00:00:00").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53, modified: "9999-12-31T23:59:59").With("date_created_gmt", "9999-12-31T23:59:59").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53, line: "twelve", modified: "2026-11-24T00:00:00").ToJsonString()),
            ("order.updated", SomeDelivery.Order(53).With("total", null).ToJsonString()),
            ("order.updated", SomeDelivery.Order(53).With("date_modified_gmt", null).With("date_created_gmt", "").ToJsonString()),
        ];
        foreach (var (topic, body) in useless)
        {
            using var response = await app.Anonymous.SendAsync(SomeDelivery.Request(topic, body));
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            Assert.Equal((HttpStatusCode.OK, "ignored"), (response.StatusCode, (string?)answer["status"]));
            Assert.False(string.IsNullOrEmpty((string?)answer["reason"]));
        }
        var order = await app.OrderAsync("53");
        Assert.Equal(("completed", "138.81"), ((string?)order["status"], (string?)order["total"]!["amount"]));
    }

    [Theory, BothDatabases]
    public async Task An_order_that_names_a_line_or_a_refund_twice_harms_neither_itself_nor_what_follows(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        static JsonObject Twice(string total, string modified)
        {
            var order = SomeDelivery.Order(total: total, modified: modified);
            order["line_items"]!.AsArray().Add(order["line_items"]![0]!.DeepClone());
            order["refunds"] = new JsonArray(new JsonObject { ["id"] = 1, ["total"] = "-5.00" }, new JsonObject { ["id"] = 1, ["total"] = "-5.00" });
            return order;
        }
        Assert.Equal("accepted", await app.DeliverAsync("order.created", Twice("258.81", "2026-11-23T10:00:00")));
        Assert.Equal("accepted", await app.DeliverAsync("order.updated", Twice("259", "2026-11-23T10:00:01")));
        Assert.Equal("accepted", await app.DeliverAsync("order.updated", SomeDelivery.Order(modified: "2026-11-23T10:00:02")));
        var order = await app.OrderAsync("207");
        Assert.Equal(("138.81", "12.00"), ((string?)order["total"]!["amount"], (string?)order["commission"]!["amount"]));
        await app.VerifyAsync();
    }

    static StringContent Form(string body) => new(body, Encoding.ASCII, "application/x-www-form-urlencoded");

    static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty((string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["detail"] ?? "");
    }
}
