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
