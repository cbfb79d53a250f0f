using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.ReferenceData;

/// <param name="Country">Two capitals as in ISO 3166-1; null where it is not known.</param>
/// <param name="Operator">Whose data centre the address is in; null where it is in none that is known.</param>
readonly record struct AddressFact(string? Country, string? Operator)
{
    public bool IsHosting => Operator is not null;
}

/// <summary>What is known of an address without asking anybody. Two searches in sorted arrays: fit for the click's road.</summary>
sealed class AddressFacts(ReferenceFiles files)
{
    public AddressFact Find(IPAddress address)
    {
        var key = AddressKey.Of(address);
        return new(files.Countries.Value.Find(key), files.Hosting.Value.Find(key));
    }
}

/// <summary>An address as it is searched for. Of IPv6 the upper half, which names the network: the lower one is the device's.</summary>
readonly record struct AddressKey(bool IsV4, ulong Value)
{
    public static AddressKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return new(true, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        return address.IsIPv4MappedToIPv6
            ? new(true, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]))
            : new(false, BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }
}
