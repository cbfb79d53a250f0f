using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// Orders among WordPress's posts. Their date of change has no index, and some changes do not move it, so changes are found by the rows that
/// they leave behind, and among the latest orders by their date.
/// </summary>
sealed class LegacyReader(ShopSettings shop, DataOptions options) : WooReader(shop, options, LegacyTables.Of(shop))
{
    /// <summary>The dates of so many posts are looked at in every run.</summary>
    const int Latest = 1000;

    public override string Name => "legacy";

    protected override async Task<ShopChanges> ChangesAsync(ShopDb db, string? cursor, int most, bool thorough, CancellationToken cancel)
    {
        var now = await db.SnapshotAsync(cancel);
        var traces = LegacyTrace.Of(Prefix);
        if (LegacyCursor.Read(cursor) is not { } known)
            return new ShopChanges([], LegacyCursor.At(await LegacyTrace.EndsAsync(db, Prefix, traces, cancel), now).ToString(), More: false);
        var run = known.Run ?? known.Begin(await LegacyTrace.EndsAsync(db, Prefix, traces, cancel), now);
        var changed = new Dictionary<ulong, DateTimeOffset?>();
        foreach (var trace in traces)
        {
            for (; run.Marks.GetValueOrDefault(trace.Table) is var mark && mark < run.Ends.GetValueOrDefault(trace.Table) && changed.Count < most; )
            {
                var (orders, reached) = await trace.FindAsync(db, mark, run.Ends[trace.Table], most - changed.Count, cancel);
                foreach (var order in orders)
                    changed[order.OrderId] = trace.Dates ? ShopText.Utc(order.Updated) : null;
                run = run with { Marks = new(run.Marks) { [trace.Table] = reached } };
            }
        }
        if (traces.Any(t => run.Marks.GetValueOrDefault(t.Table) < run.Ends.GetValueOrDefault(t.Table)))
            return Changes(changed, known with { Run = run }, more: true);
        if (thorough || run.After is not null)
        {
            var (orders, after) = await ModifiedAsync(db, known.RanThorough, run.After ?? 0, most, cancel);
            Add(changed, orders);
            run = run with { After = after ?? ulong.MaxValue };
            if (after is not null)
                return Changes(changed, known with { Run = run }, more: true);
        }
        Add(changed, await LatestAsync(db, known.Ran, cancel));
        return Changes(changed, known.Finish(run, now), more: false);
    }

    static void Add(Dictionary<ulong, DateTimeOffset?> changed, List<ModifiedRow> orders)
    {
        foreach (var order in orders)
            changed.TryAdd(order.Id, ShopText.Utc(order.Updated));
    }

    /// <summary>The oldest change first, as far as it is known.</summary>
    static ShopChanges Changes(Dictionary<ulong, DateTimeOffset?> changed, LegacyCursor cursor, bool more) =>
        new([.. changed.Where(c => c.Key > 0).OrderBy(c => c.Value ?? DateTimeOffset.MaxValue).Select(c => (c.Key.ToString(), c.Value))], cursor.ToString(), more);

    /// <summary>Every order that was changed since then, by its date: without an index, so that all orders are looked at.</summary>
    /// <returns>Null: there are no more.</returns>
    async Task<(List<ModifiedRow> Orders, ulong? After)> ModifiedAsync(ShopDb db, DateTimeOffset since, ulong after, int most, CancellationToken cancel)
    {
        var orders = await db.QueryToListAsync<ModifiedRow>($"""
            SELECT o.ID AS Id, CAST(o.post_modified_gmt AS CHAR) AS Updated FROM {Prefix}posts o
            WHERE o.post_type = 'shop_order' AND o.post_modified_gmt >= @since AND o.ID > @after ORDER BY o.ID LIMIT {most}
            """, cancel, new DataParameter("since", ShopTime.Text(since - LegacyCursor.Overlap), DataType.VarChar), new DataParameter("after", after, DataType.UInt64));
        return (orders, orders.Count == most ? orders[^1].Id : null);
    }

    /// <summary>Those of the latest posts that are orders and were changed since then. The primary key leads to them, however long the table is.</summary>
    Task<List<ModifiedRow>> LatestAsync(ShopDb db, DateTimeOffset since, CancellationToken cancel) => db.QueryToListAsync<ModifiedRow>($"""
        SELECT o.ID AS Id, CAST(o.post_modified_gmt AS CHAR) AS Updated
        FROM (SELECT ID, post_type, post_modified_gmt FROM {Prefix}posts ORDER BY ID DESC LIMIT {Latest}) o
        WHERE o.post_type = 'shop_order' AND o.post_modified_gmt >= @since
        """, cancel, new DataParameter("since", ShopTime.Text(since - LegacyCursor.Overlap), DataType.VarChar));

    sealed record ModifiedRow
    {
        public ulong Id { get; init; }
        public string? Updated { get; init; }
    }
}
