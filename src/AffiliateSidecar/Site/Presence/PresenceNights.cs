using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Looks at the published program once a night, where it is said where that is.</summary>
sealed partial class PresenceNights(SiteSettings settings, PresenceMonitor monitor, Database database, TimeProvider clock, ILogger<PresenceNights> log) : BackgroundService
{
    static readonly TimeSpan NightHour = TimeSpan.FromHours(3), Again = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Monitor || settings.BaseUrl is null)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        var notBefore = DateTimeOffset.MinValue;
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                if (clock.GetUtcNow() >= notBefore)
                    await NightAsync(stoppingToken);
            }
            catch (Exception e) when (e is PageException || Database.IsUnavailable(e))
            {
                notBefore = clock.GetUtcNow() + Again;
                LogTrouble(e.Message);
            }
    }

    /// <summary>At three o'clock UTC, or as soon after as this runs; of several nodes the first does it.</summary>
    async Task NightAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = database.Open();
        var due = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + NightHour;
        if (now < due || (await PresenceReport.ReadAsync(db, cancel))?.CheckedAt >= due)
            return;
        var report = await monitor.RunAsync(cancel);
        var failed = report.Failed.Count();
        LogChecked(report.Checks.Count, failed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Looked at the published program: {Checks} checks, {Failed} faults.")]
    partial void LogChecked(int checks, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The published program could not be looked at: {Reason}")]
    partial void LogTrouble(string reason);
}
