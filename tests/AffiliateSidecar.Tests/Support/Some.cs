namespace AffiliateSidecar.Support;

/// <summary>Bodies that a test changes in one place.</summary>
public static class Some
{
    /// <summary>One line of goods at 19 % tax and 5.00 shipping.</summary>
    public static Dictionary<string, object?> Order(string? click = null, decimal net = 95m, string status = "completed", string currency = "EUR",
        string placedAt = "2026-11-20T10:00:00Z", string? updatedAt = null, string? coupon = null, string? partner = null) => new()
        {
            ["status"] = status,
            ["currency"] = currency,
            ["placed_at"] = placedAt,
            ["updated_at"] = updatedAt ?? placedAt,
            ["customer"] = new { external_id = "42", email = "a@example.com", is_new = true, country = "DE", ip = "203.0.113.9" },
            ["total"] = Text(net + Math.Round(net * 0.19m, 2) + 5),
            ["tax"] = Text(Math.Round(net * 0.19m, 2)),
            ["shipping"] = "5.00",
            ["lines"] = new[] { new { external_id = "1", product_id = "77", sku = "TEA-1", categories = new[] { "tea" }, name = "Green tea", quantity = 2, total = Text(net), tax = Text(Math.Round(net * 0.19m, 2)) } },
            ["payment_method"] = "bacs",
            ["coupons"] = coupon is null ? [] : new[] { coupon },
            ["click_id"] = click,
            ["partner_code"] = partner,
        };

    public static Dictionary<string, object?> With(this Dictionary<string, object?> body, string member, object? value) => new(body) { [member] = value };

    static string Text(decimal amount) => amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
