using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>Reads every connected shop by its clock: changes every minute, thoroughly every hour, and by night everything that may still change.</summary>
sealed partial class ShopSyncTimer(ShopSync sync, Database database, TimeProvider clock, ILogger<ShopSyncTimer> log) : BackgroundService
{
    static readonly TimeSpan Thorough = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(sync.Shops.Select(shop => WatchAsync(shop, stoppingToken)));

    async Task WatchAsync(ShopSettings shop, CancellationToken cancel)
    {
        var last = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(shop.SyncInterval, clock);
        do
        {
            var now = clock.GetUtcNow();
            var thorough = now - last >= Thorough;
            try
            {
                if (await sync.RunAsync(shop, await IsSweepDueAsync(shop, now, cancel) ? SyncScope.Sweep : SyncScope.Changes, thorough, null, cancel) is not null && thorough)
                    last = now;
            }
            catch (ShopDatabaseException e)
            {
                LogFailed(e.Message);
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogFailed(e.Message);
            }
#pragma warning disable CA1031 // one shop, one run: the next one is a new try
            catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogBroken(e, shop.Name);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    async Task<bool> IsSweepDueAsync(ShopSettings shop, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = database.Open();
        var row = await db.ShopSyncs.FirstOrDefaultAsync(s => s.Shop == shop.Name, cancel);
        var due = now.UtcDateTime.Date + shop.SweepAt;
        if (due > now.UtcDateTime)
            due = due.AddDays(-1);
        // What was begun is finished first.
        return row is { BackfilledAt: not null } && (row.SweepSince is not null || row.SweptAt is not { } swept || swept.UtcDateTime < due);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} The next try is at the next turn.")]
    partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading the database of shop {Shop} failed.")]
    partial void LogBroken(Exception exception, string shop);
}
