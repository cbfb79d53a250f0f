using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AffiliateSidecar.ReferenceData;

namespace AffiliateSidecar.Support;

/// <summary>Makes packages such as npm brings.</summary>
static class Packages
{
    public static void Write(string folder, string name, string version, params (string File, byte[] Content)[] files)
    {
        var path = Path.Combine(folder, $"{name.Replace("@", "", StringComparison.Ordinal).Replace('/', '-')}-{version}.tgz");
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        using var tar = new TarWriter(stream, TarEntryFormat.Ustar);
        foreach (var (file, content) in files.Append(("package.json", JsonSerializer.SerializeToUtf8Bytes(new { name, version, license = "MIT" }))).Append(("LICENSE", "Do as you like."u8.ToArray())))
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"package/{file}") { DataStream = new MemoryStream(content) });
    }

    public static void Crawlers(string folder, string version, params string[] more) => Write(folder, "crawler-user-agents", version,
        ("crawler-user-agents.json", JsonSerializer.SerializeToUtf8Bytes(Lines("crawlers.txt").Concat(more).Select(p => new { pattern = p, url = "x" }))));

    public static void Domains(string folder, string version, IEnumerable<string> domains) => Write(folder, "disposable-domains", version, ("index.json", JsonSerializer.SerializeToUtf8Bytes(domains)));

    /// <summary>The lines of a shipped list.</summary>
    public static IReadOnlyList<string> Lines(string file)
    {
        var path = Path.Combine(Reference.ShippedFolder, file);
        return [.. TextLines.Of(ReferenceFile.Open(File.ReadAllBytes(path), path))];
    }

    /// <summary>A database in the format of MaxMind with one record a network of whole bytes.</summary>
    public static byte[] Mmdb(int ipVersion, params (byte[] Prefix, (string Key, object Value)[] Record)[] networks)
    {
        // A node is two records: 0 stands for nothing, a positive number for a node, a negative one for a record of data.
        List<int[]> nodes = [[0, 0]];
        var data = new List<byte>();
        var offsets = new List<int>();
        foreach (var (prefix, record) in networks)
        {
            offsets.Add(data.Count);
            data.AddRange(Map(record));
            var at = 0;
            for (var bit = 0; bit < prefix.Length * 8; bit++)
            {
                var side = prefix[bit >> 3] >> (7 - (bit & 7)) & 1;
                if (bit == prefix.Length * 8 - 1)
                    nodes[at][side] = -offsets.Count;
                else
                {
                    if (nodes[at][side] == 0)
                    {
                        nodes.Add([0, 0]);
                        nodes[at][side] = nodes.Count - 1;
                    }
                    at = nodes[at][side];
                }
            }
        }
        var file = new List<byte>();
        foreach (var record in nodes.SelectMany(n => n))
        {
            var value = record > 0 ? record : record == 0 ? nodes.Count : nodes.Count + 16 + offsets[-record - 1];
            file.AddRange([(byte)(value >> 16), (byte)(value >> 8), (byte)value]);
        }
        file.AddRange(new byte[16]);
        file.AddRange(data);
        file.AddRange("\u00ab\u00cd\u00efMaxMind.com".Select(c => (byte)c));
        file.AddRange(Map(("node_count", (uint)nodes.Count), ("record_size", (ushort)24), ("ip_version", (ushort)ipVersion), ("database_type", "Test"), ("languages", Array.Empty<string>()),
            ("binary_format_major_version", (ushort)2), ("binary_format_minor_version", (ushort)0), ("build_epoch", 1_780_000_000UL), ("description", Array.Empty<(string, object)>())));
        return [.. file];
    }

    static byte[] Map(params (string Key, object Value)[] members) => [(byte)(0xE0 | members.Length), .. members.SelectMany(m => Value(m.Key).Concat(Value(m.Value)))];

    static byte[] Value(object value)
    {
        switch (value)
        {
            case string text:
                return [.. Control(2, text.Length), .. Encoding.ASCII.GetBytes(text)];
            case ushort number:
                return [0xA2, (byte)(number >> 8), (byte)number];
            case uint number:
                var four = new byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(four, number);
                return [0xC4, .. four];
            case ulong number:
                var eight = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(eight, number);
                return [0x08, 0x02, .. eight];
            case string[]:
                return [0x00, 0x04];
            case (string, object)[] members:
                return Map(members);
            default:
                throw new ArgumentException("No such type.", nameof(value));
        }
    }

    static byte[] Control(int type, int length) => length < 29 ? [(byte)(type << 5 | length)] : [(byte)(type << 5 | 29), (byte)(length - 29)];
}
