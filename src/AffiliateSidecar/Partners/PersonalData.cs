using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Text;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Partners;

/// <summary>People are compared by keyed hashes, so that a copy of the tables does not tell who they are.</summary>
sealed class PersonalData(Installation installation)
{
    KeyedHash? key;

    KeyedHash Key => key ??= new KeyedHash(installation.KeyFor("personal-data"));

    static ReadOnlySpan<byte> AddressPrefix => "address:"u8;

    /// <summary>22 characters of a keyed hash.</summary>
    public string Hash(string text) => Hash(Encoding.UTF8.GetBytes(text));

    public string Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[KeyedHash.Length];
        Key.Compute(bytes, hash);
        return Base64Url.EncodeToString(hash[..16]);
    }

    /// <summary>32 bits that are the same for the same network address; null where there is none.</summary>
    public long? AddressKey(IPAddress? address)
    {
        if (address is null)
            return null;
        Span<byte> bytes = stackalloc byte[AddressPrefix.Length + 16];
        AddressPrefix.CopyTo(bytes);
        address.MapToIPv6().TryWriteBytes(bytes[AddressPrefix.Length..], out _);
        Span<byte> hash = stackalloc byte[KeyedHash.Length];
        Key.Compute(bytes, hash);
        // 0 means unknown.
        return Math.Max(1, BinaryPrimitives.ReadUInt32LittleEndian(hash));
    }

    public long? AddressKey(string? address) => AddressKey(IPAddress.TryParse(address, out var ip) ? ip : null);

    /// <summary>Null where there is no address.</summary>
    public string? EmailKey(string? email) => string.IsNullOrWhiteSpace(email) ? null : Hash("email:" + NormaliseEmail(email));

    /// <summary>The address, or null where it is none.</summary>
    public static string? Address(string? address) => IPAddress.TryParse(address, out _) ? address : null;

    /// <summary>An address cut to its network, /24 or /48; null where it is none.</summary>
    public static string? Network(string? address)
    {
        if (!IPAddress.TryParse(address, out var ip))
            return null;
        var bytes = (ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip).GetAddressBytes();
        Array.Clear(bytes, bytes.Length == 4 ? 3 : 6, bytes.Length == 4 ? 1 : 10);
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Lower case, without a +tag; Gmail's dots mean nothing.</summary>
    internal static string NormaliseEmail(string email)
    {
        var text = email.Trim().ToLowerInvariant();
        var at = text.LastIndexOf('@');
        if (at < 1)
            return text;
        var (local, domain) = (text[..at], text[(at + 1)..]);
        if (local.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus)
            local = local[..plus];
        if (domain is "gmail.com" or "googlemail.com")
            (local, domain) = (local.Replace(".", "", StringComparison.Ordinal), "gmail.com");
        return $"{local}@{domain}";
    }
}
