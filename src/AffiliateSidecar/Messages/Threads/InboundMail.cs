using AffiliateSidecar.Storage;
using LinqToDB.Async;
using MimeKit;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>What became of a mail that came in.</summary>
/// <param name="Status"><c>stored</c>, <c>duplicate</c>, <c>ignored</c> or <c>refused</c>.</param>
/// <param name="Reason">Why it was not stored.</param>
/// <param name="Thread">Where it belongs.</param>
/// <example>{"status":"stored","reason":null,"thread":"thr_0000000a"}</example>
public sealed record InboundAnswer(string Status, string? Reason, string? Thread)
{
    internal const string Stored = "stored", Duplicate = "duplicate", Ignored = "ignored", Refused = "refused";
}

/// <summary>Takes partners' answers, from whichever road they come. Its thread is told by the address alone: what a mail says of its sender is anybody's word.</summary>
sealed class InboundMail(Database database, ThreadBook book, ReplyAddress replies)
{
    /// <summary>Larger mails are refused unread.</summary>
    public const int Largest = 10 * 1024 * 1024;

    /// <param name="mail">As it came.</param>
    /// <param name="envelope">Whom the mail server was told to bring it to, where that is known.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task<InboundAnswer> AcceptAsync(MimeMessage mail, string? envelope, CancellationToken cancel)
    {
        if (ThreadOf([.. Recipients(mail, envelope)]) is not { } thread)
            return new(InboundAnswer.Ignored, "It is to none of our addresses.", null);
        if (thread == 0)
            return new(InboundAnswer.Refused, "The address is not one that we have made.", null);
        if (IsAutomatic(mail))
            return new(InboundAnswer.Ignored, "A machine has written it.", null);
        return await StoreAsync(mail, thread, cancel);
    }

    /// <summary>The thread that one of the addresses belongs to; 0: one is made up; null: none is ours.</summary>
    public int? ThreadOf(IReadOnlyList<string> addresses) => addresses.Select(replies.Read).OrderDescending().FirstOrDefault();

    /// <summary>Whose thread it is.</summary>
    public async Task<PartnerRow?> WriterAsync(int thread, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await (from t in db.Threads join p in db.Partners on t.PartnerId equals p.Id where t.Id == thread select p).FirstOrDefaultAsync(cancel);
    }

    async Task<InboundAnswer> StoreAsync(MimeMessage mail, int thread, CancellationToken cancel)
    {
        if (await WriterAsync(thread, cancel) is not { } partner)
            return new(InboundAnswer.Refused, "The thread was erased.", null);
        var (files, leftOut) = MailFiles.Of(mail);
        var text = ReplyText.Of(mail);
        var id = PublicId.Of(PublicId.Thread, thread);
        if (text.Length == 0 && files.Count == 0 && leftOut is null)
            return new(InboundAnswer.Ignored, "Nothing is written in it.", id);
        var from = mail.From.Mailboxes.FirstOrDefault()?.Address ?? "";
        // The body too where a mail program has given it no id of its own: sent twice it is one message all the same.
        var messageId = mail.MessageId is { Length: > 0 and <= 250 } given ? given : BodyId(from, text);
        var stored = await book.AddAsync(thread, Side.Partner, new Said("mail", Side.Partner, text)
        {
            Sender = string.Equals(from, partner.Email, StringComparison.OrdinalIgnoreCase) ? null : from.Length > 254 ? from[..254] : from, LeftOut = leftOut, MessageId = messageId, Files = files,
        }, cancel);
        return stored is null ? new(InboundAnswer.Duplicate, null, id) : new(InboundAnswer.Stored, null, id);
    }

    static string BodyId(string from, string text) => "body-" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{from}\n{text}")));

    static IEnumerable<string> Recipients(MimeMessage mail, string? envelope) =>
        new[] { envelope, mail.Headers["Delivered-To"], mail.Headers["X-Original-To"], mail.Headers["Envelope-To"] }.OfType<string>().Select(a => a.Trim(' ', '<', '>'))
            .Concat(mail.To.Mailboxes.Concat(mail.Cc.Mailboxes).Select(m => m.Address));

    /// <summary>"Out of office", a mailing list, a mail that came back (RFC 3834).</summary>
    static bool IsAutomatic(MimeMessage mail) => mail.Headers["Auto-Submitted"] is { } auto && !auto.Trim().StartsWith("no", StringComparison.OrdinalIgnoreCase)
        || mail.Headers["Precedence"]?.Trim().ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply" || mail.Headers["X-Autoreply"] is not null || mail.Headers["Return-Path"]?.Trim() is "<>"
        || mail.Body?.ContentType.IsMimeType("multipart", "report") == true;
}
