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

    /// <summary>A row a meta, and one for an item without any.</summary>
    public static Task<List<ItemMetaRow>> ReadAsync(ShopDb db, string prefix, IReadOnlyCollection<ulong> documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(MoneyKeys);
        return db.QueryAsync<ItemMetaRow>(documents, within => $"""
            SELECT STRAIGHT_JOIN i.order_item_id AS ItemId, i.order_id AS Owner, i.order_item_type AS Type, i.order_item_name AS Name,
              m.meta_id AS MetaId, m.meta_key AS MetaKey, m.meta_value AS Value, {Digests.ItemHash} AS Hash
            FROM {prefix}woocommerce_order_items i LEFT JOIN {prefix}woocommerce_order_itemmeta m ON {MetaJoin} AND m.meta_key {keys}
            WHERE i.order_id {within}
            """, cancel, names);
    }

    public static List<ItemRow> Items(IEnumerable<ItemMetaRow> rows) =>
        [.. rows.DistinctBy(r => r.ItemId).OrderBy(r => r.ItemId).Select(r => new ItemRow { Id = r.ItemId, Owner = r.Owner, Type = r.Type, Name = r.Name })];

    public static Meta Metas(IEnumerable<ItemMetaRow> rows) =>
        new([.. rows.Where(r => r.MetaId is not null).Select(r => new MetaRow { Id = r.MetaId!.Value, Owner = r.ItemId, Name = r.MetaKey, Value = r.Value })], plain: false);

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
