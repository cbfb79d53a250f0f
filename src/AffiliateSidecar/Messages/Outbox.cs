using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages;

/// <summary>
/// The door for every feature that writes to somebody. Called in the caller's own transaction: the mail is queued exactly where what it tells of has happened.
/// </summary>
sealed class Outbox(MailSettings settings, TimeProvider clock)
{
    /// <summary>Queue it, unless this cause has had a mail to this address before.</summary>
    /// <returns>Whether it was queued now.</returns>
    public async Task<bool> QueueAsync(SidecarDb db, Letter letter, CancellationToken cancel)
    {
        if (RowOf(letter) is not { } row || await db.Mails.AnyAsync(m => m.Cause == row.Cause && m.Address == row.Address, cancel))
            return false;
        await db.InsertAsync(row, token: cancel);
        return true;
    }

    /// <summary>Many of one cause at once, such as a broadcast.</summary>
    /// <returns>How many were queued now.</returns>
    public async Task<int> QueueManyAsync(SidecarDb db, string cause, IEnumerable<Letter> letters, CancellationToken cancel)
    {
        var known = (await db.Mails.Where(m => m.Cause == cause).Select(m => m.Address).ToListAsync(cancel)).ToHashSet(StringComparer.Ordinal);
        MailRow[] rows = [.. letters.Select(l => RowOf(l with { Cause = cause })).OfType<MailRow>().Where(r => known.Add(r.Address))];
        await db.InsertManyAsync(rows, cancel);
        return rows.Length;
    }

    /// <summary>What is still queued of a cause is not sent.</summary>
    /// <returns>How many these were.</returns>
    public Task<int> TakeBackAsync(SidecarDb db, string cause, string reason, CancellationToken cancel) =>
        db.Mails.Where(m => m.Cause == cause && m.Status == MailStatus.Queued).Set(m => m.Status, MailStatus.Skipped).Set(m => m.Problem, reason).Set(m => m.Model, (string?)null)
            .Set(m => m.EndedAt, UnixTime.Truncate(clock.GetUtcNow())).UpdateAsync(cancel);

    /// <summary>What has failed is tried again, from the beginning.</summary>
    /// <returns>How many these were.</returns>
    public Task<int> RequeueAsync(IQueryable<MailRow> mails, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return mails.Where(m => m.Status == MailStatus.Failed).Set(m => m.Status, MailStatus.Queued).Set(m => m.Problem, (string?)null).Set(m => m.Attempts, 0).Set(m => m.DueAt, now)
            .Set(m => m.EndedAt, (DateTimeOffset?)null).UpdateAsync(cancel);
    }

    /// <summary>As it is queued; null where there is no address.</summary>
    public MailRow? RowOf(Letter letter)
    {
        if (letter.Address?.Trim().ToLowerInvariant() is not { Length: > 0 } address)
            return null;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var valid = MailAddress.IsValid(address);
        return new MailRow
        {
            Cause = letter.Cause, Address = address[..Math.Min(address.Length, 254)], Name = letter.Name is null ? null : MailAddress.OneLine(letter.Name), PartnerId = letter.PartnerId, Locale = letter.Locale, Topic = letter.Topic,
            Template = letter.Template, Model = letter.Model is null ? null : JsonSerializer.Serialize(letter.Model, Json.Options), ReplyTo = letter.ReplyTo, InReplyTo = letter.InReplyTo,
            MessageId = $"{Guid.CreateVersion7():N}@{settings.From?.Domain ?? settings.ServiceUrl.IdnHost}", Urgency = letter.Topic is null ? 0 : 1,
            Status = valid ? MailStatus.Queued : MailStatus.Failed, Problem = valid ? null : "This is no mail address.", EndedAt = valid ? null : now,
            CreatedAt = now, DueAt = letter.DueAt is { } due && due > now ? UnixTime.Truncate(due) : now,
        };
    }
}
