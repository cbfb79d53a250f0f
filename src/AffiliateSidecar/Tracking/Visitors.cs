using System.Net;
using System.Net.Sockets;
using System.Text;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Tracking;

/// <summary>Who clicked, without knowing who: a keyed hash of address and agent, and the network without its last part.</summary>
sealed class Visitors(PersonalData personal)
{
    static ReadOnlySpan<byte> Prefix => "visitor:"u8;

    /// <summary>22 characters that are the same for the same address and agent.</summary>
    public string Hash(IPAddress? address, string agent)
    {
        Span<byte> bytes = stackalloc byte[Prefix.Length + 16 + 3 * Agents.LongestAgent];
        Prefix.CopyTo(bytes);
        var length = 0;
        address?.MapToIPv6().TryWriteBytes(bytes[Prefix.Length..], out length);
        length += Prefix.Length;
        length += Encoding.UTF8.GetBytes(agent, bytes[length..]);
        return personal.Hash(bytes[..length]);
    }

    /// <summary>/24 of an IPv4 address, /48 of an IPv6 one.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return $"{bytes[0]}.{bytes[1]}.{bytes[2]}.0/24";
        bytes[6..].Clear();
        return $"{new IPAddress(bytes[..length])}/48";
    }
}
