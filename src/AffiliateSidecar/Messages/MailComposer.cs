using System.Text;
using System.Text.Json;
using AffiliateSidecar.Messages.Broadcasts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using MimeKit;
using MimeKit.Text;

namespace AffiliateSidecar.Messages;

/// <summary>Makes a row of the queue the message that a mail program shows.</summary>
sealed class MailComposer(MailTexts texts, BroadcastMail broadcasts, MailSettings settings, MailStops stops, UnsubscribeLink links, TimeProvider clock)
{
    /// <param name="mark">See <see cref="MarkedBody"/>.</param>
    /// <exception cref="PageException">A template is wrong.</exception>
    public async Task<(MimeMessage Message, MarkedBody Body)> ComposeAsync(MailRow mail, Func<CancellationToken, Task> mark, CancellationToken cancel)
    {
        var unsubscribe = mail.Topic is null ? null : links.Of(new(mail.Topic, texts.LanguageOf(mail.Locale).Code, stops.KeyOf(mail.Address)));
        var (text, invitation) = BroadcastMail.IsOne(mail.Template) ? await broadcasts.OfAsync(mail, unsubscribe, cancel) : (Render(mail, unsubscribe), null);
        var body = BodyOf(text, invitation, mark);
        var message = new MimeMessage { Subject = text.Subject, Date = clock.GetUtcNow(), MessageId = mail.MessageId, Body = body };
        message.From.Add(settings.From!);
        message.To.Add(new MailboxAddress(Encoding.UTF8, mail.Name, mail.Address));
        if ((mail.ReplyTo is null ? settings.ReplyTo : new MailboxAddress(null, mail.ReplyTo)) is { } reply)
            message.ReplyTo.Add(reply);
        if (mail.InReplyTo is not null)
        {
            message.InReplyTo = mail.InReplyTo;
            message.References.Add(mail.InReplyTo);
        }
        // No machine answers it: no "out of office" in our inbox.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (unsubscribe is not null)
        {
            message.Headers.Add(HeaderId.Precedence, "bulk");
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe.AbsoluteUri}>");
            message.Headers.Add(HeaderId.ListUnsubscribePost, UnsubscribeEndpoints.OneClick);
        }
        return (message, body);
    }

    MailText Render(MailRow mail, Uri? unsubscribe)
    {
        using var model = mail.Model is null ? null : JsonDocument.Parse(mail.Model);
        return texts.Render(mail.Template, mail.Locale, mail.Name, model?.RootElement, unsubscribe);
    }

    static MarkedBody BodyOf(MailText text, Invitation? invitation, Func<CancellationToken, Task> mark)
    {
        // The last one is the one that a mail program likes best.
        TextPart[] parts = [new(TextFormat.Plain) { Text = text.Text }, new(TextFormat.Html) { Text = text.Html }];
        if (invitation is null)
            return new("alternative", mark) { parts[0], parts[1] };
        // Once as what the mail is, for programs with a calendar, and once as a file, for those without.
        return new("mixed", mark)
        {
            new MultipartAlternative { parts[0], parts[1], Calendar(new TextPart("calendar"), invitation) },
            Calendar(new TextPart("calendar") { ContentDisposition = new ContentDisposition(ContentDisposition.Attachment) { FileName = "invitation.ics" } }, invitation),
        };
    }

    static TextPart Calendar(TextPart part, Invitation invitation)
    {
        part.ContentType.Parameters.Add("method", invitation.Method);
        part.SetText(Encoding.UTF8, invitation.ToString());
        // Its line breaks are part of the format, and mail servers mend those of a plain text.
        part.ContentTransferEncoding = ContentEncoding.Base64;
        return part;
    }
}
