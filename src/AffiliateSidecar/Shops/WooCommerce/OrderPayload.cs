using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>WooCommerce's REST v3 order, as its webhooks send it.</summary>
static class OrderPayload
{
    const string Attribution = "_wc_order_attribution_";

    // What WooCommerce remembers of the visit, as far as it says who sent the customer.
    static readonly string[] Visit = ["session_entry", "session_start_time", "source_type", "referrer",
        "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"];

    /// <exception cref="UselessPayloadException">The order cannot be what it says.</exception>
    public static Order Read(ShopSettings shop, string id, JsonElement body)
    {
        var currency = body.Word("currency");
        if (!Currency.IsKnown(currency))
            throw new UselessPayloadException($"The currency {currency ?? "of the order"} is not known.");
        var updated = body.Utc("date_modified_gmt") ?? body.Utc("date_created_gmt") ?? throw new UselessPayloadException("The order has no date.");
        var total = body.Text("total") ?? throw new UselessPayloadException("The order has no total.");
        if (body.Amount("total") < 0)
            throw new UselessPayloadException("The order's total is negative.");
        var meta = Meta(body);
        return new Order
        {
            Shop = shop.Name,
            ExternalId = id,
            Status = body.Word("status")!,
            Currency = currency!,
            PlacedAt = body.Utc("date_created_gmt") ?? updated,
            UpdatedAt = updated,
            Customer = Customer(body),
            Total = body.Amount("total"),
            Tax = body.Amount("total_tax"),
            Shipping = body.Amount("shipping_total"),
            Fees = body.Items("fee_lines").Sum(fee => fee.Amount("total")),
            Discount = body.Amount("discount_total"),
            Lines = [.. body.Items("line_items").Select(Line)],
            PaymentMethod = body.Text("payment_method"),
            Coupons = [.. body.Items("coupon_lines").Select(coupon => coupon.Text("code")).OfType<string>()],
            ClickId = Short(meta, "aff_click") ?? Short(meta, "_aff_click"),
            PartnerCode = Short(meta, shop.PartnerCodeMeta),
            Landing = Landing(meta),
            Refunds = [.. body.Items("refunds").Select(Refund).DistinctBy(r => r.ExternalId)],
            Rounded = Decimals(total) < Currency.Exponent(currency!),
        };
    }

    /// <summary>The payload is rounded to the decimals the shop shows at that moment: 138.81 USD arrives as <c>"139"</c>.</summary>
    static int Decimals(string total) => total.IndexOf('.') is var point and >= 0 ? total.Length - point - 1 : 0;

    static Customer Customer(JsonElement body)
    {
        var billing = body.Object("billing");
        return new Customer
        {
            ExternalId = body.Id("customer_id"),
            // An erased customer becomes deleted@site.invalid, which is nobody's address.
            Email = billing.Text("email") is { } email && email.Contains('@') && !email.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase) ? email : null,
            Country = billing.Text("country") is { Length: 2 } country && country.All(char.IsAsciiLetterUpper) ? country : null,
            Ip = PersonalData.Network(body.Text("customer_ip_address")),
        };
    }

    static OrderLine Line(JsonElement line) => new()
    {
        ExternalId = line.Id("id") ?? throw new UselessPayloadException("A line of the order has no id."),
        ProductId = line.Id("product_id"),
        Sku = line.Text("sku"),
        Name = line.Text("name"),
        Quantity = line.Amount("quantity") is var quantity and >= -1_000_000 and <= 1_000_000 ? quantity : throw new UselessPayloadException("A quantity is out of all reason."),
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

    static Dictionary<string, string>? Landing(Dictionary<string, string> meta)
    {
        var known = Visit.Where(name => meta.ContainsKey(Attribution + name)).ToDictionary(name => name, name => meta[Attribution + name]);
        return known.Count > 0 ? known : null;
    }

    /// <summary>No code of ours is longer.</summary>
    static string? Short(Dictionary<string, string> meta, string key) => meta.GetValueOrDefault(key) is { Length: <= 100 } value ? value : null;

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
