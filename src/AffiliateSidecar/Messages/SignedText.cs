using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages;

/// <summary>Texts that come back from a mail as they left: who opens the link is known without a login.</summary>
sealed class SignedText(Installation installation)
{
    /// <param name="purpose">Signed for one purpose, a text is worth nothing for another.</param>
    /// <param name="text">Of characters that stand in an address.</param>
    public string Sign(string purpose, string text)
    {
        var hash = HMACSHA256.HashData(installation.KeyFor(purpose), Encoding.UTF8.GetBytes(text));
        return $"{text}.{Base64Url.EncodeToString(hash.AsSpan(0, 16))}";
    }

    /// <summary>The text; null where we have not signed it.</summary>
    public string? Read(string purpose, string token) =>
        token.LastIndexOf('.') is >= 0 and var dot && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Sign(purpose, token[..dot]))) ? token[..dot] : null;
}
