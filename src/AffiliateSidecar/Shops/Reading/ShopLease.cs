using System.Collections.Concurrent;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// One node at a time reads a shop's database. A row, not a lock of the server, which a cluster does not share. Nothing is doubled
/// where two nodes read after all: the intake takes the same reading twice as once.
/// </summary>
sealed class ShopLease(Database database, TimeProvider clock)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(30), Enough = TimeSpan.FromSeconds(15);

    readonly string owner = Guid.CreateVersion7().ToString("N");
    readonly ConcurrentDictionary<string, DateTimeOffset> held = new(StringComparer.Ordinal);

    /// <summary>Take it, or keep it for another while. False: another node has it.</summary>
    public async Task<bool> HoldAsync(string shop, CancellationToken cancel)
    {
        if (held.TryGetValue(shop, out var until) && until - clock.GetUtcNow() > Enough)
            return true;
        if (!await WriteAsync(shop, UnixTime.Truncate(clock.GetUtcNow()), cancel))
            return false;
        held[shop] = clock.GetUtcNow() + Length;
        return true;
    }

    Task<bool> WriteAsync(string shop, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        if (!await db.ShopSyncs.AnyAsync(s => s.Shop == shop, token))
            await db.InsertAsync(new ShopSyncRow { Shop = shop }, token: token);
        return await db.ShopSyncs.Where(s => s.Shop == shop && (s.LeaseOwner == null || s.LeaseOwner == owner || s.LeaseUntil < now))
            .Set(s => s.LeaseOwner, owner).Set(s => s.LeaseUntil, now + Length).UpdateAsync(token) > 0;
    }, cancel);

    public Task ReleaseAsync(string shop)
    {
        held.TryRemove(shop, out _);
        return database.WriteAsync((db, token) =>
            db.ShopSyncs.Where(s => s.Shop == shop && s.LeaseOwner == owner).Set(s => s.LeaseOwner, (string?)null).UpdateAsync(token));
    }
}
