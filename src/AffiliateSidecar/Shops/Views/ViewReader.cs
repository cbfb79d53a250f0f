using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;

namespace AffiliateSidecar.Shops.Views;

/// <summary>
/// Reads the orders of any shop whose owner has made a few views of them in its MySQL or MariaDB: <c>afs_orders</c>,
/// <c>afs_order_lines</c>, <c>afs_refunds</c> and, if he likes, <c>afs_refund_lines</c>. docs/shop-database.md is their contract.
/// </summary>
sealed class ViewReader : IShopReader
{
    /// <summary>So many orders a statement.</summary>
    public const int Chunk = 500;

    /// <summary>A change may become visible this much later than the time it bears: a long transaction, two clocks.</summary>
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    readonly ShopSettings shop;
    readonly DataOptions options;
    readonly SqlViews views;

    ViewReader(ShopSettings shop, DataOptions options, SqlViews views) => (this.shop, this.options, this.views) = (shop, options, views);

    /// <summary>Looks once at what the views have.</summary>
    /// <exception cref="ShopDatabaseException">A view or a column that must be there is not.</exception>
    public static async Task<ViewReader> OpenAsync(ShopSettings shop, DataOptions options, CancellationToken cancel) =>
        new(shop, options, await ShopDb.AskAsync(shop, options, db => SqlViews.ReadAsync(db, shop.TablePrefix, cancel)));

    public string Name => "views";

    public Task<ShopChanges> ChangesAsync(string? cursor, int most, CancellationToken cancel, bool thorough = false) => AskAsync<ShopChanges>(async db =>
    {
        var now = await db.SnapshotAsync(cancel);
        if (cursor is null)
            return new([], new ViewCursor(now).ToString(), false);
        var last = ViewCursor.Read(cursor);
        var from = last.Id is null ? last with { At = last.At - Overlap } : last;
        var rows = await new ViewQueries(db, views).ChangesAsync(from, most, cancel);
        var changed = rows.Where(r => r.Id("external_id") is not null).Select(r => (r.Id("external_id")!, r.Utc("updated_at"))).ToList();
        // Only a row with an id and a time can be gone on from.
        if (rows.LastOrDefault(r => r.Id("external_id") is not null && r.AnyTime("updated_at") is not null) is not { } end)
            return new(changed, End(last.At), false);
        var at = end.AnyTime("updated_at")!.Value;
        return rows.Count >= most
            ? new(changed, new ViewCursor(at, end.Id("external_id")).ToString(), true)
            : new(changed, End(at), false);

        // A change from the future must not hide those that come until then.
        string End(DateTimeOffset seen) => new ViewCursor(seen < now ? seen : now).ToString();
    });

    public Task<IReadOnlyList<OrderDigest>> DigestsAsync(string? afterId, DateTimeOffset placedSince, int most, CancellationToken cancel) => AskAsync<IReadOnlyList<OrderDigest>>(async db =>
    {
        await db.SnapshotAsync(cancel);
        var queries = new ViewQueries(db, views);
        var orders = new Dictionary<string, ViewRow>(StringComparer.Ordinal);
        // A row without a usable id, or one that a join has doubled, does not make the page shorter: a short page would be the last.
        while (orders.Count < most)
        {
            var missing = most - orders.Count;
            var rows = await queries.PageAsync(afterId, placedSince, missing, cancel);
            foreach (var row in rows)
                if (row.Id("external_id") is { } id)
                    orders.TryAdd(id, row);
            if (rows.Count < missing)
                break;
            afterId = rows[^1].Raw("external_id");
        }
        return await ViewDigests.OfAsync(queries, views, [.. orders.Values], cancel);
    });

    public Task<IReadOnlyList<OrderReading>> ReadAsync(
        IReadOnlyCollection<string> ids, IReadOnlyDictionary<string, OrderDigest>? digests, CancellationToken cancel) => AskAsync<IReadOnlyList<OrderReading>>(async db =>
    {
        var at = await db.SnapshotAsync(cancel);
        var queries = new ViewQueries(db, views);
        var readings = new List<OrderReading>(ids.Count);
        foreach (var chunk in ids.Distinct(StringComparer.Ordinal).Chunk(Chunk))
            readings.AddRange(await ReadAsync(queries, chunk, digests, at, cancel));
        return readings;
    });

    async Task<IEnumerable<OrderReading>> ReadAsync(
        ViewQueries queries, string[] ids, IReadOnlyDictionary<string, OrderDigest>? digests, DateTimeOffset at, CancellationToken cancel)
    {
        var orders = ById(await queries.OrdersAsync(ids, views.Orders.Columns.Keys, cancel), "external_id");
        string[] found = [.. ids.Where(orders.Contains)];
        var lines = ById(await queries.ChildrenAsync(views.Lines, ViewColumns.Lines, found, cancel), "order_id");
        var refunds = ById(await queries.ChildrenAsync(views.Refunds, ViewColumns.Refunds, found, cancel), "order_id");
        var refundLines = views.RefundLines is null
            ? null
            : ById(await queries.ChildrenAsync(views.RefundLines, ViewColumns.RefundLines, found, cancel), "order_id");
        ViewRow[] unknown = [.. found.Where(id => digests?.ContainsKey(id) != true).Select(id => orders[id].First())];
        var known = (await ViewDigests.OfAsync(queries, views, unknown, cancel)).ToDictionary(d => d.Id, StringComparer.Ordinal);
        return ids.Select(id => orders.Contains(id)
            ? Reading(id, [.. orders[id]], lines[id], refunds[id], refundLines?[id], known.TryGetValue(id, out var digest) ? digest : digests![id], at)
            : new OrderReading(id, null, null, at));
    }

    OrderReading Reading(string id, ViewRow[] rows, IEnumerable<ViewRow> lines, IEnumerable<ViewRow> refunds, IEnumerable<ViewRow>? refundLines,
        OrderDigest digest, DateTimeOffset at)
    {
        try
        {
            if (rows.Length > 1)
                throw new UnreadableOrderException($"The view {views.Orders.Name} has it {rows.Length} times: a join finds several rows.");
            var order = new ViewOrder(rows[0], lines, refunds, refundLines?.ToLookup(l => l.Id("refund_id"), StringComparer.Ordinal));
            return new(id, order.Read(shop, id), digest, at);
        }
        catch (UnreadableOrderException e)
        {
            return new(id, null, digest, at, e.Message);
        }
    }

    public Task<IReadOnlySet<string>> ExistingAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => AskAsync<IReadOnlySet<string>>(async db =>
    {
        var queries = new ViewQueries(db, views);
        var existing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in ids.Chunk(Chunk))
            existing.UnionWith((await queries.OrdersAsync(chunk, ["external_id"], cancel)).Select(r => r.Id("external_id")).OfType<string>());
        existing.IntersectWith(ids);
        return existing;
    });

    public Task<long> CountAsync(DateTimeOffset placedSince, CancellationToken cancel) => AskAsync<long>(async db =>
    {
        return await new ViewQueries(db, views).CountAsync(placedSince, cancel);
    });

    Task<T> AskAsync<T>(Func<ShopDb, Task<T>> ask) => ShopDb.AskAsync(shop, options, ask);

    /// <summary>A text column may compare without case: what belongs to an order is what bears exactly its id.</summary>
    static ILookup<string, ViewRow> ById(IEnumerable<ViewRow> rows, string column) =>
        rows.Where(r => r.Id(column) is not null).ToLookup(r => r.Id(column)!, StringComparer.Ordinal);
}
