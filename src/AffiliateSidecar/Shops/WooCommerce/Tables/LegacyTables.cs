using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Orders among WordPress's posts, with almost everything in their meta.</summary>
static class LegacyTables
{
    static readonly string[] Money =
        ["_order_total", "_order_currency", "_order_tax", "_order_shipping_tax", "_order_shipping", "_cart_discount", "_payment_method", "_refund_amount"];

    static readonly string[] Others = ["_customer_user", "_billing_email", "_billing_country", "_customer_ip_address", "_refund_reason"];

    public static OrderTables Of(ShopSettings shop)
    {
        var prefix = shop.TablePrefix;
        const string where = $"WHERE o.post_type = 'shop_order' AND o.post_status NOT IN {OrderTables.Drafts}";
        var byId = $"FROM {prefix}posts o FORCE INDEX (PRIMARY) {where}";
        return new OrderTables
        {
            Prefix = prefix,
            All =
            [
                "posts", "postmeta", "woocommerce_order_items", "woocommerce_order_itemmeta", "terms", "term_taxonomy", "term_relationships",
            ],
            Heads = $"""
                SELECT o.ID AS Id, o.post_status AS Status, CAST(o.post_date_gmt AS CHAR) AS Created, CAST(o.post_modified_gmt AS CHAR) AS Updated
                {byId}
                """,
            Orders = $"FROM {prefix}posts o {where}",
            OrdersById = byId,
            Id = "o.ID",
            Placed = "(o.post_date_gmt >= @since OR (o.post_date_gmt < '1971-01-01' AND (o.post_modified_gmt >= @since OR o.post_modified_gmt < '1971-01-01')))",
            // The index has the shop's local time, which is less than a day away.
            FirstPlaced = $"""
                SELECT MIN(o.ID) FROM {prefix}posts o
                WHERE o.post_type = 'shop_order' AND (o.post_date >= DATE_SUB(@since, INTERVAL 1 DAY) OR o.post_date < '1971-01-01')
                """,
            Refunds = $"""
                SELECT r.ID AS Id, r.post_parent AS OrderId, CAST(r.post_date_gmt AS CHAR) AS Created
                FROM {prefix}posts r WHERE r.post_type = 'shop_order_refund' AND r.post_status <> 'trash' AND r.post_parent
                """,
            Meta = new MetaTable(prefix + "postmeta", "meta_id", "post_id"),
            MetaKeys = [.. OrderMeta.Keys(shop), .. Money, .. Others],
            MoneyKeys = [.. OrderMeta.Keys(shop), .. Money],
            Complete = Complete,
        };
    }

    static OrderHead Complete(OrderHead head, Dictionary<string, string> meta) => head with
    {
        Currency = meta.GetValueOrDefault("_order_currency"),
        Total = meta.GetValueOrDefault("_order_total"),
        Tax = meta.GetValueOrDefault("_order_tax"),
        ShippingTax = meta.GetValueOrDefault("_order_shipping_tax"),
        Shipping = meta.GetValueOrDefault("_order_shipping"),
        Discount = meta.GetValueOrDefault("_cart_discount"),
        PaymentMethod = meta.GetValueOrDefault("_payment_method"),
        CustomerId = meta.GetValueOrDefault("_customer_user"),
        Email = meta.GetValueOrDefault("_billing_email"),
        Country = meta.GetValueOrDefault("_billing_country"),
        Address = meta.GetValueOrDefault("_customer_ip_address"),
    };
}
