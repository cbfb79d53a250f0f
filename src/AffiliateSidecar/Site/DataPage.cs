using System.Text.Json;
using System.Text.Json.Serialization;

namespace AffiliateSidecar.Site;

/// <summary>One landing page of <c>site build --pages F.json</c>: texts are plain, the body is the owner's own markup.</summary>
sealed record DataPage
{
    public string? Slug { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }

    [JsonPropertyName("body_html")]
    public string? BodyHtml { get; init; }
    public string? Lang { get; init; }

    /// <summary>A day or a time, ISO 8601.</summary>
    public string? Updated { get; init; }
}

/// <summary>What the first reading needs.</summary>
sealed record DataPageHead
{
    public string? Slug { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }
    public string? Lang { get; init; }
    public string? Updated { get; init; }
}

/// <summary>Written at build: to find out by reflection how these are read takes longer than to read a thousand of them.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultBufferSize = 1 << 17, UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(DataPage))]
[JsonSerializable(typeof(DataPageHead))]
sealed partial class DataPageJson : JsonSerializerContext;
