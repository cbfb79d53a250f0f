using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Orders in tables of their own: WooCommerce's "high-performance order storage".</summary>
static class HposTables
{
    public static OrderTables Of(ShopSettings shop)
    {
        var prefix = shop.TablePrefix;
        var (from, byId) = ($"FROM {prefix}wc_orders o", $"FROM {prefix}wc_orders o FORCE INDEX (PRIMARY)");
        const string where = $"WHERE o.type = 'shop_order' AND COALESCE(o.status, '') NOT IN {OrderTables.Drafts}";
        return new OrderTables
        {
            Prefix = prefix,
            All =
            [
                "wc_orders", "wc_orders_meta", "wc_order_addresses", "wc_order_operational_data", "woocommerce_order_items", "woocommerce_order_itemmeta",
                "posts", "postmeta", "terms", "term_taxonomy", "term_relationships",
            ],
            Heads = $"""
                SELECT o.id AS Id, o.status AS Status, CAST(o.date_created_gmt AS CHAR) AS Created, CAST(o.date_updated_gmt AS CHAR) AS Updated,
                  o.currency AS Currency, CAST(o.total_amount AS CHAR) AS Total, CAST(o.tax_amount AS CHAR) AS Tax,
                  CAST(d.shipping_tax_amount AS CHAR) AS ShippingTax, CAST(d.shipping_total_amount AS CHAR) AS Shipping,
                  CAST(d.discount_total_amount AS CHAR) AS Discount, o.payment_method AS PaymentMethod, CAST(o.customer_id AS CHAR) AS CustomerId,
                  o.billing_email AS Email, a.country AS Country, o.ip_address AS Address
                {byId}
                LEFT JOIN {prefix}wc_order_operational_data d ON d.order_id = o.id
                LEFT JOIN {prefix}wc_order_addresses a ON a.order_id = o.id AND a.address_type = 'billing'
                {where}
                """,
            Orders = $"{from} {where}",
            OrdersById = $"{byId} {where}",
            Id = "o.id",
            Placed = """
                (o.date_created_gmt >= @since OR ((o.date_created_gmt IS NULL OR o.date_created_gmt < '1971-01-01')
                  AND (o.date_updated_gmt >= @since OR o.date_updated_gmt IS NULL OR o.date_updated_gmt < '1971-01-01')))
                """,
            FirstPlaced = $"SELECT MIN(o.id) {from} WHERE o.date_created_gmt >= @since OR o.date_created_gmt IS NULL OR o.date_created_gmt < '1971-01-01'",
            Refunds = $"""
                SELECT r.id AS Id, r.parent_order_id AS OrderId, CAST(r.date_created_gmt AS CHAR) AS Created, CAST(r.total_amount AS CHAR) AS Total
                FROM {prefix}wc_orders r WHERE r.type = 'shop_order_refund' AND COALESCE(r.status, '') <> 'trash' AND r.parent_order_id
                """,
            Meta = new MetaTable(prefix + "wc_orders_meta", "id", "order_id"),
            MetaKeys = [.. OrderMeta.Keys(shop), "_refund_amount", "_refund_reason"],
            MoneyKeys = [.. OrderMeta.Keys(shop), "_refund_amount"],
            Complete = (head, _) => head,
        };
    }
}
