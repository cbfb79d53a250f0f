using AffiliateSidecar.Storage;
using LinqToDB;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>
/// Remembers the deliveries that no order remembers: those that arrived and could not be used, those with a wrong signature, and when the
/// last good one came. Without it nobody could say later why an order was not heard of.
/// </summary>
sealed partial class DeliveryLog(Database database, TimeProvider clock, ILogger<DeliveryLog> log) : BackgroundService
{
    /// <summary>The reason of those whose signature is missing or wrong. Anybody can send them.</summary>
    public const string Signature = "signature";

    const int LongestReason = 190, MostPending = 10_000;

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(30), Patience = TimeSpan.FromSeconds(2), Kept = TimeSpan.FromDays(90), PurgePause = TimeSpan.FromHours(6);

    readonly Lock gate = new();
    readonly SemaphoreSlim writing = new(1, 1);
    Dictionary<(string Shop, string OrderId, string Reason), Tally> pending = [];
    Dictionary<string, DateTimeOffset> arrived = [];
    volatile bool isAway;
    DateTimeOffset purgeAt;

    /// <summary>Anybody can send them, and as many as they like: one number a shop, written by and by.</summary>
    public void WrongSignature(string shop) => Add(shop, "", Signature);

    /// <summary>A signed delivery said something of an order.</summary>
    public void Arrived(string shop)
    {
        var now = clock.GetUtcNow();
        lock (gate)
            arrived[shop] = now;
    }

    /// <summary>Durable when this returns, unless the database is away: then it is kept in memory until it is back.</summary>
    public async Task RefusedAsync(string shop, string? orderId, string reason)
    {
        Add(shop, orderId ?? "", reason.Length > LongestReason ? reason[..LongestReason] : reason);
        if (isAway)
            return;
        try
        {
            // On another thread: SQLite waits for a lock without letting go of its thread.
            await Task.Run(FlushAsync).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            isAway = true;
        }
    }

    /// <summary>When a delivery of the shop was last of use; null where none was, or not since this is recorded.</summary>
    public static async Task<DateTimeOffset?> LastArrivedAsync(SidecarDb db, string shop, CancellationToken cancel) =>
        await db.InstantAsync(ArrivedAt(shop), cancel);

    void Add(string shop, string orderId, string reason)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var key = (shop, orderId, reason);
        lock (gate)
        {
            if (pending.TryGetValue(key, out var tally))
                pending[key] = tally with { Count = tally.Count + 1, LastAt = now };
            else if (pending.Count < MostPending)
                pending[key] = new(1, now, now);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            await Task.Run(FlushAsync, stoppingToken);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (isAway)
            return;
        try
        {
            await Task.Run(FlushAsync, cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What was counted since the last time is not worth keeping the process.
        }
    }

    /// <summary>Whoever comes while another writes finds his own written too.</summary>
    async Task FlushAsync()
    {
        await writing.WaitAsync();
        var (refusals, deliveries) = Take();
        var now = clock.GetUtcNow();
        try
        {
            if (refusals.Count + deliveries.Count == 0 && now < purgeAt)
            {
                isAway = false;
                return;
            }
            await database.WriteAsync(async (db, cancel) =>
            {
                foreach (var (key, tally) in refusals.OrderBy(r => r.Key))
                    await SaveAsync(db, key, tally, cancel);
                foreach (var (shop, at) in deliveries.OrderBy(d => d.Key, StringComparer.Ordinal))
                    await db.RaiseInstantAsync(ArrivedAt(shop), at, cancel);
                if (now >= purgeAt)
                    await db.DeliveryRefusals.Where(r => r.LastAt < now - Kept).DeleteAsync(cancel);
            });
            purgeAt = now >= purgeAt ? now + PurgePause : purgeAt;
            isAway = false;
        }
#pragma warning disable CA1031 // whatever went wrong, what was counted is tried again, and the deliveries are not held up
        catch (Exception e)
#pragma warning restore CA1031
        {
            PutBack(refusals, deliveries);
            if (!isAway)
                LogAway(e);
            isAway = true;
        }
        finally
        {
            writing.Release();
        }
    }

    static async Task SaveAsync(SidecarDb db, (string Shop, string OrderId, string Reason) key, Tally tally, CancellationToken cancel)
    {
        var known = await db.DeliveryRefusals.Where(r => r.Shop == key.Shop && r.ExternalId == key.OrderId && r.Reason == key.Reason)
            .Set(r => r.Count, r => r.Count + tally.Count).Set(r => r.LastAt, tally.LastAt).UpdateAsync(cancel);
        if (known == 0)
            await db.InsertAsync(new DeliveryRefusalRow
            {
                Shop = key.Shop, ExternalId = key.OrderId, Reason = key.Reason, Count = tally.Count, FirstAt = tally.FirstAt, LastAt = tally.LastAt,
            }, token: cancel);
    }

    (Dictionary<(string, string, string), Tally> Refusals, Dictionary<string, DateTimeOffset> Deliveries) Take()
    {
        lock (gate)
        {
            var taken = (pending, arrived);
            (pending, arrived) = ([], []);
            return taken;
        }
    }

    void PutBack(Dictionary<(string, string, string), Tally> refusals, Dictionary<string, DateTimeOffset> deliveries)
    {
        lock (gate)
        {
            foreach (var (key, tally) in refusals)
                pending[key] = pending.TryGetValue(key, out var later) ? later with { Count = later.Count + tally.Count, FirstAt = tally.FirstAt } : tally;
            foreach (var (shop, at) in deliveries)
                arrived.TryAdd(shop, at);
        }
    }

    static string ArrivedAt(string shop) => $"delivered_at:{shop}";

    readonly record struct Tally(long Count, DateTimeOffset FirstAt, DateTimeOffset LastAt);

    public override void Dispose()
    {
        writing.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused deliveries cannot be recorded now; they are tried again.")]
    partial void LogAway(Exception exception);
}
