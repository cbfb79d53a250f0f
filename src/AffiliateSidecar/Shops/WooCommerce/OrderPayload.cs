using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>WooCommerce's REST v3 order, as its webhooks send it.</summary>
static class OrderPayload
{
    /// <exception cref="UselessPayloadException">The order cannot be what it says.</exception>
    public static Order Read(ShopSettings shop, string id, JsonElement body)
    {
        var billing = body.Object("billing");
        var order = new OrderParts
        {
            Id = id,
            Status = body.Word("status"),
            Currency = body.Word("currency"),
            Created = body.Utc("date_created_gmt"),
            Updated = body.Utc("date_modified_gmt"),
            Total = body.Amount("total"),
            Tax = body.Amount("total_tax"),
            Shipping = body.Amount("shipping_total"),
            Fees = body.Items("fee_lines").Sum(fee => fee.Amount("total")),
            Discount = body.Amount("discount_total"),
            Lines = [.. body.Items("line_items").Select(Line)],
            Refunds = [.. body.Items("refunds").Select(Refund).DistinctBy(r => r.ExternalId)],
            Coupons = [.. body.Items("coupon_lines").Select(coupon => coupon.Text("code")).OfType<string>()],
            PaymentMethod = body.Text("payment_method"),
            CustomerId = body.Id("customer_id"),
            Email = billing.Text("email"),
            Country = billing.Text("country"),
            Address = body.Text("customer_ip_address"),
            Meta = Meta(body),
        }.ToOrder(shop);
        var total = body.Text("total") ?? throw new UselessPayloadException("The order has no total.");
        return order with { Rounded = Decimals(total) < Currency.Exponent(order.Currency) };
    }

    /// <summary>The payload is rounded to the decimals the shop shows at that moment: 138.81 USD arrives as <c>"139"</c>.</summary>
    static int Decimals(string total) => total.IndexOf('.') is var point and >= 0 ? total.Length - point - 1 : 0;

    static OrderLine Line(JsonElement line) => new()
    {
        ExternalId = line.Id("id") ?? throw new UselessPayloadException("A line of the order has no id."),
        ProductId = line.Id("product_id"),
        Sku = line.Text("sku"),
        Name = line.Text("name"),
        Quantity = ShopText.Quantity(line.Amount("quantity")),
        Subtotal = line.Amount("subtotal"),
        Total = line.Amount("total"),
        Tax = line.Amount("total_tax"),
    };

    /// <summary>The payload does not say when a refund was made, nor which lines it is for.</summary>
    static Refund Refund(JsonElement refund) => new()
    {
        ExternalId = refund.Id("id") ?? throw new UselessPayloadException("A refund of the order has no id."),
        Amount = Math.Abs(refund.Amount("total")),
        Reason = refund.Text("reason"),
    };

    /// <summary>Meta values may be anything; ours are text. A key may repeat: the first counts, as in WooCommerce.</summary>
    static Dictionary<string, string> Meta(JsonElement body)
    {
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in body.Items("meta_data"))
            if (entry.Text("key") is { } key && entry.Text("value") is { } value)
                meta.TryAdd(key, value);
        return meta;
    }
}
