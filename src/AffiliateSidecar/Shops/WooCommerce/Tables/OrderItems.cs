using System.Data.Common;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The items of orders and refunds, which both storages keep in the same tables.</summary>
static class OrderItems
{
    /// <summary>Only lines and fees have metas that are read. Written as part of the join, so that those of others are not even looked up.</summary>
    public const string MetaJoin = "m.order_item_id = IF(i.order_item_type IN ('line_item', 'fee'), i.order_item_id, 0)";

    /// <summary>What a line's money hangs on.</summary>
    public static readonly string[] MoneyKeys =
        ["_product_id", "_variation_id", "_qty", "_line_subtotal", "_line_total", "_line_tax", "_line_tax_data", "_refunded_item_id"];

    public static async Task<List<ItemRow>> ReadAsync(ShopDb db, string prefix, IReadOnlyCollection<ulong> documents, CancellationToken cancel)
    {
        var items = await db.QueryAsync(documents, within => $"""
            SELECT i.order_item_id, i.order_id, i.order_item_type, i.order_item_name, i.order_item_type IN ('line_item', 'fee'), i.order_item_type = 'coupon'
            FROM {prefix}woocommerce_order_items i WHERE i.order_id {within}
            """, Row, cancel);
        items.Sort((a, b) => a.Id.CompareTo(b.Id));
        return items;
    }

    static ItemRow Row(DbDataReader reader) => new(reader.GetFieldValue<ulong>(0), reader.GetFieldValue<ulong>(1), reader.GetString(2),
        reader.IsDBNull(3) ? null : reader.GetString(3), reader.GetInt64(4) != 0, reader.GetInt64(5) != 0);

    public static Task<List<MetaRow>> MetasAsync(ShopDb db, string prefix, List<ItemRow> items, CancellationToken cancel) =>
        new MetaTable(prefix + "woocommerce_order_itemmeta", "meta_id", "order_item_id").ReadAsync(db, [.. items.Where(i => i.HasMeta).Select(i => i.Id)], MoneyKeys, MoneyKeys, cancel);

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
