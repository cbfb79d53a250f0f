using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>Whether the connected shops' databases are read, and whether their deliveries come.</summary>
sealed class ShopSyncCheck(ShopSync sync, Database database, TimeProvider clock) : IReadinessCheck
{
    static readonly TimeSpan Late = TimeSpan.FromMinutes(10), Day = TimeSpan.FromDays(1);

    public string Name => "shop-database";

    public async Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel)
    {
        var found = new List<(Condition Condition, string Sentence)>();
        foreach (var shop in sync.Shops)
            found.Add(await OfAsync(shop, cancel));
        return found.Count == 0 ? (Condition.Ok, "No shop's database is connected.") : (found.Max(f => f.Condition), string.Join(' ', found.Select(f => f.Sentence)));
    }

    public async Task<(Condition Condition, string Sentence)> OfAsync(ShopSettings shop, CancellationToken cancel)
    {
        await using var db = database.Open();
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var row = await db.ShopSyncs.FirstOrDefaultAsync(s => s.Shop == shop.Name, cancel);
        if (row?.Problem is not null)
            return (Condition.Degraded, $"Shop {shop.Name}: its database cannot be read; `shop check` says why.");
        if (row?.SyncedAt is not { } synced)
            return (Condition.Ok, $"Shop {shop.Name}: its database has not been read yet.");
        if (now - synced > (shop.SyncInterval * 10 > Late ? shop.SyncInterval * 10 : Late))
            return (Condition.Degraded, $"Shop {shop.Name}: its database was last read {(now - synced).TotalMinutes:0} minutes ago.");
        var missed = await db.ShopDrifts.CountAsync(d => d.Shop == shop.Name && d.FoundAt >= now - Day && !DriftExplainer.Expected.Contains(d.Cause), cancel);
        var open = await db.ShopDrifts.CountAsync(d => d.Shop == shop.Name && d.RecoveredAt == null, cancel);
        return (missed + open > 0 ? Condition.Degraded : Condition.Ok, $"Shop {shop.Name}: read {(now - synced).TotalSeconds:0} seconds ago, "
            + $"{missed} orders recovered in 24 hours whose deliveries had not come, {open} that cannot be read{(missed + open > 0 ? "; `shop drift` says why" : "")}.");
    }
}
