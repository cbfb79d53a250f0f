using System.Collections.Concurrent;
using System.Net.Sockets;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>Brings a shop's orders here from its own database: by the minute, by night, on demand, and one by one when it calls.</summary>
sealed partial class ShopSync(ShopDirectory shops, ShopReaders readers, OrderIntake orders, Database database, DriftLog drift, DriftGauge gauge, TimeProvider clock,
    ILogger<ShopSync> log)
{
    const int Attempts = 4;

    readonly ConcurrentDictionary<string, SemaphoreSlim> running = new(StringComparer.OrdinalIgnoreCase);

    // One node at a time. Nothing is doubled where two read after all: the intake takes the same reading twice as once.
    readonly ConcurrentDictionary<string, Lease> leases = new(StringComparer.Ordinal);

    /// <summary>The shops whose database is read.</summary>
    public IEnumerable<ShopSettings> Shops => shops.All.Where(s => s.ConnectionString is not null);

    /// <summary>Read. Null: another node, or another caller here, is doing it.</summary>
    /// <exception cref="ShopDatabaseException">It cannot be read, and why; what was read until then is kept, and the next run goes on from there.</exception>
    public async Task<SyncOutcome?> RunAsync(ShopSettings shop, SyncScope scope, bool thorough, IProgress<SyncProgress>? progress, CancellationToken cancel)
    {
        var gate = running.GetOrAdd(shop.Name, _ => new SemaphoreSlim(1, 1));
        if (!await gate.WaitAsync(0, cancel))
            return null;
        try
        {
            var lease = leases.GetOrAdd(shop.Name, name => new Lease($"shop {name}", database, clock));
            if (!await lease.HoldAsync(cancel))
                return null;
            try
            {
                await KnowAsync(shop, cancel);
                return await PersistentlyAsync(shop, lease, scope, thorough, progress, cancel);
            }
            finally
            {
                await lease.ReleaseAsync();
            }
        }
        finally
        {
            gate.Release();
        }
    }

    Task KnowAsync(ShopSettings shop, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        if (!await db.ShopSyncs.AnyAsync(s => s.Shop == shop.Name, token))
            await db.InsertAsync(new ShopSyncRow { Shop = shop.Name }, token: token);
    }, cancel);

    /// <summary>A server that goes away in the middle of a page is asked again: the run knows how far it is.</summary>
    async Task<SyncOutcome> PersistentlyAsync(ShopSettings shop, Lease lease, SyncScope scope, bool thorough, IProgress<SyncProgress>? progress, CancellationToken cancel)
    {
        SyncOutcome? before = null;
        for (var attempt = 1; ; attempt++)
        {
            SyncRun? run = null;
            try
            {
                var reader = await readers.OpenAsync(shop, cancel);
                run = new SyncRun(shop, reader, orders, database, lease, drift, clock, progress);
                await run.RunAsync(scope, thorough, cancel);
                await gauge.SyncedAsync(shop, cancel);
                var outcome = run.Outcome.After(before);
                if (outcome is { New: > 0 } or { Changed: > 0 } or { Gone: > 0 })
                    LogRecovered(shop.Name, outcome.New, outcome.Changed, outcome.Gone);
                return outcome;
            }
            catch (ShopDatabaseException e) when (attempt < Attempts && (run?.IsSweeping ?? scope != SyncScope.Changes) && WentAway(e.InnerException))
            {
                LogAgain(e.Message);
                before = run?.Outcome.After(before) ?? before;
                await Task.Delay(TimeSpan.FromSeconds(attempt), CancellationToken.None);
            }
            catch (ShopDatabaseException e)
            {
                await RememberAsync(shop, e.Message);
                throw;
            }
        }
    }

    static bool WentAway(Exception? e) => e is SocketException or IOException
        or MySqlException { IsTransient: true } or MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost } or MySqlException { InnerException: SocketException or IOException };

    async Task RememberAsync(ShopSettings shop, string problem)
    {
        try
        {
            await database.WriteAsync((db, token) => db.ShopSyncs.Where(s => s.Shop == shop.Name).Set(s => s.Problem, problem).UpdateAsync(token));
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            // Our own database is away too; its own check says so.
        }
    }

    /// <summary>Read these orders now, whoever else is reading: a delivery has just told of them.</summary>
    public async Task ReadAsync(ShopSettings shop, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var reader = await readers.OpenAsync(shop, cancel);
        var results = await ShopReadings.AcceptAsync(orders, shop, await reader.ReadAsync(ids, null, cancel), clock, cancel);
        await drift.ArrivedAsync(shop, results, cancel);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Shop {Shop}: its database had {New} orders that were not known, {Changed} that were known differently; {Gone} are not there any more.")]
    partial void LogRecovered(string shop, long @new, long changed, long gone);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} Trying again.")]
    partial void LogAgain(string reason);
}
