namespace AffiliateSidecar.Messages;

/// <summary>What a link in a mail says of its reader: enough to unsubscribe him without a login, and nothing that tells who he is.</summary>
sealed record Unsubscribing(string Topic, string Locale, string AddressKey);

/// <summary>Makes and reads these links. They hold for good: an old mail may be opened at any time.</summary>
sealed class UnsubscribeLink(SignedText signed, MailSettings settings)
{
    const string Purpose = "unsubscribe";

    public Uri Of(Unsubscribing who) => new(settings.ServiceUrl, $"unsubscribe/{signed.Sign(Purpose, $"{who.Topic}.{who.Locale}.{who.AddressKey}")}");

    public Unsubscribing? Read(string token) => signed.Read(Purpose, token)?.Split('.') is [var topic, var locale, var address] ? new(topic, locale, address) : null;
}
