using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>An unpacked npm package.</summary>
sealed record Package(string Name, string Version, string Licence, string Folder)
{
    const long LongestFile = 1L << 30;

    static readonly string[] Wanted = [".json", ".mmdb", ".csv", ".txt", ".md", ""];

    public IEnumerable<string> Files => Directory.EnumerateFiles(Folder).Order(StringComparer.Ordinal);

    public Stream Open(string file)
    {
        var path = Path.Combine(Folder, file);
        return File.Exists(path) ? File.OpenRead(path) : throw new PackageException($"The package {Name} {Version} has no {file}.");
    }

    /// <summary>All texts of its licences.</summary>
    public string LicenceText() => string.Join("\n\n", Files.Where(f => Path.GetFileName(f).Contains("LICEN", StringComparison.OrdinalIgnoreCase)
        || Path.GetFileName(f) is "MODIFICATIONS" or "NOTICE").Select(f => File.ReadAllText(f).Trim()));

    /// <summary>The packages in the folder, packed, or unpacked up to three folders deep.</summary>
    /// <param name="scratch">Where packed ones may be unpacked.</param>
    public static IReadOnlyList<Package> In(string folder, string scratch)
    {
        var unpacked = Directory.EnumerateFiles(folder, "package.json", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Select(f => Of(Path.GetDirectoryName(f)!)).OfType<Package>();
        var packed = Directory.EnumerateFiles(folder, "*.tgz").Order(StringComparer.Ordinal).Select(f => Unpack(f, scratch));
        return [.. packed, .. unpacked];
    }

    static Package Unpack(string file, string scratch)
    {
        var folder = Path.Combine(scratch, Path.GetFileNameWithoutExtension(file));
        Directory.CreateDirectory(folder);
        try
        {
            using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var tar = new TarReader(stream);
            while (tar.GetNextEntry() is { } entry)
                // One folder, and in it what we read: names of more folders could lead anywhere.
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.Name.Split('/') is [_, var name]
                    && name == Path.GetFileName(name) && name is not ("" or "." or "..")
                    && Wanted.Contains(Path.GetExtension(name)) && !name.Contains("-num.", StringComparison.Ordinal))
                {
                    if (entry.Length > LongestFile)
                        throw new PackageException($"{file} is damaged: {name} is too long.");
                    entry.ExtractToFile(Path.Combine(folder, name), overwrite: true);
                }
            // The checksum comes last.
            stream.CopyTo(Stream.Null);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            throw new PackageException($"{file} is damaged: {e.Message}");
        }
        return Of(folder) ?? throw new PackageException($"{file} is damaged: its package.json cannot be read.");
    }

    /// <summary>Null where the folder is no package: some folders inside of packages have a package.json, too.</summary>
    static Package? Of(string folder)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
            return Member(json, "name") is { } name && Member(json, "version") is { } version ? new(name, version, Member(json, "license") ?? "not said", folder) : null;
        }
        catch (Exception e) when (e is IOException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static string? Member(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
