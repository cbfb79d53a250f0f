using AffiliateSidecar.Storage;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>Takes new mails out of a mailbox: each is marked as seen when it is stored, so a mail is lost at no point and stored once.</summary>
sealed class Mailbox(ThreadSettings settings, InboundMail inbound, Outbox outbox, Database database)
{
    const int AtOnce = 200;

    /// <returns>How many were stored.</returns>
    public async Task<int> ReadAsync(CancellationToken cancel)
    {
        // Lists of revoked certificates are fetched from third parties, who are not always there; browsers do not ask either.
        using var client = new ImapClient { CheckCertificateRevocation = false, Timeout = 60_000 };
        await client.ConnectAsync(settings.ImapHost!, settings.ImapPort, settings.ImapTls, cancel);
        await client.AuthenticateAsync(settings.ImapUser, settings.ImapPassword, cancel);
        var folder = client.Inbox!;
        await folder.OpenAsync(FolderAccess.ReadWrite, cancel);
        var fresh = (await folder.SearchAsync(SearchQuery.NotSeen, cancel)).Take(AtOnce).ToList();
        var stored = 0;
        if (fresh.Count > 0)
            foreach (var mail in await folder.FetchAsync(fresh, MessageSummaryItems.UniqueId | MessageSummaryItems.Size | MessageSummaryItems.Envelope, cancel))
            {
                if (mail.Size > InboundMail.Largest)
                    await ReturnAsync(mail, cancel);
                else
                    using (var whole = await folder.GetMessageAsync(mail.UniqueId, cancel))
                        stored += (await inbound.AcceptAsync(whole, null, cancel)).Status == InboundAnswer.Stored ? 1 : 0;
                await folder.AddFlagsAsync(mail.UniqueId, MessageFlags.Seen, silent: true, cancel);
            }
        await client.DisconnectAsync(quit: true, cancel);
        return stored;
    }

    /// <summary>The writer is told that his mail was too large, where it was to a thread of ours; it is not fetched.</summary>
    async Task ReturnAsync(IMessageSummary mail, CancellationToken cancel)
    {
        if (mail.Envelope is not { } head || inbound.ThreadOf([.. head.To.Mailboxes.Concat(head.Cc.Mailboxes).Select(m => m.Address)]) is not (> 0 and var thread)
            || await inbound.WriterAsync(thread, cancel) is not { } partner)
            return;
        await database.WriteAsync((db, token) => outbox.QueueAsync(db, Letter.To(partner, "mail/too-large", $"too-large:{thread}:{head.MessageId ?? mail.UniqueId.ToString()}"), token), cancel);
    }
}
