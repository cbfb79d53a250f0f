using System.Text;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using LinqToDB.Async;
using MimeKit;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>What a queued mail of a broadcast keeps; the text is with the broadcast.</summary>
/// <param name="Broadcast">Its number.</param>
/// <param name="Partner">What held when it was queued.</param>
sealed record BroadcastModel(int Broadcast, PartnerFacts Partner);

/// <summary>Makes a queued mail of a broadcast what it says, with its invitation; a webinar that has changed or is called off is told of likewise.</summary>
sealed class BroadcastMail(BroadcastTexts broadcasts, MailTexts texts, MailSettings settings, Database database, TimeProvider clock)
{
    public const string Template = "mail/broadcast", Changed = "mail/webinar-changed", CalledOff = "mail/webinar-off";

    public static bool IsOne(string template) => template is Template or Changed or CalledOff;

    /// <exception cref="PageException">It cannot be sent as it is written.</exception>
    public async Task<(MailText Text, Invitation? Invitation)> OfAsync(MailRow mail, Uri? unsubscribe, CancellationToken cancel)
    {
        var model = JsonSerializer.Deserialize<BroadcastModel>(mail.Model!, Json.Options)!;
        await using var db = database.Open();
        var broadcast = await db.Broadcasts.FirstAsync(b => b.Id == model.Broadcast, cancel);
        return Of(broadcast, mail.Template, mail.Locale, mail.Name, mail.Address, model.Partner, unsubscribe);
    }

    /// <exception cref="PageException">It cannot be sent as it is written.</exception>
    public (MailText Text, Invitation? Invitation) Of(BroadcastRow broadcast, string template, string locale, string? name, string address, PartnerFacts partner, Uri? unsubscribe)
    {
        if (broadcast.Invites() is not { } webinar)
            return (broadcasts.Render(broadcast, locale, name, partner, unsubscribe), null);
        var (language, title) = (texts.LanguageOf(locale), broadcasts.Title(broadcast, locale, name, partner));
        var text = template == Template ? broadcasts.Render(broadcast, locale, name, partner, unsubscribe)
            : texts.Render(template, locale, name, JsonSerializer.SerializeToElement(new { Title = title, Webinar = Invitation.Values(webinar, language) }, Json.Options), unsubscribe);
        return (text, new Invitation
        {
            Uid = Invitation.UidOf(broadcast, settings), Sequence = broadcast.Sequence, Method = template == CalledOff ? Invitation.Cancel : Invitation.Request, Webinar = webinar, Title = title,
            Language = language.Code, Organizer = settings.ReplyTo ?? settings.From ?? new MailboxAddress(settings.Shop, $"noreply@{settings.ServiceUrl.IdnHost}"),
            Attendee = new MailboxAddress(Encoding.UTF8, name, address), Now = clock.GetUtcNow(),
        });
    }
}
