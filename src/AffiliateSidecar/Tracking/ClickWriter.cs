using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Clicks are on the disk before anybody is answered: many in one transaction, or in the spool while the database is away.
/// A click has its id before it is written, so a write of which nobody knows whether it came through is simply written again.
/// </summary>
sealed partial class ClickWriter : IAsyncDisposable
{
    const int LargestBatch = 2000;

    // A visitor waits for this, so the spool takes over early; a late commit and the spooled row are one and the same click.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    static readonly Counter<long> Spooled = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.clicks.spooled",
        description: "Clicks written to a file because the database was away.");

    readonly Database database;
    readonly Spool<ClickRow> spool;
    readonly ILogger<ClickWriter> log;
    readonly GroupCommit<ClickRow, bool> commit;
    volatile bool databaseIsAway;

    public ClickWriter(Database database, DataFolder folder, TimeProvider clock, ILogger<ClickWriter> log)
    {
        this.database = database;
        this.log = log;
        spool = new(folder.File("spool"), "clicks", clock);
        databaseIsAway = !spool.IsEmpty;
        commit = new(WriteAsync, LargestBatch);
    }

    /// <summary>How clicks get into their table.</summary>
    internal Func<SidecarDb, IReadOnlyList<ClickRow>, CancellationToken, Task> Insert { get; init; } = ClickTable.InsertNewAsync;

    /// <summary>Clicks wait in the spool.</summary>
    public bool IsDegraded => databaseIsAway;

    /// <summary>Returns when the click is on the disk; throws where neither database nor spool takes it.</summary>
    public Task AddAsync(ClickRow click) => commit.AddAsync(click);

    async Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<ClickRow> clicks)
    {
        if (!databaseIsAway)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                await database.WriteAsync((db, token) => Insert(db, clicks, token), patience.Token);
                return new bool[clicks.Count];
            }
#pragma warning disable CA1031 // whatever keeps the database from taking a click, the spool takes it
            catch (Exception e)
#pragma warning restore CA1031
            {
                LogAway(database.Description, e.Message);
                databaseIsAway = true;
            }
        }
        spool.Append(clicks);
        Spooled.Add(clicks.Count);
        return new bool[clicks.Count];
    }

    /// <summary>Take spooled clicks into the database, each once however often this is interrupted. False while it is away.</summary>
    internal async Task<bool> DrainAsync(CancellationToken cancel)
    {
        if (!databaseIsAway)
            return true;
        try
        {
            foreach (var file in spool.Closed())
                await TakeInAsync(file, cancel);
            databaseIsAway = !spool.IsEmpty;
            return !databaseIsAway;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogStillAway(e.Message);
            return false;
        }
    }

    async Task TakeInAsync(string file, CancellationToken cancel)
    {
        var (rows, damaged) = Spool<ClickRow>.Read(file);
        foreach (var part in rows.Chunk(LargestBatch))
            await database.WriteAsync((db, token) => db.InsertNewAsync(part, token), cancel);
        LogTakenIn(rows.Count, file);
        if (damaged == 0)
            File.Delete(file);
        else
        {
            LogDamaged(damaged, file);
            File.Move(file, file + ".damaged", overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await commit.DisposeAsync();
        spool.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Database} does not take clicks, they go to the spool: {Reason}")]
    partial void LogAway(string database, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Spooled clicks wait on: {Reason}")]
    partial void LogStillAway(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} spooled clicks of {File} are in the database.")]
    partial void LogTakenIn(int count, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} lines of {File} cannot be read; it is kept beside with the ending .damaged.")]
    partial void LogDamaged(int count, string file);
}

/// <summary>Clicks are safe in the spool, but reports do not see them yet.</summary>
sealed class ClickSpoolCheck(ClickWriter writer) : IReadinessCheck
{
    public string Name => "click-spool";

    public Task<(Condition, string)> CheckAsync(CancellationToken cancel) => Task.FromResult(writer.IsDegraded
        ? (Condition.Degraded, "Clicks wait in the spool until the database takes them.")
        : (Condition.Ok, "No click waits."));
}

/// <summary>Tries every second to bring spooled clicks home.</summary>
sealed class SpoolDrain(ClickWriter writer) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The wall clock of the machine, not the domain's: this waits for a disk or a network.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await writer.DrainAsync(stoppingToken);
    }
}
