using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>What somebody says.</summary>
/// <param name="Channel"><c>mail</c>, <c>page</c> or <c>api</c>.</param>
/// <param name="Actor">A key's id, <c>owner</c> or <c>partner</c>.</param>
/// <param name="Text">The words.</param>
sealed record Said(string Channel, string Actor, string Text)
{
    public string? Sender { get; init; }
    public string? LeftOut { get; init; }
    public string? MessageId { get; init; }

    /// <summary>Not sent before; null: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public IReadOnlyList<MessageFileRow> Files { get; init; } = [];
}

/// <summary>The one way a message comes into a thread, and on to the other side.</summary>
sealed class ThreadBook(Database database, Outbox outbox, ThreadSettings settings, ReplyAddress replies, ThreadLink links, TimeProvider clock)
{
    public Task<(ThreadRow Thread, MessageRow Message)> StartAsync(PartnerRow partner, string subject, Said said, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var thread = new ThreadRow { PartnerId = partner.Id, Subject = MailAddress.OneLine(subject), CreatedAt = now, UpdatedAt = now };
        thread = thread with { Id = await db.InsertWithInt32IdentityAsync(thread, token: token) };
        return (thread, await SayAsync(db, thread, Side.Owner, said, token));
    }, cancel);

    /// <returns>Null where there is no such thread, or the mail was taken before.</returns>
    public Task<MessageRow?> AddAsync(int thread, string side, Said said, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
        await db.Threads.FirstOrDefaultAsync(t => t.Id == thread, token) is not { } row
        || (said.MessageId is not null && await db.Messages.AnyAsync(m => m.ThreadId == thread && m.MessageId == said.MessageId, token))
            ? null : await SayAsync(db, row, side, said, token), cancel);

    /// <summary>It needs no answer.</summary>
    public Task<int> CloseAsync(int thread, CancellationToken cancel) =>
        database.WriteAsync((db, token) => db.Threads.Where(t => t.Id == thread).Set(t => t.WaitingSince, (DateTimeOffset?)null).UpdateAsync(token), cancel);

    /// <summary>A talk that was begun and whose only mail has not left.</summary>
    /// <returns>False: it has.</returns>
    public Task<bool> TakeBackAsync(int thread, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var messages = await db.Messages.Where(m => m.ThreadId == thread).Select(m => m.Id).ToListAsync(token);
        if (messages is not [var only] || await outbox.TakeBackAsync(db, $"message:{only}", "It was taken back.", token) == 0)
            return false;
        await db.Messages.DeleteAsync(m => m.ThreadId == thread, token);
        await db.Threads.DeleteAsync(t => t.Id == thread, token);
        return true;
    }, cancel);

    async Task<MessageRow> SayAsync(SidecarDb db, ThreadRow thread, string side, Said said, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var row = new MessageRow { ThreadId = thread.Id, At = now, Origin = side, Channel = said.Channel, Actor = said.Actor, Sender = said.Sender, Text = said.Text, LeftOut = said.LeftOut, MessageId = said.MessageId };
        row = row with { Id = await db.InsertWithInt32IdentityAsync(row, token: cancel) };
        foreach (var file in said.Files)
            await db.InsertAsync(file with { MessageId = row.Id }, token: cancel);
        await db.Threads.Where(t => t.Id == thread.Id).Set(t => t.UpdatedAt, now).Set(t => t.WaitingSince, side == Side.Owner ? null : thread.WaitingSince ?? now).UpdateAsync(cancel);
        var partner = await db.Partners.FirstAsync(p => p.Id == thread.PartnerId, cancel);
        // What is answered, so that mail programs show one talk.
        var last = await db.Messages.Where(m => m.ThreadId == thread.Id && m.Origin == Side.Partner && m.MessageId != null).OrderByDescending(m => m.Id).Select(m => m.MessageId).FirstOrDefaultAsync(cancel);
        if (side == Side.Owner)
            await outbox.QueueAsync(db, Letter.To(partner, "mail/message", $"message:{row.Id}", new { Title = thread.Subject, said.Text, Link = links.Of(thread.Id, Side.Partner), CanReply = settings.Address is not null })
                with { ReplyTo = replies.Of(thread.Id), InReplyTo = last, DueAt = said.DueAt }, cancel);
        else if (settings.Owner is not null)
            await outbox.QueueAsync(db, new Letter
            {
                Template = "mail/answer", Cause = $"message:{row.Id}", Address = settings.Owner, Locale = settings.OwnerLocale,
                Model = new { Title = thread.Subject, said.Text, From = partner.Name, Link = links.Of(thread.Id, Side.Owner) },
            }, cancel);
        return row;
    }
}
