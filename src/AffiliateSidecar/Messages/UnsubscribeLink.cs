using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages;

/// <summary>What a link in a mail says of its reader: enough to unsubscribe him without a login, and nothing that tells who he is.</summary>
sealed record Unsubscribing(string Topic, string Locale, string AddressKey);

/// <summary>Makes and reads these links. They hold for good: an old mail may be opened at any time.</summary>
sealed class UnsubscribeLink(Installation installation, MailSettings settings)
{
    byte[]? key;

    public Uri Of(Unsubscribing who) => new(settings.ServiceUrl, $"unsubscribe/{Token(who)}");

    public Unsubscribing? Read(string token) =>
        token.Split('.') is [var topic, var locale, var address, _] && new Unsubscribing(topic, locale, address) is var who
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Token(who))) ? who : null;

    string Token(Unsubscribing who)
    {
        var text = $"{who.Topic}.{who.Locale}.{who.AddressKey}";
        var hash = HMACSHA256.HashData(key ??= installation.KeyFor("unsubscribe"), Encoding.UTF8.GetBytes(text));
        return $"{text}.{Base64Url.EncodeToString(hash.AsSpan(0, 16))}";
    }
}
