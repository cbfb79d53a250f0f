namespace AffiliateSidecar.Shops.Views;

/// <summary>What the views must and may hold; docs/shop-database.md tells the shop's owner, and a test compares.</summary>
static class ViewColumns
{
    public const string Guide = "docs/shop-database.md has the columns and the SQL.";

    public const string Orders = "orders";
    public const string Lines = "order_lines";
    public const string Refunds = "refunds";
    public const string RefundLines = "refund_lines";

    /// <summary>What is kept of the visit, as in <see cref="Order.Landing"/>.</summary>
    public static readonly string[] Visit = ["landing_url", "referrer", "ref", "utm_source", "utm_medium", "utm_campaign", "utm_content"];

    /// <summary>
    /// What makes two digests of an order differ. Names and categories are not among it: a renamed category of the catalogue
    /// would make every old order look changed.
    /// </summary>
    public static readonly string[] OfOrderDigest =
    [
        "external_id", "status", "currency", "total", "tax", "shipping", "fees", "discount", "placed_at", "updated_at",
        "payment_method", "coupons", "click_id", "partner_code",
    ];

    public static readonly IReadOnlyDictionary<string, (string[] Required, string[] Optional)> Of = new Dictionary<string, (string[], string[])>
    {
        [Orders] = (["external_id", "status", "currency", "placed_at", "updated_at", "total"],
        [
            "tax", "shipping", "fees", "discount", "payment_method", "coupons", "click_id", "partner_code",
            "customer_id", "customer_email", "customer_country", "customer_ip", "is_new_customer", .. Visit,
        ]),
        [Lines] = (["order_id", "external_id", "total"], ["product_id", "sku", "name", "categories", "quantity", "subtotal", "tax"]),
        [Refunds] = (["order_id", "external_id", "amount"], ["reason", "occurred_at", "lines_known"]),
        [RefundLines] = (["order_id", "refund_id", "line_id", "amount"], ["quantity"]),
    };

    /// <summary>Rows always come in the same order, so that an order that has not changed is the same text.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Sorting = new Dictionary<string, string[]>
    {
        [Lines] = ["order_id", "external_id"],
        [Refunds] = ["order_id", "external_id"],
        [RefundLines] = ["order_id", "refund_id", "line_id"],
    };

    public static readonly IReadOnlyDictionary<string, string[]> OfDigest = new Dictionary<string, string[]>
    {
        [Lines] = ["external_id", "product_id", "quantity", "subtotal", "total", "tax"],
        [Refunds] = ["external_id", "amount", "lines_known"],
        [RefundLines] = ["refund_id", "line_id", "amount", "quantity"],
    };
}
