using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Looks at the published program once a night, where it is said where that is.</summary>
sealed partial class PresenceNights(SiteSettings settings, PresenceMonitor monitor, Database database, TimeProvider clock, ILogger<PresenceNights> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    static readonly TimeSpan NightHour = TimeSpan.FromHours(3);

    protected override string What => "Looking at the published program";

    protected override bool IsOn => settings.Monitor && settings.BaseUrl is not null;

    protected override TimeSpan Rest => TimeSpan.FromHours(1);

    /// <summary>At three o'clock UTC, or as soon after as this runs; of several nodes the first does it.</summary>
    protected override async Task RoundAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        await using var db = database.Open();
        var due = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + NightHour;
        if (now < due || (await PresenceReport.ReadAsync(db, cancel))?.CheckedAt >= due)
            return;
        var report = await monitor.RunAsync(cancel);
        var failed = report.Failed.Count();
        LogChecked(log, report.Checks.Count, failed);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Looked at the published program: {Checks} checks, {Failed} faults.")]
    static partial void LogChecked(ILogger log, int checks, int failed);
}
