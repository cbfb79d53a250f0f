using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Shops.Reading;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// What orders amount to. The database sums a hash of every row that moves money, so that lines and metas need not travel; a sum, because
/// the order of rows and their own ids mean nothing.
/// </summary>
static class Digests
{
    public static async Task<List<OrderDigest>> ReadAsync(ShopDb db, OrderTables tables, List<OrderHead> heads, List<RefundHead> refunds, CancellationToken cancel)
    {
        if (heads.Count == 0)
            return [];
        ulong[] documents = [.. heads.Select(h => h.Id), .. refunds.Select(r => r.Id)];
        var meta = await MetaAsync(db, tables, documents, cancel);
        var items = await ItemsAsync(db, tables, documents, cancel);
        var refundsOf = refunds.ToLookup(r => r.OrderId);
        return heads.ConvertAll(head => Digest(head, [.. refundsOf[head.Id]], meta, items));
    }

    static OrderDigest Digest(OrderHead head, List<RefundHead> refunds, Dictionary<ulong, HashRow> meta, Dictionary<ulong, HashRow> items)
    {
        var own = meta.GetValueOrDefault(head.Id);
        var text = new StringBuilder().AppendJoin('|', head.Created, head.Tax, head.ShippingTax, head.Shipping, head.Discount, head.PaymentMethod);
        decimal refunded = 0;
        Add(head.Id, head.Total);
        foreach (var refund in refunds.OrderBy(r => r.Id))
        {
            var amount = meta.GetValueOrDefault(refund.Id)?.Refunded ?? refund.Total ?? meta.GetValueOrDefault(refund.Id)?.Total;
            refunded += Math.Abs(Number(amount));
            Add(refund.Id, amount);
        }
        return new OrderDigest(head.Id.ToString(), Short(head.PlainStatus, 40), Short(head.Currency ?? own?.Currency ?? "", 10), Number(head.Total ?? own?.Total),
            refunds.Count, refunded, ShopText.Utc(head.Updated), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..24]);

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
            SELECT m.{tables.MetaOwner} AS Owner, SUM({Hash("m.meta_key, m.meta_value")}) AS Hash, COUNT(*) AS Count,
              MAX(IF(m.meta_key = '_order_total', m.meta_value, NULL)) AS Total, MAX(IF(m.meta_key = '_order_currency', m.meta_value, NULL)) AS Currency,
              MAX(IF(m.meta_key = '_refund_amount', m.meta_value, NULL)) AS Refunded
            FROM {tables.MetaTable} m WHERE m.{tables.MetaOwner} {within} AND m.meta_key {keys} GROUP BY m.{tables.MetaOwner}
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }

    static async Task<Dictionary<ulong, HashRow>> ItemsAsync(ShopDb db, OrderTables tables, ulong[] documents, CancellationToken cancel)
    {
        var (keys, names) = OrderTables.Keys(OrderItems.MoneyKeys);
        // A coupon is its name; a line may change its name for nothing.
        var rows = await db.QueryAsync<HashRow>(documents, within => $"""
            SELECT STRAIGHT_JOIN i.order_id AS Owner,
              SUM({Hash("i.order_item_id, i.order_item_type, IF(i.order_item_type = 'coupon', i.order_item_name, ''), m.meta_key, m.meta_value")}) AS Hash,
              COUNT(*) AS Count
            FROM {tables.Prefix}woocommerce_order_items i
            LEFT JOIN {tables.Prefix}woocommerce_order_itemmeta m ON {OrderItems.MetaJoin} AND m.meta_key {keys}
            WHERE i.order_id {within} GROUP BY i.order_id
            """, cancel, names);
        return rows.ToDictionary(r => r.Owner);
    }

    /// <summary>60 bits of a hash that does not cancel itself out, as CRC32 does where two lines exchange their amounts.</summary>
    static string Hash(string columns) => $"CAST(CONV(LEFT(MD5(CONCAT_WS('|', {columns})), 15), 16, 10) AS UNSIGNED)";
}
