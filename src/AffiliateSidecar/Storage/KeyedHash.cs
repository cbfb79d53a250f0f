using System.Security.Cryptography;

namespace AffiliateSidecar.Storage;

/// <summary>
/// HMAC-SHA256 with one key, many times a second: each thread keeps a prepared state, which takes a third of the time of
/// preparing the key anew.
/// </summary>
#pragma warning disable CA1001 // as many states as threads, for as long as the process lives
sealed class KeyedHash(byte[] key)
#pragma warning restore CA1001
{
    public const int Length = HMACSHA256.HashSizeInBytes;

    readonly ThreadLocal<IncrementalHash> states = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));

    public void Compute(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        var state = states.Value!;
        state.AppendData(text);
        state.GetHashAndReset(hash);
    }
}
