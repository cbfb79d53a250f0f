using System.Data.Common;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using LinqToDB;
using LinqToDB.Async;
using MailKit.Net.Smtp;

namespace AffiliateSidecar.Messages;

/// <summary>
/// Sends what is due, one mail at a time, over one connection. Two transactions a mail: <c>sending</c> when all but the last dot is with the server, and the end. Before the first
/// the mail is tried again by whoever comes; two nodes cannot both make it, so that the second gives up before its dot. Only where this program or the connection breaks off between the dot and the
/// answer does nobody know: a mail with a topic then counts as sent (<c>unconfirmed</c>), since nobody misses one of many and everybody is annoyed by the second; a mail about the recipient's own
/// account is sent again under the same Message-ID, by which most mailboxes show it once.
/// </summary>
sealed class MailRun(Database database, MailSettings settings, MailComposer composer, MailStops stops, TimeProvider clock)
{
    // No node still waits for an answer then: see MailLine.
    static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    // An end that could not be written down, because the database was gone: before anything else is sent.
    (MailRow Mail, MailEnd End)? owed;
    DateTimeOffset next;

    /// <param name="mayGoOn">Asked before each mail.</param>
    /// <param name="cancel">Ends between two mails, never within one.</param>
    /// <returns>How many were tried.</returns>
    /// <exception cref="MailServerException">The server takes none now.</exception>
    public async Task<int> DrainAsync(Func<Task<bool>> mayGoOn, CancellationToken cancel)
    {
        await WriteOwedAsync();
        await SettleAsync(cancel);
        await using var line = new MailLine(settings);
        for (var tried = 0; ; tried++)
        {
            if (!await mayGoOn() || await NextAsync(cancel) is not { } mail)
                return tried;
            await KeepRateAsync(cancel);
            if (await SendAsync(line, mail, cancel) is { } end)
                owed = (mail, end);
            await WriteOwedAsync();
        }
    }

    async Task<MailRow?> NextAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        return await db.Mails.Where(m => m.Status == MailStatus.Queued && m.DueAt <= now).OrderBy(m => m.Urgency).ThenBy(m => m.DueAt).ThenBy(m => m.Id).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Null: another node has taken it and says what becomes of it.</summary>
    async Task<MailEnd?> SendAsync(MailLine line, MailRow mail, CancellationToken cancel)
    {
        await using (var db = database.Open())
            if (await stops.FindAsync(db, mail.Address, mail.Topic, cancel) is { } reason)
                return new(MailStatus.Skipped, MailStops.Sentence(reason));
        try
        {
            var (message, body) = await composer.ComposeAsync(mail, token => MarkAsync(mail, token), cancel);
            await line.OpenAsync(cancel);
            return await HandOverAsync(line, mail, message, body);
        }
        catch (Exception e) when (e is PageException or MimeKit.ParseException)
        {
            return new(MailStatus.Failed, e.Message);
        }
        catch (MailServerException e)
        {
            await TellAsync(mail, e.Message);
            throw;
        }
    }

    async Task<MailEnd?> HandOverAsync(MailLine line, MailRow mail, MimeKit.MimeMessage message, MarkedBody body)
    {
        try
        {
            await line.SendAsync(message);
            return new(MailStatus.Sent);
        }
        catch (TakenException)
        {
            return null;
        }
        catch (SmtpCommandException e) when (MailEnd.Of(e, mail, clock.GetUtcNow()) is { } end)
        {
            return end;
        }
        catch (NotSupportedException e)
        {
            // An address or a text that this server cannot take.
            return new(MailStatus.Failed, MailLine.Sentence(e));
        }
        catch (Exception e) when (MailLine.IsTrouble(e) && e is not DbException)
        {
            if (body.IsMarked)
                return Unknown(mail, MailLine.Sentence(e));
            throw new MailServerException($"The mail server {settings.Host}:{settings.Port} takes no mail: {MailLine.Sentence(e)}", e);
        }
    }

    /// <summary>The last thing before the dot, and what two nodes cannot both do.</summary>
    async Task MarkAsync(MailRow mail, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var taken = await database.WriteAsync((db, token) => db.Mails.Where(m => m.Id == mail.Id && m.Status == MailStatus.Queued)
            .Set(m => m.Status, MailStatus.Sending).Set(m => m.HandedAt, now).UpdateAsync(token), cancel);
        if (taken == 0)
            throw new TakenException();
    }

    MailEnd Unknown(MailRow mail, string why) => mail.Topic is null ? new(MailStatus.Queued, $"Sent again: {why}", clock.GetUtcNow()) : new(MailStatus.Unconfirmed, why);

    /// <summary>Mails that a node had in flight when it died.</summary>
    async Task SettleAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        foreach (var mail in await db.Mails.Where(m => m.Status == MailStatus.Sending && m.HandedAt < now - Forgotten).ToListAsync(cancel))
            await database.WriteAsync((writer, token) => Unknown(mail, "The program ended between the end of the mail and the server's answer.").SaveAsync(writer, mail, stops, now, token), cancel);
    }

    /// <summary>Not cancelled: what the server has answered is written down before the program ends.</summary>
    async Task WriteOwedAsync()
    {
        if (owed is not { } done)
            return;
        await database.WriteAsync((db, token) => done.End.SaveAsync(db, done.Mail, stops, UnixTime.Truncate(clock.GetUtcNow()), token), CancellationToken.None);
        owed = null;
    }

    /// <summary>For the owner: the mail waits, and why.</summary>
    Task<int> TellAsync(MailRow mail, string problem) => database.WriteAsync((db, token) =>
        db.Mails.Where(m => m.Id == mail.Id).Set(m => m.Problem, problem.Length > 500 ? problem[..500] : problem).UpdateAsync(token), CancellationToken.None);

    async Task KeepRateAsync(CancellationToken cancel)
    {
        if (settings.RatePerMinute == 0)
            return;
        var now = clock.GetUtcNow();
        if (next > now)
            await Task.Delay(next - now, clock, cancel);
        next = (next > now ? next : now) + TimeSpan.FromMinutes(1) / settings.RatePerMinute;
    }

    /// <summary>Another node sends this mail, or it was taken back.</summary>
    sealed class TakenException : Exception;
}
