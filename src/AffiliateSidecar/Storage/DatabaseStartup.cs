namespace AffiliateSidecar.Storage;

/// <summary>
/// Migrates before the first request. A database that cannot be reached does not keep the service down:
/// it starts degraded, says why, and tries again.
/// </summary>
sealed partial class DatabaseStartup(Database database, Migrator migrator, Installation installation, TimeProvider clock, ILogger<DatabaseStartup> log)
    : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!TryPrepare())
            return base.StartAsync(cancellationToken);
        return Task.CompletedTask;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
            await Task.Delay(TimeSpan.FromSeconds(2), clock, stoppingToken);
        while (!TryPrepare());
    }

    bool TryPrepare()
    {
        try
        {
            migrator.Migrate();
            installation.KeyFor("start");
            return true;
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            LogUnavailable(database.Description, e.Message);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Database} cannot be used, trying again: {Reason}")]
    partial void LogUnavailable(string database, string reason);
}
