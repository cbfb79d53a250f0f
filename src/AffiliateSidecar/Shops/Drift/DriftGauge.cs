using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>
/// Says in <c>/metrics</c> how much is not in step: what the last comparison found and no reading has mended since, and what cannot be read.
/// </summary>
sealed class DriftGauge(Database database)
{
    const int OrdersAStatement = 500;

    static readonly Gauge<long> Orders = Telemetry.Meter.CreateGauge<long>("affiliate_sidecar.shop_drift_orders",
        description: "Orders that are not here, or not the same as in the shop's database, as it was last compared.");
    static readonly Gauge<double> AtStake = Telemetry.Meter.CreateGauge<double>("affiliate_sidecar.shop_drift_at_stake",
        description: "By how much commissions are wrong because of them, in whole units of the currency.");

    readonly ConcurrentDictionary<string, Comparison> compared = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<(string Shop, string Currency), bool> currencies = [];

    /// <summary>After a comparison.</summary>
    public async Task FoundAsync(ShopSettings shop, DriftFound found, CancellationToken cancel)
    {
        var items = found.Items.Select(i => i.Item).ToList();
        compared[shop.Name] = new(await SweptAtAsync(shop, cancel), items, await ReadTimesAsync(shop, items, cancel), found.Unread);
        Record(shop, items, found.Unread);
    }

    /// <summary>After a sync, whoever else has read meanwhile.</summary>
    public async Task SyncedAsync(ShopSettings shop, CancellationToken cancel)
    {
        // A sweep since then has mended everything.
        var left = compared.TryGetValue(shop.Name, out var last) && await SweptAtAsync(shop, cancel) == last.SweptAt ? last : null;
        if (left is { Items.Count: > 0 })
        {
            var now = await ReadTimesAsync(shop, left.Items, cancel);
            left = left with { Items = [.. left.Items.Where(i => now.GetValueOrDefault(i.ExternalId) == left.ReadAt.GetValueOrDefault(i.ExternalId))] };
        }
        if (last is not null && left is null)
            compared.TryRemove(new(shop.Name, last));
        else if (left is not null)
            compared.TryUpdate(shop.Name, left, last!);
        await using var db = database.Open();
        var unreadable = await db.ShopDrifts.Where(d => d.Shop == shop.Name && d.RecoveredAt == null).Select(d => d.ExternalId).Distinct().ToListAsync(cancel);
        Record(shop, left?.Items ?? [], (left?.Unread ?? 0) + unreadable.Except(left?.Items.Select(i => i.ExternalId) ?? []).Count());
    }

    void Record(ShopSettings shop, IReadOnlyCollection<DriftItem> items, int further)
    {
        Orders.Record(items.Count + further, new KeyValuePair<string, object?>("shop", shop.Name));
        var sums = DriftReport.Sums(items.Select(i => i.AtStake)).ToDictionary(m => m.Currency, m => (double)m.Amount);
        foreach (var currency in sums.Keys)
            currencies[(shop.Name, currency)] = true;
        // A gauge keeps its last value: what was mended is said to be nothing.
        foreach (var (name, currency) in currencies.Keys.Where(k => k.Shop == shop.Name))
            AtStake.Record(sums.GetValueOrDefault(currency), new("shop", name), new("currency", currency));
    }

    async Task<DateTimeOffset?> SweptAtAsync(ShopSettings shop, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ShopSyncs.Where(s => s.Shop == shop.Name).Select(s => s.SweptAt).FirstOrDefaultAsync(cancel);
    }

    /// <summary>When each order was last read in the shop's database; none for those that never were.</summary>
    async Task<Dictionary<string, DateTimeOffset?>> ReadTimesAsync(ShopSettings shop, IEnumerable<DriftItem> items, CancellationToken cancel)
    {
        var times = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        await using var db = database.Open();
        foreach (var ids in items.Select(i => i.ExternalId).Chunk(OrdersAStatement))
            foreach (var order in await db.Orders.Where(o => o.Shop == shop.Name && ids.Contains(o.ExternalId)).Select(o => new { o.ExternalId, o.ShopReadAt }).ToListAsync(cancel))
                times[order.ExternalId] = order.ShopReadAt;
        return times;
    }

    sealed record Comparison(DateTimeOffset? SweptAt, IReadOnlyList<DriftItem> Items, IReadOnlyDictionary<string, DateTimeOffset?> ReadAt, int Unread);
}
