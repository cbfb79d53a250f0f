using System.Collections.Concurrent;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// A delivery says that something has happened to an order; what has, the shop's database says exactly. Orders told of are read at once,
/// those of a burst together. What fails here is found by the next sync.
/// </summary>
sealed partial class DeliveryReads(ShopSync sync, ILogger<DeliveryReads> log) : BackgroundService
{
    const int Most = 200, MostWaiting = 100_000;

    readonly ConcurrentDictionary<(string Shop, string Id), ShopSettings> waiting = [];
    readonly SemaphoreSlim bell = new(0);

    /// <summary>Returns at once.</summary>
    public void Ask(ShopSettings shop, string id)
    {
        if (shop.ConnectionString is not null && waiting.Count < MostWaiting && waiting.TryAdd((shop.Name, id), shop))
            bell.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await bell.WaitAsync(stoppingToken);
            foreach (var batch in waiting.Keys.GroupBy(k => k.Shop).Select(g => g.Take(Most).ToList()))
            {
                var shop = waiting[batch[0]];
                // Before reading: who asks while we read asks for a later reading.
                foreach (var key in batch)
                    waiting.TryRemove(key, out _);
                await ReadAsync(shop, [.. batch.Select(k => k.Id)], stoppingToken);
            }
        }
    }

    async Task ReadAsync(ShopSettings shop, List<string> ids, CancellationToken cancel)
    {
        try
        {
            await sync.ReadAsync(shop, ids, cancel);
        }
#pragma warning disable CA1031 // the next sync reads what could not be read now
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFailed(shop.Name, ids.Count, e.Message);
        }
    }

    public override void Dispose()
    {
        bell.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} orders of shop {Shop} could not be read when their deliveries came; the next sync reads them: {Reason}")]
    partial void LogFailed(string shop, int count, string reason);
}
