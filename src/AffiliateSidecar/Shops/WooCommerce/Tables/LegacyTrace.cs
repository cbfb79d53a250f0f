using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// A table in which a change of an order leaves a new row, so that the changes since a mark are a range of its primary key. A new status leaves
/// a note, a payment leaves metas, a refund leaves a post.
/// </summary>
/// <param name="From"><c>FROM</c> the table, first, to the order's or refund's post <c>p</c>.</param>
/// <param name="Key">The primary key.</param>
/// <param name="Dates">The order's own date moves along.</param>
sealed record LegacyTrace(string Table, string From, string Key, bool Dates = false)
{
    /// <summary>No statement walks through more rows.</summary>
    const ulong Most = 50_000;

    public const string Notes = "comments";

    public static IReadOnlyList<LegacyTrace> Of(string prefix) =>
    [
        new("posts", $"{prefix}posts p", "p.ID", Dates: true),
        new(Notes, $"{prefix}comments t JOIN {prefix}posts p ON p.ID = t.comment_post_ID AND t.comment_type = 'order_note'", "t.comment_ID"),
        new("woocommerce_order_items", $"{prefix}woocommerce_order_items t JOIN {prefix}posts p ON p.ID = t.order_id", "t.order_item_id"),
        new("woocommerce_order_itemmeta",
            $"{prefix}woocommerce_order_itemmeta t JOIN {prefix}woocommerce_order_items i ON i.order_item_id = t.order_item_id JOIN {prefix}posts p ON p.ID = i.order_id",
            "t.meta_id"),
        new("postmeta", $"{prefix}postmeta t JOIN {prefix}posts p ON p.ID = t.post_id", "t.meta_id"),
    ];

    /// <summary>How far each table reaches now. One that the account may not read is left out where the others do without it.</summary>
    public static async Task<Dictionary<string, ulong>> EndsAsync(ShopDb db, string prefix, IReadOnlyList<LegacyTrace> traces, CancellationToken cancel)
    {
        var sql = string.Join(" UNION ALL ", traces.Select(t => $"SELECT '{t.Table}' AS Name, COALESCE(MAX({t.Key[2..]}), 0) AS Mark FROM {prefix}{t.Table}"));
        try
        {
            return (await db.QueryToListAsync<EndRow>(sql, cancel)).ToDictionary(e => e.Name, e => e.Mark);
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.TableAccessDenied && traces.Any(t => t.Table == Notes))
        {
            return await EndsAsync(db, prefix, [.. traces.Where(t => t.Table != Notes)], cancel);
        }
    }

    /// <summary>The orders with rows after one mark and up to another.</summary>
    /// <returns>The orders and the mark up to which they are complete.</returns>
    public async Task<(List<TracedRow> Orders, ulong Mark)> FindAsync(ShopDb db, ulong after, ulong end, int most, CancellationToken cancel)
    {
        end = Math.Min(end, after + Most);
        var rows = await db.QueryToListAsync<TracedRow>($"""
            SELECT STRAIGHT_JOIN IF(p.post_type = 'shop_order_refund', p.post_parent, p.ID) AS OrderId, MIN({Key}) AS Mark,
              CAST(MAX(p.post_modified_gmt) AS CHAR) AS Updated
            FROM {From} WHERE {Key} > @after AND {Key} <= @end AND p.post_type IN ('shop_order', 'shop_order_refund')
            GROUP BY 1 ORDER BY Mark LIMIT {most}
            """, cancel, new DataParameter("after", after, DataType.UInt64), new DataParameter("end", end, DataType.UInt64));
        return (rows, rows.Count == most ? rows[^1].Mark : end);
    }

    sealed record EndRow
    {
        public string Name { get; init; } = "";
        public ulong Mark { get; init; }
    }
}

sealed record TracedRow
{
    public ulong OrderId { get; init; }
    public ulong Mark { get; init; }
    public string? Updated { get; init; }
}
