using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages;

/// <summary>Looks every few seconds whether a mail is due. Where the server takes none, the pauses grow; nothing in the queue grows old by that.</summary>
sealed partial class MailSender(MailRun run, MailSettings settings, Database database, TimeProvider clock, ILogger<MailSender> log) : BackgroundService
{
    static readonly TimeSpan Turn = TimeSpan.FromSeconds(5), LongestPause = TimeSpan.FromMinutes(5);

    readonly Lease lease = new("mail", database, clock);
    DateTimeOffset notBefore;
    int troubles;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Host is null)
            return;
        using var timer = new PeriodicTimer(Turn, clock);
        do
            if (clock.GetUtcNow() >= notBefore)
                await TurnAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task TurnAsync(CancellationToken cancel)
    {
        try
        {
            if (!await lease.HoldAsync(cancel))
                return;
            await run.DrainAsync(() => lease.HoldAsync(cancel), cancel);
            troubles = 0;
        }
        catch (MailServerException e)
        {
            var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, Turn.Ticks << Math.Min(troubles++, 10)));
            notBefore = clock.GetUtcNow() + pause;
            LogWaiting(e.Message, (int)pause.TotalSeconds);
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            LogUnavailable(e.Message);
        }
#pragma warning disable CA1031 // one turn: the next one is a new try
        catch (Exception e) when (!cancel.IsCancellationRequested)
#pragma warning restore CA1031
        {
            notBefore = clock.GetUtcNow() + LongestPause;
            LogBroken(e);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (settings.Host is not null)
            await ReleaseAsync();
    }

    async Task ReleaseAsync()
    {
        try
        {
            await lease.ReleaseAsync();
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            // It runs out by itself.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason} The next try is in {Seconds} seconds; the mails wait.")]
    partial void LogWaiting(string reason, int seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mails have to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending mails failed; the next try is in five minutes.")]
    partial void LogBroken(Exception exception);
}
