using System.Net;
using MaxMind.Db;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>Databases in the format of MaxMind: the package's, or one that the owner has from elsewhere.</summary>
static class Mmdb
{
    /// <summary>Those of the package, without the one that has the addresses of two others again.</summary>
    public static IReadOnlyList<string> FilesOf(Package package)
    {
        var all = package.Files.Where(f => f.EndsWith(".mmdb", StringComparison.Ordinal)).ToList();
        var parts = all.Where(f => Path.GetFileName(f).Contains("ipv", StringComparison.Ordinal)).ToList();
        return parts.Count > 0 ? parts : all.Count > 0 ? all : throw new PackageException($"The package {package.Name} {package.Version} has no .mmdb.");
    }

    /// <summary>What it tells of addresses: <c>countries</c> or <c>hosting</c>; null where it is neither.</summary>
    public static (string? Set, DateOnly Built) Look(string file) => Guard(file, () =>
    {
        using var reader = new Reader(file, FileAccessMode.Memory);
        var record = reader.FindAll<Dictionary<string, object>>().Select(n => n.Data).FirstOrDefault(d => d is not null);
        return (record is null ? null : CountryOf(record) is not null ? "countries" : OperatorOf(record) is not null ? "hosting" : null,
            DateOnly.FromDateTime(reader.Metadata.BuildDate));
    });

    /// <summary>Add what each network of the files is worth; null leaves it out.</summary>
    public static RangeTable Table(IEnumerable<string> files, Func<Dictionary<string, object>, string?> value)
    {
        var table = new RangeTableBuilder();
        foreach (var file in files)
            Guard(file, () =>
            {
                using var reader = new Reader(file, FileAccessMode.Memory);
                foreach (var node in reader.FindAll<Dictionary<string, object>>())
                    if (node.Data is not null && value(node.Data) is { } of)
                        Add(table, node.Start, node.PrefixLength, of);
                return true;
            });
        return table.Build();
    }

    static void Add(RangeTableBuilder table, IPAddress start, int prefix, string value)
    {
        var key = AddressKey.Of(start);
        var bits = key.IsV4 ? 32 : 64;
        // Below ::/96 a whole database has the IPv4 addresses, and again in the old tunnels of 2001::/32 and 2002::/16.
        if (prefix < 0 || start.IsIPv4MappedToIPv6 || (!key.IsV4 && (key.Value >> 32 == 0x2001_0000 || key.Value >> 48 == 0x2002)))
            return;
        var host = prefix >= bits ? 0 : bits - prefix == 64 ? ulong.MaxValue : (1UL << (bits - prefix)) - 1;
        table.Add(key.IsV4, key.Value, key.Value | host, value);
    }

    public static string? CountryOf(Dictionary<string, object> record) => Code(record.GetValueOrDefault("country_code"))
        ?? Code((record.GetValueOrDefault("country") as Dictionary<string, object>)?.GetValueOrDefault("iso_code"))
        ?? Code((record.GetValueOrDefault("registered_country") as Dictionary<string, object>)?.GetValueOrDefault("iso_code"));

    public static (uint Number, string Name)? OperatorOf(Dictionary<string, object> record) => record.GetValueOrDefault("autonomous_system_number") switch
    {
        null => null,
        var number => (Convert.ToUInt32(number), record.GetValueOrDefault("autonomous_system_organization") as string ?? $"AS{number}"),
    };

    // ZZ is nobody's.
    static string? Code(object? code) => code is string { Length: 2 } text && text != "ZZ" ? text.ToUpperInvariant() : null;

    static T Guard<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDatabaseException or DeserializationException or InvalidDataException or IOException
            or ArgumentException or IndexOutOfRangeException or OverflowException or InvalidCastException or FormatException)
        {
            throw new PackageException($"{file} is damaged: {e.Message}");
        }
    }
}
