using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Looks into the mailbox once a minute, where one is set.</summary>
sealed partial class MailboxWatch(Mailbox mailbox, ThreadSettings settings, Database database, TimeProvider clock, ILogger<MailboxWatch> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    readonly Lease lease = new("mailbox", database, clock);

    protected override string What => "Reading the mailbox";

    protected override bool IsOn => settings.ImapHost is not null;

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        try
        {
            if (await lease.HoldAsync(cancel) && await mailbox.ReadAsync(cancel) is > 0 and var stored)
                LogStored(stored);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && (MailLine.IsTrouble(e) || e is MailKit.CommandException))
        {
            LogTrouble(settings.ImapHost!, MailLine.Sentence(e));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Stored} answers of partners were taken out of the mailbox.")]
    partial void LogStored(int stored);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The mailbox at {Host} cannot be read: {Reason} The next try is in a minute.")]
    partial void LogTrouble(string host, string reason);
}
