using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary><c>X-WC-Webhook-Signature</c> is base64(HMAC-SHA256(raw body, secret)).</summary>
static class WebhookSignature
{
    public const string Header = "X-WC-Webhook-Signature";

    public static string Sign(ReadOnlySpan<byte> body, string secret) => Convert.ToBase64String(Hash(body, secret));

    public static bool IsValid(string? signature, ReadOnlySpan<byte> body, string secret)
    {
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signature is null || !Convert.TryFromBase64String(signature, claimed, out var length) || length != claimed.Length)
            return false;
        // WordPress undoes HTML entities in the secret before it signs, so one copied out of its database works as well.
        var plain = WebUtility.HtmlDecode(secret);
        return CryptographicOperations.FixedTimeEquals(claimed, Hash(body, secret))
            || (plain != secret && CryptographicOperations.FixedTimeEquals(claimed, Hash(body, plain)));
    }

    static byte[] Hash(ReadOnlySpan<byte> body, string secret) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
}
