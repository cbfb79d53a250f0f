using System.Diagnostics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// One run over a shop's database. Every page is one transaction of ours, and then the mark how far we are, which follows a second later at most: ended
/// at any moment, the next run goes on from there, and what is read twice changes nothing.
/// </summary>
sealed class SyncRun(ShopSettings shop, IShopReader reader, OrderIntake orders, Database database, Lease lease, DriftLog drift, TimeProvider clock,
    IProgress<SyncProgress>? progress)
{
    const int PageSize = 500, SweepPageSize = 400;

    // The shop's server and we keep each other waiting in every page; this many are under way while one is booked.
    const int PagesAhead = 3;

    // A page of a second's resolution is complete only when the second is over, and a clock may be a little off.
    static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    // A mark is a commit of its own, and a commit waits for the disk.
    static readonly TimeSpan Marking = TimeSpan.FromSeconds(1);

    readonly Stopwatch watch = Stopwatch.StartNew();
    readonly HashSet<string> taken = new(StringComparer.Ordinal);
    long read, compared, added, changed, gone, unreadable;

    /// <summary>Under way through many orders: worth going on with.</summary>
    public bool IsSweeping { get; private set; }

    public SyncOutcome Outcome => new(read, compared, added, changed, gone, unreadable, Math.Round(watch.Elapsed.TotalSeconds, 3));

    public async Task RunAsync(SyncScope scope, bool thorough, CancellationToken cancel)
    {
        var row = await RowAsync(cancel);
        if (row.Reader != reader.Name || row.CursorText is null)
        {
            // From now on, and before anything else is read: what changes meanwhile is found afterwards.
            var start = await reader.ChangesAsync(null, 1, cancel, thorough);
            await SaveAsync(s => s.Set(r => r.Reader, reader.Name).Set(r => r.CursorText, start.Cursor), cancel);
            row = row with { Reader = reader.Name, CursorText = start.Cursor };
            // A shop that has moved its orders to another storage may have changed them on the way.
            scope = row.BackfilledAt is null ? SyncScope.Full : (SyncScope)Math.Max((int)scope, (int)SyncScope.Sweep);
        }
        else if (row.BackfilledAt is null)
            scope = SyncScope.Full;
        await ChangesAsync(row.CursorText!, thorough, cancel);
        if (scope != SyncScope.Changes)
            await SweepAsync(row, scope, cancel);
        await drift.SettleAsync(shop, cancel);
        await SaveAsync(s => s.Set(r => r.SyncedAt, UnixTime.Truncate(clock.GetUtcNow())).Set(r => r.Problem, (string?)null), cancel);
    }

    async Task ChangesAsync(string cursor, bool thorough, CancellationToken cancel)
    {
        for (var more = true; more;)
        {
            var page = await reader.ChangesAsync(cursor, PageSize, cancel, thorough);
            await TakeAsync(await UnseenAsync(page.Changed, cancel), cancel);
            if (page.Cursor != cursor)
                await SaveAsync(s => s.Set(r => r.CursorText, page.Cursor), cancel);
            (cursor, more) = (page.Cursor, page.More);
        }
    }

    /// <summary>Those that have not been read since a moment at which nothing of that time could be missing any more.</summary>
    async Task<List<string>> UnseenAsync(IReadOnlyList<(string Id, DateTimeOffset? UpdatedAt)> page, CancellationToken cancel)
    {
        var ids = page.Select(c => c.Id).Distinct().ToList();
        if (ids.Count == 0)
            return ids;
        await using var db = database.Open();
        var known = await db.Orders.Where(o => o.Shop == shop.Name && ids.Contains(o.ExternalId) && o.ShopReadAt != null)
            .Select(o => new { o.ExternalId, o.ShopUpdatedAt, o.ShopReadAt }).ToDictionaryAsync(o => o.ExternalId, StringComparer.Ordinal, cancel);
        var future = clock.GetUtcNow() + Overlap;
        return [.. page.Where(c => c.UpdatedAt is not { } at || !known.TryGetValue(c.Id, out var seen) || at > seen.ShopUpdatedAt
            || (seen.ShopReadAt < at + Overlap && at < future)).Select(c => c.Id).Distinct()];
    }

    async Task SweepAsync(ShopSyncRow row, SyncScope scope, CancellationToken cancel)
    {
        IsSweeping = true;
        var since = scope == SyncScope.Full ? DateTimeOffset.UnixEpoch : UnixTime.Truncate(clock.GetUtcNow() - shop.SweepWindow);
        string? after = null;
        if (row.SweepSince is { } begun && begun <= since)
            (since, after) = (begun, row.SweepAfter);
        else
            await SaveAsync(s => s.Set(r => r.SweepSince, since).Set(r => r.SweepAfter, (string?)null), cancel);
        var from = since == DateTimeOffset.UnixEpoch ? DateTimeOffset.MinValue : since;
        var all = progress is null ? 0 : await reader.CountAsync(from, cancel);
        var first = row.BackfilledAt is null;
        await PagesAsync(after, from, first, all, cancel);
        await GoneAsync(since, cancel);
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await SaveAsync(s => s.Set(r => r.SweepSince, (DateTimeOffset?)null).Set(r => r.SweepAfter, (string?)null).Set(r => r.SweptAt, now), cancel);
        if (since == DateTimeOffset.UnixEpoch)
            await SaveAsync(s => s.Set(r => r.BackfilledAt, now), cancel);
    }

    /// <summary>While a page is booked, the one after it is begun: it has other orders, and a server of ours would keep us waiting for each.</summary>
    async Task PagesAsync(string? after, DateTimeOffset from, bool first, long all, CancellationToken cancel)
    {
        var newest = PageAsync(after, from, first, cancel);
        var ahead = new Queue<Task<SweepPage>>([newest]);
        var (marked, mark) = (watch.Elapsed, (string?)null);
        var booking = Task.FromResult<IReadOnlyList<(OrderReading, IntakeResult)>>([]);
        try
        {
            while (await ahead.Dequeue() is { Last: { } last } page)
            {
                while (ahead.Count < PagesAhead)
                    ahead.Enqueue(newest = PageAfterAsync(newest, from, first, cancel));
                var readings = await page.Readings;
                compared += page.Count;
                await HoldAsync(cancel);
                (var before, booking) = (booking, AcceptAsync(readings, cancel));
                Count(await before);
                if (mark is not null && watch.Elapsed - marked >= Marking)
                {
                    await SaveAsync(s => s.Set(r => r.SweepAfter, mark), cancel);
                    marked = watch.Elapsed;
                }
                mark = last;
                progress?.Report(new(compared, all));
                await PaceAsync(cancel);
            }
            Count(await booking);
        }
        finally
        {
            // Whatever has gone wrong, nothing is written any more when this has ended.
            await ((Task)booking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<SweepPage> PageAfterAsync(Task<SweepPage> before, DateTimeOffset from, bool first, CancellationToken cancel) =>
        await before is { Last: { } last } ? await PageAsync(last, from, first, cancel) : SweepPage.End;

    /// <param name="first">Nothing has been read but in this run: there is nothing to compare with.</param>
    async Task<SweepPage> PageAsync(string? after, DateTimeOffset from, bool first, CancellationToken cancel)
    {
        if (first)
        {
            var (ids, known) = await reader.IdsAsync(after, SweepPageSize, cancel);
            return new(ids.Count, ids is [.., var end] ? end : null, ReadAsync([.. ids.Where(id => !taken.Contains(id))], known, cancel));
        }
        var page = await reader.DigestsAsync(after, from, SweepPageSize, cancel);
        var different = await StoredDigests.DifferentAsync(database, shop, page, cancel);
        return new(page.Count, page is [.., var last] ? last.Id : null, ReadAsync(different, page.ToDictionary(d => d.Id, StringComparer.Ordinal), cancel));
    }

    async Task<IReadOnlyList<OrderReading>> ReadAsync(List<string> ids, IReadOnlyDictionary<string, OrderDigest>? digests, CancellationToken cancel) =>
        ids.Count == 0 ? [] : await reader.ReadAsync(ids, digests, cancel);

    /// <param name="Last">Where the next page begins; null: this was the end.</param>
    /// <param name="Readings">Of those that are not as they were; under way.</param>
    sealed record SweepPage(int Count, string? Last, Task<IReadOnlyList<OrderReading>> Readings)
    {
        public static readonly SweepPage End = new(0, null, Task.FromResult<IReadOnlyList<OrderReading>>([]));
    }

    /// <summary>Orders of ours that the shop has no more.</summary>
    async Task GoneAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var missing = new List<string>();
        var looked = 0;
        await foreach (var page in StoredDigests.PagesAsync(database, shop, since, cancel))
        {
            var there = await reader.ExistingAsync(page, cancel);
            missing.AddRange(page.Where(id => !there.Contains(id)));
            looked += page.Count;
            await lease.HoldAsync(cancel);
        }
        // An owner erases a few orders. Where many are gone at once, this is not the database it was.
        if (missing.Count > Math.Max(20, looked / 5))
            throw new ShopDatabaseException($"{missing.Count} of {looked} orders are not in the shop's database. Nothing was taken back: look whether "
                + $"Sidecar:Shops:{shop.Name}:ConnectionString and :TablePrefix name the right shop, or a backup is being restored.");
        foreach (var page in missing.Chunk(PageSize))
            await TakeAsync(page, cancel);
    }

    async Task TakeAsync(IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        if (ids.Count == 0)
            return;
        await HoldAsync(cancel);
        Count(await AcceptAsync(await reader.ReadAsync(ids, null, cancel), cancel));
        taken.UnionWith(ids);
    }

    async Task HoldAsync(CancellationToken cancel)
    {
        if (!await lease.HoldAsync(cancel))
            throw new ShopDatabaseException("Another node has taken over.");
    }

    async Task<IReadOnlyList<(OrderReading, IntakeResult)>> AcceptAsync(IReadOnlyList<OrderReading> readings, CancellationToken cancel)
    {
        if (readings.Count == 0)
            return [];
        var results = await ShopReadings.AcceptAsync(orders, shop, readings, clock, cancel);
        await drift.RecordAsync(shop, results, cancel);
        return results;
    }

    void Count(IReadOnlyList<(OrderReading, IntakeResult)> results)
    {
        read += results.Count;
        foreach (var (_, result) in results)
        {
            added += result.Difference is { Kind: OrderDifference.Missing } ? 1 : 0;
            changed += result.Difference is { Kind: OrderDifference.Different } ? 1 : 0;
            gone += result.Difference is { Kind: OrderDifference.Gone } ? 1 : 0;
            unreadable += result.Status == IntakeStatus.Refused ? 1 : 0;
        }
    }

    /// <summary>The shop has customers to serve.</summary>
    async Task PaceAsync(CancellationToken cancel)
    {
        var early = TimeSpan.FromSeconds((double)Math.Max(read, compared) / shop.OrdersPerSecond) - watch.Elapsed;
        if (early > TimeSpan.Zero)
            await Task.Delay(early, cancel);
    }

    async Task<ShopSyncRow> RowAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ShopSyncs.FirstAsync(s => s.Shop == shop.Name, cancel);
    }

    Task<int> SaveAsync(Func<IQueryable<ShopSyncRow>, LinqToDB.Linq.IUpdatable<ShopSyncRow>> set, CancellationToken cancel) =>
        database.WriteAsync((db, token) => set(db.ShopSyncs.Where(s => s.Shop == shop.Name)).UpdateAsync(token), cancel);
}
