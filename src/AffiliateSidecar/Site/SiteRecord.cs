using System.Text.Json;
using System.Text.Json.Serialization;

namespace AffiliateSidecar.Site;

/// <summary>What a built site was built from; lies beside the pages and is not served.</summary>
/// <param name="BaseUrl">Where it is read.</param>
/// <param name="Rules">Version of the rules.</param>
/// <param name="Pages">File of the data pages; null: none.</param>
/// <param name="Inputs">Hash of everything that the build read.</param>
/// <param name="Count">Number of pages.</param>
/// <param name="Bytes">Size of the pages.</param>
sealed record SiteRecord(string BaseUrl, string Rules, string? Pages = null, string? Inputs = null, int Count = 0, long Bytes = 0)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SiteRecordJson.Default.SiteRecord);

    /// <summary>Null where the folder holds no site of ours.</summary>
    public static SiteRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, OutputFolder.RecordFile)), SiteRecordJson.Default.SiteRecord);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Written at build: a build that finds nothing to do reads this and nothing else.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SiteRecord))]
sealed partial class SiteRecordJson : JsonSerializerContext;
