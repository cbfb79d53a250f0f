using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>
/// WooCommerce's orders out of its own tables. Where orders, refunds and their meta lie depends on the storage, and so does how changes are
/// found; the rest is the same. The statistics' tables are never read: they are up to twelve hours old.
/// </summary>
abstract class WooReader(ShopSettings shop, DataOptions options, OrderTables tables) : IShopReader
{
    readonly ProductShelf shelf = new(shop.TablePrefix);

    protected string Prefix { get; } = shop.TablePrefix;

    public abstract string Name { get; }

    public Task<ShopChanges> ChangesAsync(string? cursor, int most, CancellationToken cancel, bool thorough = false) =>
        QueryAsync(db => ChangesAsync(db, cursor, Math.Max(1, most), thorough, cancel));

    protected abstract Task<ShopChanges> ChangesAsync(ShopDb db, string? cursor, int most, bool thorough, CancellationToken cancel);

    public Task<IReadOnlyList<OrderDigest>> DigestsAsync(string? afterId, DateTimeOffset placedSince, int most, CancellationToken cancel) =>
        QueryAsync<IReadOnlyList<OrderDigest>>(async db =>
        {
            await db.SnapshotAsync(cancel);
            var since = Since(placedSince);
            var after = afterId is null ? await FirstAsync(db, since, cancel) : Number(afterId) ?? 0;
            var heads = await db.QueryToListAsync<OrderHead>(
                $"{tables.Heads} AND {tables.Id} > @after{Placed(since)} ORDER BY {tables.Id} LIMIT {most}", cancel,
                [new DataParameter("after", after, DataType.UInt64), .. since]);
            var refunds = await RefundsAsync(db, heads, cancel);
            return heads.ConvertAll((await Digests.ReadAsync(db, tables, Documents(heads, refunds), refunds, cancel)).Of);
        });

    public Task<(IReadOnlyList<string> Ids, IReadOnlyDictionary<string, OrderDigest>? Digests)> IdsAsync(string? afterId, int most, CancellationToken cancel) =>
        QueryAsync<(IReadOnlyList<string>, IReadOnlyDictionary<string, OrderDigest>?)>(async db =>
        {
            var ids = await db.QueryToListAsync<ulong>($"SELECT {tables.Id} {tables.OrdersById} AND {tables.Id} > @after ORDER BY {tables.Id} LIMIT {most}", cancel,
                new DataParameter("after", Number(afterId ?? "") ?? 0, DataType.UInt64));
            return (ids.ConvertAll(id => id.ToString()), null);
        });

    /// <summary>Digests come along with the rows, from the same snapshot.</summary>
    public Task<IReadOnlyList<OrderReading>> ReadAsync(IReadOnlyCollection<string> ids, IReadOnlyDictionary<string, OrderDigest>? digests, CancellationToken cancel) =>
        QueryAsync<IReadOnlyList<OrderReading>>(async db =>
        {
            var readAt = await db.SnapshotAsync(cancel);
            var found = (await ReadAsync(db, Numbers(ids), readAt, cancel)).ToDictionary(r => r.Id, r => r.Reading);
            return [.. ids.Select(id => found.GetValueOrDefault(Number(id) ?? 0) is { } reading ? reading with { Id = id } : new OrderReading(id, null, null, readAt))];
        });

    public Task<IReadOnlySet<string>> ExistingAsync(IReadOnlyCollection<string> ids, CancellationToken cancel) => QueryAsync<IReadOnlySet<string>>(async db =>
    {
        var there = (await db.QueryAsync<ulong>(Numbers(ids), within => $"SELECT {tables.Id} {tables.Orders} AND {tables.Id} {within}", cancel)).ToHashSet();
        return ids.Where(id => there.Contains(Number(id) ?? 0)).ToHashSet(StringComparer.Ordinal);
    });

    public Task<long> CountAsync(DateTimeOffset placedSince, CancellationToken cancel) => QueryAsync(db =>
        db.ExecuteAsync<long>($"SELECT COUNT(*) {tables.Orders}{Placed(Since(placedSince))}", cancel, Since(placedSince)));

    async Task<IEnumerable<(ulong Id, OrderReading Reading)>> ReadAsync(ShopDb db, ulong[] ids, DateTimeOffset readAt, CancellationToken cancel)
    {
        var heads = await db.QueryAsync<OrderHead>(ids, within => $"{tables.Heads} AND {tables.Id} {within}", cancel);
        var refunds = await RefundsAsync(db, heads, cancel);
        var rows = await OrderRows.ReadAsync(db, shop, tables, Documents(heads, refunds), refunds, shelf, cancel);
        return heads.Select(head => (head.Id, Reading(head, rows, readAt)));
    }

    static ulong[] Documents(List<OrderHead> heads, List<RefundHead> refunds) => [.. heads.Select(h => h.Id), .. refunds.Select(r => r.Id)];

    static OrderReading Reading(OrderHead head, OrderRows rows, DateTimeOffset readAt)
    {
        var digest = rows.Digests.Of(head);
        try
        {
            return new OrderReading(digest.Id, rows.Order(head), digest, readAt);
        }
        catch (UselessPayloadException e)
        {
            return new OrderReading(digest.Id, null, digest, readAt, e.Message);
        }
    }

    async Task<List<RefundHead>> RefundsAsync(ShopDb db, List<OrderHead> heads, CancellationToken cancel)
    {
        var refunds = await db.QueryAsync<RefundHead>(heads.ConvertAll(h => h.Id), within => $"{tables.Refunds} {within}", cancel);
        // The newest first, as WooCommerce lists them.
        refunds.Sort((a, b) => b.Id.CompareTo(a.Id));
        return refunds;
    }

    /// <summary>Before the first order of the window, so that the years before it are not read through.</summary>
    async Task<ulong> FirstAsync(ShopDb db, DataParameter[] since, CancellationToken cancel) =>
        since.Length > 0 && await db.ExecuteAsync<ulong?>(tables.FirstPlaced, cancel, since) is { } first ? first - 1 : 0;

    string Placed(DataParameter[] since) => since.Length > 0 ? $" AND {tables.Placed}" : "";

    /// <summary>No parameter where everything is asked for, also what has no date.</summary>
    static DataParameter[] Since(DateTimeOffset since) => since.Year < 1971 ? [] : [new DataParameter("since", ShopTime.Text(since), DataType.VarChar)];

    static ulong[] Numbers(IEnumerable<string> ids) => [.. ids.Select(Number).OfType<ulong>().Distinct()];

    static ulong? Number(string id) => ulong.TryParse(ShopText.Id(id), out var number) ? number : null;

    Task<T> QueryAsync<T>(Func<ShopDb, Task<T>> query) => ShopDb.AskAsync(shop, options, query);
}
