using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>Deliveries written by hand, for what the recorded shop did not happen to send.</summary>
static class SomeDelivery
{
    public const string Secret = "test-secret";

    /// <summary>A small order in WooCommerce's words: one line of goods, tax and shipping on top.</summary>
    public static JsonObject Order(long id = 207, string status = "completed", string total = "138.81", string line = "120.00", string tax = "11.31",
        string shipping = "7.50", string currency = "USD", string modified = "2026-11-23T10:00:00") => new()
        {
            ["id"] = id,
            ["status"] = status,
            ["currency"] = currency,
            ["date_created_gmt"] = "2026-11-23T08:00:00",
            ["date_modified_gmt"] = modified,
            ["total"] = total,
            ["total_tax"] = tax,
            ["shipping_total"] = shipping,
            ["discount_total"] = "0.00",
            ["customer_id"] = 0,
            ["billing"] = new JsonObject { ["email"] = "jane@example.com", ["country"] = "US" },
            ["payment_method"] = "bacs",
            ["line_items"] = new JsonArray(new JsonObject
            {
                ["id"] = 1, ["product_id"] = 14, ["name"] = "Stoneware Mug", ["quantity"] = 2, ["subtotal"] = line, ["total"] = line, ["total_tax"] = tax,
            }),
            ["meta_data"] = new JsonArray(new JsonObject { ["id"] = 1, ["key"] = "_affiliate_code", ["value"] = "sara" }),
            ["refunds"] = new JsonArray(),
        };

    public static JsonObject With(this JsonObject order, string member, JsonNode? value)
    {
        order[member] = value;
        return order;
    }

    /// <summary>Deliver, signed; the answer's status.</summary>
    public static async Task<string> DeliverAsync(this SidecarApp app, string topic, JsonNode body, string shop = "main")
    {
        using var response = await app.Anonymous.SendAsync(Request(topic, body.ToJsonString(), shop: shop));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.OK, text);
        return (string)JsonNode.Parse(text)!["status"]!;
    }

    public static HttpRequestMessage Request(string topic, string body, string secret = Secret, string shop = "main")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/shops/{shop}/webhooks/woocommerce") { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-WC-Webhook-Topic", topic);
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Sign(bytes, secret));
        return request;
    }

    /// <summary>The order as the API serves it.</summary>
    public static async Task<JsonNode> OrderAsync(this SidecarApp app, string externalId, string shop = "main") =>
        Assert.Single((await app.GetAsync($"/v1/orders?shop={shop}&external_id={externalId}"))["data"]!.AsArray())!;

    /// <summary>What the partner has earned, all states together.</summary>
    public static async Task<decimal> EarnedAsync(this SidecarApp app, JsonObject partner, string currency = "USD")
    {
        var balances = (await app.GetAsync($"/v1/partners/{partner["id"]}/balance"))["data"]!.AsArray();
        return balances.Where(b => (string)b!["currency"]! == currency).Select(b => decimal.Parse((string)b!["balance"]!)).SingleOrDefault();
    }
}
