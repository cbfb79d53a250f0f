using AffiliateSidecar.Shops.Reading;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The items of orders and refunds, which both storages keep in the same tables.</summary>
static class OrderItems
{
    /// <summary>Only lines and fees have metas that are read. Written as part of the join, so that those of others are not even looked up.</summary>
    public const string MetaJoin = "m.order_item_id = IF(i.order_item_type IN ('line_item', 'fee'), i.order_item_id, 0)";

    /// <summary>What a line's money hangs on.</summary>
    public static readonly string[] MoneyKeys =
        ["_product_id", "_variation_id", "_qty", "_line_subtotal", "_line_total", "_line_tax", "_line_tax_data", "_refunded_item_id"];

    public static async Task<List<ItemRow>> ReadAsync(ShopDb db, string prefix, IReadOnlyList<ulong> documents, CancellationToken cancel)
    {
        var items = await db.QueryAsync<ItemRow>(documents, within => $"""
            SELECT i.order_item_id AS Id, i.order_id AS Owner, i.order_item_type AS Type, i.order_item_name AS Name
            FROM {prefix}woocommerce_order_items i WHERE i.order_id {within}
            """, cancel);
        items.Sort((a, b) => a.Id.CompareTo(b.Id));
        return items;
    }

    public static async Task<Meta> MetaAsync(ShopDb db, string prefix, IReadOnlyList<ulong> documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(MoneyKeys);
        return new Meta(await db.QueryAsync<MetaRow>(documents, within => $"""
            SELECT STRAIGHT_JOIN m.meta_id AS Id, m.order_item_id AS Owner, m.meta_key AS Name, m.meta_value AS Value
            FROM {prefix}woocommerce_order_items i JOIN {prefix}woocommerce_order_itemmeta m ON {MetaJoin}
            WHERE i.order_id {within} AND m.meta_key {keys}
            """, cancel, names), plain: false);
    }

    /// <summary>The products and variations that the lines name.</summary>
    public static IEnumerable<ulong> Products(IEnumerable<ItemRow> items, Meta meta) =>
        from item in items
        where item.Type == "line_item"
        let metas = meta.Of(item.Id)
        from key in ProductKeys
        let id = ulong.TryParse(metas.GetValueOrDefault(key), out var number) ? number : 0
        where id > 0
        select id;

    static readonly string[] ProductKeys = ["_product_id", "_variation_id"];
}
