using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AffiliateSidecar.Site.Presence;

/// <summary>A service account of Google's, from the key file that its console makes.</summary>
sealed record GoogleAccount
{
    const string Scope = "https://www.googleapis.com/auth/webmasters.readonly";

    [JsonPropertyName("client_email")] public required string Email { get; init; }
    [JsonPropertyName("private_key")] public required string PrivateKey { get; init; }
    [JsonPropertyName("private_key_id")] public string? KeyId { get; init; }
    [JsonPropertyName("token_uri")] public Uri TokenUrl { get; init; } = new("https://oauth2.googleapis.com/token");

    /// <exception cref="PresenceException">There is no such file, or it is none.</exception>
    public static GoogleAccount Read(string file)
    {
        try
        {
            var account = JsonSerializer.Deserialize<GoogleAccount>(File.ReadAllBytes(file)) ?? throw new JsonException();
            using var key = account.Key();
            return account;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or CryptographicException or ArgumentException)
        {
            throw new PresenceException($"{file} is no key file of a service account: {e.Message}", "Whoever runs this service: make a JSON key for the service account in Google's console and name it in Sidecar:Site:GoogleKeyFile.");
        }
    }

    /// <summary>RFC 7523: a signed statement that this is the account, good for an hour.</summary>
    public string Assertion(DateTimeOffset now)
    {
        static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        var seconds = now.ToUnixTimeSeconds();
        var text = $"{Part(new { alg = "RS256", typ = "JWT", kid = KeyId })}.{Part(new { iss = Email, scope = Scope, aud = TokenUrl.AbsoluteUri, iat = seconds, exp = seconds + 3600 })}";
        using var key = Key();
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    RSA Key()
    {
        var key = RSA.Create();
        key.ImportFromPem(PrivateKey);
        return key;
    }
}

/// <summary>Something that cannot be looked at, and who must do what about it.</summary>
sealed class PresenceException(string message, string mend) : Exception(message)
{
    public string Mend { get; } = mend;
}
