using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Site;

/// <summary>What a built site was built from; lies beside the pages and is not served.</summary>
sealed record SiteRecord(string BaseUrl, string Rules)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json.Options);

    /// <summary>Null where the folder holds no site of ours.</summary>
    public static SiteRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<SiteRecord>(File.ReadAllBytes(Path.Combine(folder, OutputFolder.RecordFile)), Json.Options);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
