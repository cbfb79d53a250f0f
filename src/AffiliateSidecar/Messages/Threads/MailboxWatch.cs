using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Looks into the mailbox once a minute, where one is set.</summary>
sealed partial class MailboxWatch(Mailbox mailbox, ThreadSettings settings, Database database, TimeProvider clock, ILogger<MailboxWatch> log) : BackgroundService
{
    static readonly TimeSpan Turn = TimeSpan.FromMinutes(1);

    readonly Lease lease = new("mailbox", database, clock);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.ImapHost is null)
            return;
        using var timer = new PeriodicTimer(Turn, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await lease.HoldAsync(stoppingToken) && await mailbox.ReadAsync(stoppingToken) is > 0 and var stored)
                    LogStored(stored);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested && (MailLine.IsTrouble(e) || e is MailKit.CommandException || Database.IsUnavailable(e)))
            {
                LogTrouble(settings.ImapHost, MailLine.Sentence(e));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Stored} answers of partners were taken out of the mailbox.")]
    partial void LogStored(int stored);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mailbox at {Host} cannot be read: {Reason} The next try is in a minute.")]
    partial void LogTrouble(string host, string reason);
}
