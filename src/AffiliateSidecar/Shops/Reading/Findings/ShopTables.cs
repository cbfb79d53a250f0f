using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.WooCommerce.Health;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>A table of the shop that is read.</summary>
/// <param name="Name">Without prefix.</param>
/// <param name="Holds">What is missing where it is missing.</param>
/// <param name="Hpos">Orders in tables of their own cannot be read without it.</param>
/// <param name="Legacy">Orders in posts cannot be read without it.</param>
/// <param name="Columns">Where others of it are nobody's business; null: all.</param>
sealed record ShopTable(string Name, string Holds, bool Hpos, bool Legacy, string? Columns = null);

/// <summary>All that is ever read of a shop's database: an account that may read these and nothing else is enough.</summary>
static class ShopTables
{
    static readonly IReadOnlyList<ShopTable> WooCommerce =
    [
        new("options", "which storage has the orders, and WooCommerce's version", true, true),
        new("posts", "products and their parents, and orders in the older storage", true, true),
        new("postmeta", "details of products and of orders in the older storage", true, true),
        new("comments", "the notes on orders, which tell of changes that move no date", false, true),
        new("terms", "the names of product categories", true, true),
        new("term_taxonomy", "the tree of product categories", true, true),
        new("term_relationships", "which product is in which category", true, true),
        new("woocommerce_order_items", "the lines, coupons, fees and taxes of orders", true, true),
        new("woocommerce_order_itemmeta", "what each line amounts to", true, true),
        new(ShopWebhook.TableName, "whether the shop has switched its webhooks off", false, false, ShopWebhook.Columns),
        new("actionscheduler_actions", "deliveries that wait in the shop's queue", false, false),
        new("wc_orders", "the orders", true, false),
        new("wc_orders_meta", "where a buyer came from, and the details of refunds", true, false),
        new("wc_order_addresses", "the countries of buyers and how a returning one is known", true, false),
        new("wc_order_operational_data", "shipping, discounts and dates of payment", true, false),
    ];

    static readonly IReadOnlyList<ShopTable> Views =
    [
        new("orders", "the orders", true, true),
        new("order_lines", "their lines", true, true),
        new("refunds", "their refunds", true, true),
    ];

    public static IReadOnlyList<ShopTable> For(ShopSettings shop) => shop.Kind == "woocommerce" ? WooCommerce : Views;
}
