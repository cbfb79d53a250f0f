using System.Security.Cryptography;
using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.ReferenceData;

/// <summary>What a file of reference data is; lies beside it as <c>name.json</c>, its licence as <c>name.licence.txt</c>.</summary>
/// <param name="File">The file it tells of: one that the owner put beside it under another name has no manifest.</param>
/// <param name="Date">Of the data, where they tell it, else the day on which they were published or taken over.</param>
/// <param name="Source">The package or packages they were made from.</param>
sealed record Manifest(string Name, string File, string Version, DateOnly Date, string Licence, string Source, int Entries, string Sha256)
{
    static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    public static string PathOf(string folder, string name) => Path.Combine(folder, name + ".json");

    public static string LicencePathOf(string folder, string name) => Path.Combine(folder, name + ".licence.txt");

    /// <summary>Null where there is none that can be read.</summary>
    public static Manifest? Read(string folder, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<Manifest>(System.IO.File.ReadAllBytes(PathOf(folder, name)), Indented);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Indented) + "\n";

    public static string Hash(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));
}
