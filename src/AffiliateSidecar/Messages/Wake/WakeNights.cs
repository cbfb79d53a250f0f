using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Wake;

/// <summary>Once a day, after the figures of the night are there.</summary>
sealed partial class WakeNights(WakeRun run, WakeSettings settings, MailSettings mail, Database database, TimeProvider clock, ILogger<WakeNights> log) : BackgroundService
{
    readonly Lease lease = new("wake", database, clock);

    DateTimeOffset done;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Mails || mail.Host is null)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
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
                LogBroken(e);
            }
        }
    }

    async Task NightAsync(CancellationToken cancel)
    {
        var midnight = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (done == midnight)
            return;
        await using (var db = database.Open())
            if (!await db.PartnerFigures.AnyAsync(f => f.Day >= midnight, cancel) || !await lease.HoldAsync(cancel))
                return;
        var (written, retired) = await run.RunAsync(cancel);
        done = midnight;
        if (written + retired > 0)
            LogRan(written, retired);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Written} silent partners were written to, {Retired} retired.")]
    partial void LogRan(int written, int retired);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silent partners have to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Writing to silent partners failed; the next try is in ten minutes.")]
    partial void LogBroken(Exception exception);
}
