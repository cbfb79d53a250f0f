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
    public static Digests Of(List<RefundHead> refunds, List<MetaRow> meta, List<ItemRow> items, List<MetaRow> itemMeta) =>
        new(refunds, OfMeta(meta), OfItems(items, itemMeta.ToLookup(m => m.Owner)));

    static Dictionary<ulong, HashRow> OfMeta(List<MetaRow> meta) => meta.Where(m => m.MovesMoney).GroupBy(m => m.Owner).ToDictionary(g => g.Key, g => new HashRow
    {
        Owner = g.Key, Hash = g.Sum(m => (decimal)RowHash.Of(m.Name, m.Value)), Count = g.Count(),
        Total = Greatest(g, "_order_total"), Currency = Greatest(g, "_order_currency"), Refunded = Greatest(g, "_refund_amount"),
    });

    static Dictionary<ulong, HashRow> OfItems(List<ItemRow> items, ILookup<ulong, MetaRow> meta)
    {
        var hashes = items.SelectMany(item => Hashes(item, item.Id.ToString(), item.IsCoupon ? item.Name : ""));
        return hashes.GroupBy(h => h.Owner, h => h.Hash).ToDictionary(g => g.Key, g => new HashRow { Owner = g.Key, Hash = g.Sum(h => (decimal)h), Count = g.Count() });

        IEnumerable<(ulong Owner, ulong Hash)> Hashes(ItemRow item, string id, string? name) => meta[item.Id].Any()
            ? meta[item.Id].Select(m => (item.Owner, RowHash.Of(id, item.Type, name, m.Name, m.Value)))
            : [(item.Owner, RowHash.Of(id, item.Type, name))];
    }

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
            SELECT m.{tables.Meta.Owner} AS Owner, SUM({RowHash.Meta}) AS Hash, COUNT(*) AS Count,
              MAX(IF(m.meta_key = '_order_total', m.meta_value, NULL)) AS Total, MAX(IF(m.meta_key = '_order_currency', m.meta_value, NULL)) AS Currency,
              MAX(IF(m.meta_key = '_refund_amount', m.meta_value, NULL)) AS Refunded
            FROM {tables.Meta.Name} m WHERE m.{tables.Meta.Owner} {within} AND m.meta_key {keys} GROUP BY m.{tables.Meta.Owner}
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }

    static async Task<Dictionary<ulong, HashRow>> ItemsAsync(ShopDb db, OrderTables tables, ulong[] documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(OrderItems.MoneyKeys);
        var rows = await db.QueryAsync<HashRow>(documents, within => $"""
            SELECT STRAIGHT_JOIN i.order_id AS Owner, SUM({RowHash.Item}) AS Hash, COUNT(*) AS Count
            FROM {tables.Prefix}woocommerce_order_items i
            LEFT JOIN {tables.Prefix}woocommerce_order_itemmeta m ON {OrderItems.MetaJoin} AND m.meta_key {keys}
            WHERE i.order_id {within} GROUP BY i.order_id
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }
}
