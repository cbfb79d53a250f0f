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

    static Dictionary<ulong, HashRow> OfMeta(List<MetaRow> meta)
    {
        var sums = new Dictionary<ulong, HashRow>();
        foreach (var row in meta.Where(m => m.MovesMoney))
            Add(sums, row.Owner, RowHash.Of(row.Name, row.Value)).See(row);
        return sums;
    }

    static Dictionary<ulong, HashRow> OfItems(List<ItemRow> items, ILookup<ulong, MetaRow> meta)
    {
        var sums = new Dictionary<ulong, HashRow>();
        foreach (var item in items)
        {
            var (id, name, bare) = (item.Id.ToString(), item.IsCoupon ? item.Name : "", true);
            foreach (var row in meta[item.Id])
            {
                Add(sums, item.Owner, RowHash.Of(id, item.Type, name, row.Name, row.Value));
                bare = false;
            }
            if (bare)
                Add(sums, item.Owner, RowHash.Of(id, item.Type, name));
        }
        return sums;
    }

    static HashRow Add(Dictionary<ulong, HashRow> sums, ulong owner, ulong hash)
    {
        if (!sums.TryGetValue(owner, out var sum))
            sums.Add(owner, sum = new HashRow { Owner = owner });
        sum.Hash += hash;
        sum.Count++;
        return sum;
    }

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
