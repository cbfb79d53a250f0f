using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops;

/// <summary>
/// Notes every few seconds that the service is alive, so that the next start knows from when to when it was not: a shop sends nothing again of
/// what happened in between. While only the database is away deliveries wait on the disk, so that is no downtime; hence a note beside it, in the data folder.
/// </summary>
sealed partial class Heartbeat(Database database, DataFolder folder, ShopDirectory shops, TimeProvider clock, ILogger<Heartbeat> log) : BackgroundService
{
    const string AliveAt = "alive_at", FirstAliveAt = "first_alive_at", FileName = "alive";

    static readonly TimeSpan Pause = TimeSpan.FromSeconds(20), Silence = TimeSpan.FromSeconds(90), Patience = TimeSpan.FromSeconds(2);

    // This node's own last beat, which the first one of this process will write over.
    DateTimeOffset? before;
    DateTimeOffset startedAt;
    volatile bool hasBegun, isAway;

    /// <summary>The first beat of this process is in the database.</summary>
    public bool HasBegun => hasBegun;

    /// <summary>Since when the sidecar stands beside the shop: since it first ran with it, or was first told of an order. Null where it never ran.</summary>
    public static Task<DateTimeOffset?> ConnectedSinceAsync(SidecarDb db, string shop, CancellationToken cancel) => db.InstantAsync(FirstOf(shop), cancel);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        startedAt = UnixTime.Truncate(clock.GetUtcNow());
        before = ReadFile();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            // On another thread: SQLite waits for a lock without letting go of its thread.
            await Task.Run(() => BeatAsync(stoppingToken), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>A downtime begins when the service ends, not at its last full beat.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!hasBegun || isAway)
            return;
        try
        {
            await Task.Run(() => BeatAsync(cancellationToken), cancellationToken).WaitAsync(Patience, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The beat before this one is good enough.
        }
    }

    async Task BeatAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        try
        {
            WriteFile(now);
            if (hasBegun)
                await database.WriteAsync((db, token) => db.RaiseInstantAsync(AliveAt, now, token), cancel);
            else if (await database.WriteAsync((db, token) => BeginAsync(db, now, token), cancel) is { } downtime)
                LogDowntime(downtime.FromAt, downtime.ToAt);
            (hasBegun, isAway) = (true, false);
        }
#pragma warning disable CA1031 // a beat that is missed is no reason to end the service
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (!isAway)
                LogMissed(e);
            isAway = true;
        }
    }

    /// <summary>The first beat of this process.</summary>
    /// <returns>The downtime that it ends.</returns>
    async Task<DowntimeRow?> BeginAsync(SidecarDb db, DateTimeOffset now, CancellationToken cancel)
    {
        await db.KeepInstantAsync(FirstAliveAt, startedAt, cancel);
        foreach (var shop in shops.All)
            await KeepFirstAsync(db, shop.Name, cancel);
        var stored = await db.Settings.Where(s => s.Name == AliveAt).Select(s => s.Value).FirstOrDefaultAsync(cancel);
        // Of several nodes that start together one replaces the old beat: it alone records the downtime.
        var isMine = stored is not null && await db.Settings.Where(s => s.Name == AliveAt && s.Value == stored).Set(s => s.Value, Instants.Text(now)).UpdateAsync(cancel) == 1;
        await db.RaiseInstantAsync(AliveAt, now, cancel);
        var last = Instants.Parse(stored) is { } beat && beat > before.GetValueOrDefault() ? beat : before;
        if (!isMine || last is not { } from || startedAt - from <= Silence)
            return null;
        var downtime = new DowntimeRow { FromAt = from, ToAt = startedAt };
        await db.InsertAsync(downtime, token: cancel);
        return downtime;
    }

    /// <summary>
    /// A shop may have told of orders before it stood in the configuration. When we were told counts, not what was told: an old order sent again says
    /// nothing of its own time. Asked once a shop, since no index helps.
    /// </summary>
    async Task KeepFirstAsync(SidecarDb db, string shop, CancellationToken cancel)
    {
        if (await db.InstantAsync(FirstOf(shop), cancel) is not null)
            return;
        var told = await db.Orders.Where(o => o.Shop == shop && o.Body != "").OrderBy(o => o.ReceivedAt).Select(o => new { o.ReceivedAt }).FirstOrDefaultAsync(cancel);
        await db.KeepInstantAsync(FirstOf(shop), told?.ReceivedAt < startedAt ? told.ReceivedAt : startedAt, cancel);
    }

    static string FirstOf(string shop) => $"{FirstAliveAt}:{shop.ToLowerInvariant()}";

    DateTimeOffset? ReadFile()
    {
        try
        {
            return Instants.Parse(File.ReadAllText(folder.File(FileName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    void WriteFile(DateTimeOffset now)
    {
        try
        {
            File.WriteAllText(folder.File(FileName), Instants.Text(now));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The database has it as well.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service was not running from {From:u} to {To:u}: what the shops sent meanwhile has not arrived.")]
    partial void LogDowntime(DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not take note that the service is alive; it is tried again.")]
    partial void LogMissed(Exception exception);
}
