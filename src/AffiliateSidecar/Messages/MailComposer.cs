using System.Text;
using System.Text.Json;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using MimeKit;
using MimeKit.Text;

namespace AffiliateSidecar.Messages;

/// <summary>Makes a row of the queue the message that a mail program shows.</summary>
sealed class MailComposer(MailTexts texts, MailSettings settings, MailStops stops, UnsubscribeLink links, TimeProvider clock)
{
    /// <param name="mark">See <see cref="MarkedBody"/>.</param>
    /// <exception cref="PageException">A template is wrong.</exception>
    public (MimeMessage Message, MarkedBody Body) Compose(MailRow mail, Func<CancellationToken, Task> mark)
    {
        using var model = mail.Model is null ? null : JsonDocument.Parse(mail.Model);
        var unsubscribe = mail.Topic is null ? null : links.Of(new(mail.Topic, texts.LanguageOf(mail.Locale).Code, stops.KeyOf(mail.Address)));
        var text = texts.Render(mail.Template, mail.Locale, mail.Name, model?.RootElement, unsubscribe);
        var body = new MarkedBody("alternative", mark)
        {
            new TextPart(TextFormat.Plain) { Text = text.Text },
            // The last one is the one that a mail program likes best.
            new TextPart(TextFormat.Html) { Text = text.Html },
        };
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
}
