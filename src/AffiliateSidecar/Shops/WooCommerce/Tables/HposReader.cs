using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Orders in WooCommerce's own order tables. Whatever changes them moves their date, which has an index.</summary>
sealed class HposReader(ShopSettings shop, DataOptions options) : WooReader(shop, options, HposTables.Of(shop))
{
    /// <summary>Rows of a transaction that was still open, or of a server whose clock is a little behind, come in behind the others.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    public override string Name => "hpos";

    protected override async Task<ShopChanges> ChangesAsync(ShopDb db, string? cursor, int most, bool thorough, CancellationToken cancel)
    {
        var now = await db.SnapshotAsync(cancel);
        if (HposCursor.Read(cursor) is not { } known)
            return new ShopChanges([], new HposCursor { High = await NewestAsync(db, now, cancel), Since = now }.ToString(), More: false);
        var at = known.At ?? known.Start(Overlap);
        var rows = await db.QueryToListAsync<ChangedRow>($"""
            SELECT o.id AS Id, o.type AS Type, o.parent_order_id AS Parent, CAST(o.date_updated_gmt AS CHAR) AS Updated FROM {Prefix}wc_orders o
            WHERE o.date_updated_gmt >= @date AND (o.date_updated_gmt > @date OR o.id > @id) AND o.type IN ('shop_order', 'shop_order_refund')
            ORDER BY o.date_updated_gmt, o.id LIMIT {most}
            """, cancel, new DataParameter("date", ShopTime.Text(at.Date), DataType.VarChar), new DataParameter("id", at.Id, DataType.UInt64));
        var positions = rows.ConvertAll(r => new HposPosition(ShopText.Utc(r.Updated) ?? at.Date, r.Id));
        // A date in the future would hide everything until then.
        var high = positions.Where(p => p.Date <= now).Append(known.Seen ?? known.High).MaxBy(p => (p.Date, p.Id))!;
        var changed = rows.Zip(positions).Where(r => r.First.OrderId > 0)
            .Select(r => (r.First.OrderId.ToString(), (DateTimeOffset?)r.Second.Date)).Reverse().DistinctBy(r => r.Item1).Reverse();
        var next = rows.Count == most ? known with { At = positions[^1], Seen = high } : known.Finish(high, now, Overlap);
        return new ShopChanges([.. changed], next.ToString(), rows.Count == most);
    }

    /// <summary>The last change there is, or a little before now.</summary>
    async Task<HposPosition> NewestAsync(ShopDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var newest = ShopText.Utc(await db.ExecuteAsync<string?>($"SELECT CAST(MAX(date_updated_gmt) AS CHAR) FROM {Prefix}wc_orders", cancel));
        var latest = now - Overlap;
        return new HposPosition(newest < latest ? newest.Value : latest, 0);
    }

    sealed record ChangedRow
    {
        public ulong Id { get; init; }
        public string? Type { get; init; }
        public ulong? Parent { get; init; }
        public string? Updated { get; init; }

        /// <summary>A refund is a change of its order.</summary>
        public ulong OrderId => Type == "shop_order_refund" ? Parent ?? 0 : Id;
    }
}
