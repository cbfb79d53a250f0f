using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Remembers what a shop's deliveries had missed: found and mended in one stroke, or still to be looked at by a person.</summary>
sealed class DriftLog(Database database, DriftExplainer explainer, TimeProvider clock)
{
    static readonly Counter<long> Recovered = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.shop_orders_recovered",
        description: "Orders read from the shop's database whose deliveries had not come, by cause.");

    /// <summary>After a sync: what is different was not heard of.</summary>
    public async Task RecordAsync(ShopSettings shop, IReadOnlyList<(OrderReading Reading, IntakeResult Result)> results, CancellationToken cancel)
    {
        var items = results.Select(r => DriftItem.Of(r.Reading.Id, r.Result)).OfType<DriftItem>().ToList();
        // The history from before there was a sidecar was not missed by anybody.
        if (items.Exists(i => i.Kind == OrderDifference.Missing))
        {
            var since = await ConnectedSinceAsync(shop, cancel);
            items.RemoveAll(i => i.Kind == OrderDifference.Missing && (since is null || i.ChangedAt < since));
        }
        var causes = items.Count == 0 ? [] : await explainer.ExplainAsync(shop, items, cancel);
        var rows = items.Zip(causes, (item, cause) => Row(shop, item, cause)).ToList();
        await StoreAsync(shop, rows, Readable(results), cancel);
        foreach (var row in rows.Where(r => r.RecoveredAt is not null && r.Cause != DriftExplainer.UnderWay))
            Recovered.Add(1, new("shop", shop.Name), new("cause", row.Cause));
    }

    /// <summary>After a delivery: what was taken for missed was only late.</summary>
    public Task ArrivedAsync(ShopSettings shop, IReadOnlyList<(OrderReading Reading, IntakeResult Result)> results, CancellationToken cancel) =>
        database.WriteAsync(async (db, token) =>
        {
            var ids = results.Select(r => r.Reading.Id).ToArray();
            await db.ShopDrifts.Where(d => d.Shop == shop.Name && ids.Contains(d.ExternalId) && d.Cause == DriftExplainer.UnderWay).DeleteAsync(token);
            await MendAsync(db, shop, Readable(results), token);
        }, cancel);

    /// <summary>Name the cause of what was late and is now lost.</summary>
    public async Task SettleAsync(ShopSettings shop, CancellationToken cancel)
    {
        List<ShopDriftRow> late;
        await using (var db = database.Open())
            late = await db.ShopDrifts.Where(d => d.Shop == shop.Name && d.Cause == DriftExplainer.UnderWay && d.FoundAt < clock.GetUtcNow() - DriftExplainer.Late).Take(1000).ToListAsync(cancel);
        if (late.Count == 0)
            return;
        var causes = await explainer.ExplainAsync(shop, [.. late.Select(Item)], cancel);
        await database.WriteAsync(async (db, token) =>
        {
            foreach (var (row, cause) in late.Zip(causes))
                await db.ShopDrifts.Where(d => d.Id == row.Id).Set(d => d.Cause, cause.Code).Set(d => d.Detail, Detail(row.Detail.Split('\n')[..^1], cause)).UpdateAsync(token);
        }, cancel);
        foreach (var cause in causes)
            Recovered.Add(1, new("shop", shop.Name), new("cause", cause.Code));
    }

    async Task<DateTimeOffset?> ConnectedSinceAsync(ShopSettings shop, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await Heartbeat.ConnectedSinceAsync(db, shop.Name, cancel);
    }

    async Task StoreAsync(ShopSettings shop, List<ShopDriftRow> rows, List<string> readable, CancellationToken cancel)
    {
        // Nearly always there is nothing to be written.
        if (rows.Count == 0 && !await IsAnyMendedAsync(shop, readable, cancel))
            return;
        await database.WriteAsync(async (db, token) =>
        {
            await MendAsync(db, shop, readable, token);
            var open = rows.Where(r => r.RecoveredAt is null).Select(r => r.ExternalId).ToArray();
            if (open.Length > 0)
                await db.ShopDrifts.Where(d => d.Shop == shop.Name && d.RecoveredAt == null && open.Contains(d.ExternalId)).DeleteAsync(token);
            await db.InsertManyAsync(rows, token);
        }, cancel);
    }

    /// <summary>What could not be read before can be now.</summary>
    async Task MendAsync(SidecarDb db, ShopSettings shop, List<string> readable, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var mended = (await OpenAsync(db, shop, cancel)).Intersect(readable).ToArray();
        if (mended.Length > 0)
            await db.ShopDrifts.Where(d => d.Shop == shop.Name && d.RecoveredAt == null && mended.Contains(d.ExternalId)).Set(d => d.RecoveredAt, now).UpdateAsync(cancel);
    }

    async Task<bool> IsAnyMendedAsync(ShopSettings shop, List<string> readable, CancellationToken cancel)
    {
        await using var db = database.Open();
        return (await OpenAsync(db, shop, cancel)).Intersect(readable).Any();
    }

    static Task<List<string>> OpenAsync(SidecarDb db, ShopSettings shop, CancellationToken cancel) =>
        db.ShopDrifts.Where(d => d.Shop == shop.Name && d.RecoveredAt == null).Select(d => d.ExternalId).Take(10_000).ToListAsync(cancel);

    static List<string> Readable(IEnumerable<(OrderReading Reading, IntakeResult Result)> results) =>
        [.. results.Where(r => r.Result.Status != IntakeStatus.Refused).Select(r => r.Reading.Id)];

    ShopDriftRow Row(ShopSettings shop, DriftItem item, DriftCause cause)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return new()
        {
            Shop = shop.Name, ExternalId = item.ExternalId, Kind = item.Kind, Cause = cause.Code, Detail = Detail(item.Words, cause),
            Currency = item.Total?.Currency, TotalMinor = item.Total?.Minor ?? 0, AtStakeMinor = item.AtStake?.Minor ?? 0,
            ChangedAt = item.ChangedAt, KnownAt = item.KnownAt, RefundsGone = item.RefundsGone, FoundAt = now,
            RecoveredAt = item.Kind == DriftItem.Unreadable ? null : now,
        };
    }

    /// <summary>A line a sentence, the cause last.</summary>
    static string Detail(IEnumerable<string> words, DriftCause cause) => string.Join('\n', words.Append(cause.Sentence));

    static DriftItem Item(ShopDriftRow row) => new(row.ExternalId, row.Kind, row.Detail.Split('\n')[..^1], row.ChangedAt, row.KnownAt, null, null, row.RefundsGone, null, null, null);
}
