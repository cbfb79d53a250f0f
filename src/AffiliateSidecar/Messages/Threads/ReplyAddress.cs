using System.Buffers.Binary;
using System.Security.Cryptography;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>The address that a partner answers to: it says which thread it is, and nobody can make one for another thread. Mail servers may write it in small letters.</summary>
sealed class ReplyAddress(Installation installation, ThreadSettings settings)
{
    const int SignatureLength = 10;

    /// <summary>Null where no address is set.</summary>
    public string? Of(int thread) => settings.Address?.Split('@') is [var name, var host] ? $"{name}+{Token(thread)}@{host}" : null;

    /// <summary>The thread; 0: an address of ours that somebody made up; null: another address.</summary>
    public int? Read(string address)
    {
        if (settings.Address?.Split('@') is not [var name, var host] || address.Trim().ToLowerInvariant().Split('@') is not [var local, var domain] || domain != host.ToLowerInvariant()
            || !local.StartsWith(name.ToLowerInvariant() + "+", StringComparison.Ordinal))
            return null;
        var token = local[(name.Length + 1)..];
        return Base32.TryDecode(token, out var bytes) && bytes.Length == 4 + SignatureLength && BinaryPrimitives.ReadInt32BigEndian(bytes) is > 0 and var thread
            && CryptographicOperations.FixedTimeEquals(bytes.AsSpan(4), Signature(bytes.AsSpan(0, 4))) ? thread : 0;
    }

    string Token(int thread)
    {
        Span<byte> bytes = stackalloc byte[4 + SignatureLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes, thread);
        Signature(bytes[..4]).CopyTo(bytes[4..]);
        return Base32.Encode(bytes);
    }

    byte[] Signature(ReadOnlySpan<byte> thread) => HMACSHA256.HashData(installation.KeyFor("reply-address"), thread)[..SignatureLength];
}
