using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Shops.Reading;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// What orders amount to. The database makes a hash of every row that moves money; they are summed, because the order of rows and their own
/// ids mean nothing. Where only this is asked for it sums them itself, so that lines and metas need not travel.
/// </summary>
/// <param name="meta">By order or refund.</param>
/// <param name="items">By order or refund.</param>
sealed class Digests(IEnumerable<RefundHead> refunds, Dictionary<ulong, HashRow> meta, Dictionary<ulong, HashRow> items)
{
    readonly ILookup<ulong, RefundHead> refundsOf = refunds.ToLookup(r => r.OrderId);

    public static async Task<Digests> ReadAsync(ShopDb db, OrderTables tables, ulong[] documents, List<RefundHead> refunds, CancellationToken cancel) =>
        new(refunds, await MetaAsync(db, tables, documents, cancel), await ItemsAsync(db, tables, documents, cancel));

    /// <summary>The same from rows that have been read.</summary>
    public static Digests Of(List<RefundHead> refunds, List<MetaRow> meta, List<ItemMetaRow> items) => new(refunds,
        meta.Where(m => m.Hash is not null).GroupBy(m => m.Owner).ToDictionary(g => g.Key, g => new HashRow
        {
            Owner = g.Key, Hash = g.Sum(m => Number60(m.Hash!)), Count = g.Count(),
            Total = Greatest(g, "_order_total"), Currency = Greatest(g, "_order_currency"), Refunded = Greatest(g, "_refund_amount"),
        }),
        items.GroupBy(i => i.Owner).ToDictionary(g => g.Key, g => new HashRow { Owner = g.Key, Hash = g.Sum(i => Number60(i.Hash)), Count = g.Count() }));

    static string? Greatest(IEnumerable<MetaRow> rows, string key) =>
        rows.Where(m => string.Equals(m.Name, key, StringComparison.OrdinalIgnoreCase)).Select(m => m.Value).Max(StringComparer.Ordinal);

    public OrderDigest Of(OrderHead head)
    {
        var own = meta.GetValueOrDefault(head.Id);
        var text = new StringBuilder().AppendJoin('|', head.Created, head.Tax, head.ShippingTax, head.Shipping, head.Discount, head.PaymentMethod);
        decimal refunded = 0;
        Add(head.Id, head.Total);
        foreach (var refund in refundsOf[head.Id].OrderBy(r => r.Id))
        {
            var amount = meta.GetValueOrDefault(refund.Id)?.Refunded ?? refund.Total ?? meta.GetValueOrDefault(refund.Id)?.Total;
            refunded += Math.Abs(Number(amount));
            Add(refund.Id, amount);
        }
        return new OrderDigest(head.Id.ToString(), Short(head.PlainStatus, 40), Short(head.Currency ?? own?.Currency ?? "", 10), Number(head.Total ?? own?.Total),
            refundsOf[head.Id].Count(), refunded, ShopText.Utc(head.Updated), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..24]);

        void Add(ulong document, string? amount)
        {
            var (metas, lines) = (meta.GetValueOrDefault(document), items.GetValueOrDefault(document));
            text.Append($"\n{document}|{amount}|{metas?.Hash:0}|{metas?.Count}|{lines?.Hash:0}|{lines?.Count}");
        }
    }

    /// <summary>What is no amount counts nothing here; its text is in the checksum.</summary>
    static decimal Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1_000_000_000_000_000m ? number : 0;

    static string Short(string text, int most) => text.Length <= most ? text : text[..most];

    static async Task<Dictionary<ulong, HashRow>> MetaAsync(ShopDb db, OrderTables tables, ulong[] documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(tables.MoneyKeys);
        var rows = await db.QueryAsync<HashRow>(documents, within => $"""
            SELECT m.{tables.MetaOwner} AS Owner, {Summed(MetaHash)} AS Hash, COUNT(*) AS Count,
              MAX(IF(m.meta_key = '_order_total', m.meta_value, NULL)) AS Total, MAX(IF(m.meta_key = '_order_currency', m.meta_value, NULL)) AS Currency,
              MAX(IF(m.meta_key = '_refund_amount', m.meta_value, NULL)) AS Refunded
            FROM {tables.MetaTable} m WHERE m.{tables.MetaOwner} {within} AND m.meta_key {keys} GROUP BY m.{tables.MetaOwner}
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }

    static async Task<Dictionary<ulong, HashRow>> ItemsAsync(ShopDb db, OrderTables tables, ulong[] documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(OrderItems.MoneyKeys);
        var rows = await db.QueryAsync<HashRow>(documents, within => $"""
            SELECT STRAIGHT_JOIN i.order_id AS Owner, {Summed(ItemHash)} AS Hash, COUNT(*) AS Count
            FROM {tables.Prefix}woocommerce_order_items i
            LEFT JOIN {tables.Prefix}woocommerce_order_itemmeta m ON {OrderItems.MetaJoin} AND m.meta_key {keys}
            WHERE i.order_id {within} GROUP BY i.order_id
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }

    /// <summary>Of a meta <c>m</c>.</summary>
    public const string MetaHash = "LEFT(MD5(CONCAT_WS('|', m.meta_key, m.meta_value)), 15)";

    /// <summary>Of an item <c>i</c> and its meta <c>m</c>. A coupon is its name; a line may change its name for nothing.</summary>
    public const string ItemHash = "LEFT(MD5(CONCAT_WS('|', i.order_item_id, i.order_item_type, IF(i.order_item_type = 'coupon', i.order_item_name, ''), m.meta_key, m.meta_value)), 15)";

    // A hash that does not cancel itself out, as CRC32 does where two lines exchange their amounts; 60 bits of it. The server takes as long to make a
    // number of it as for all the rest of the row, so where the rows come along that is done here.
    static string Summed(string hash) => $"SUM(CAST(CONV({hash}, 16, 10) AS UNSIGNED))";

    static decimal Number60(string hash) => ulong.Parse(hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
