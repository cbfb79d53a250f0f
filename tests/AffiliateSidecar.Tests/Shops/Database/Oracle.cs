using System.Text.Json;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Support;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>What the recorded shops said themselves of their orders: by webhook while it happened, by their API at the end.</summary>
static class Oracle
{
    /// <summary>WooCommerce's own answer for every order in the dump of the same name, with its refunds; six decimals.</summary>
    public static async Task<List<(JsonElement Order, List<JsonElement> Refunds)>> AnswersAsync(RecordedShop shop)
    {
        var json = await RecordedDatabase.ReadAsync(shop == RecordedShop.Hpos ? "rest-orders-hpos.json.gz" : "rest-orders-legacy.json.gz");
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("orders").EnumerateArray()
            .Select(o => (o.GetProperty("order"), o.GetProperty("refunds").EnumerateArray().ToList()))];
    }

    /// <summary>Every state of an order that was delivered, by order.</summary>
    public static ILookup<string, JsonElement> Deliveries(RecordedShop shop) => DemoShop.Recording
        .Where(d => d.Shop == (shop == RecordedShop.Hpos ? "hpos" : "legacy") && d.Topic is "order.created" or "order.updated" or "order.restored")
        .Select(d => JsonDocument.Parse(d.Body).RootElement).Where(b => b.TryGetProperty("status", out _)).ToLookup(b => b.GetProperty("id").ToString());
}
