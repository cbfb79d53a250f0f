using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>After midnight UTC: makes the figures and segments of the day that is over.</summary>
sealed partial class SegmentNights(SegmentRun run, Database database, TimeProvider clock, ILogger<SegmentNights> log) : BackgroundService
{
    // After the fraud scan, whose reading takes longest.
    static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(40), Again = TimeSpan.FromHours(1);

    DateTimeOffset notBefore;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (clock.GetUtcNow() < notBefore)
                continue;
            try
            {
                await NightAsync(stoppingToken);
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogUnavailable(e.Message);
            }
#pragma warning disable CA1031 // one night: the next try is a new one
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                notBefore = clock.GetUtcNow() + Again;
                LogBroken(e);
            }
        }
    }

    async Task NightAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        await using var db = database.Open();
        if (now - midnight < AfterMidnight || await db.PartnerFigures.AnyAsync(f => f.Day >= midnight, cancel) || !await db.Partners.AnyAsync(cancel))
            return;
        var result = await run.RunAsync(cancel);
        LogRan(result.Partners, result.DaysRead);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Figures and segments of {Partners} partners are made; {Days} days of orders had changed.")]
    partial void LogRan(int partners, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Figures and segments have to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The nightly figures failed; the next try is in an hour.")]
    partial void LogBroken(Exception exception);
}
