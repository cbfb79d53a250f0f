using System.Text.Json;
using System.Text.Json.Nodes;

namespace AffiliateSidecar.Site;

/// <summary>The checks of what machines read: structured data and the card that is shown where somebody shares the page.</summary>
static class MarkupChecks
{
    /// <summary>Search engines have stopped showing these, or take them for a trick on such a site.</summary>
    static readonly string[] Unwanted = ["FAQPage", "HowTo", "SearchAction", "JobPosting"];

    static readonly string[] Card = ["og:title", "og:description", "og:type", "og:url"];

    public static IEnumerable<Finding> Check(BuiltSite site, BuiltPage page)
    {
        if (!page.Indexable)
            yield break;
        var data = page.Document.QuerySelectorAll("script[type='application/ld+json']").Select(s => Read(s.TextContent)).ToList();
        if (data.Count == 0 || data.Any(d => d?["@graph"] is not JsonArray { Count: > 0 }))
            yield return new(page.Path, "structured data", data.Count == 0 ? "none" : "no JSON, or no @graph", "one JSON-LD @graph");
        foreach (var type in data.SelectMany(Types).Distinct().Where(Unwanted.Contains))
            yield return new(page.Path, "structured data", type, "no such type");
        foreach (var name in Card.Where(n => string.IsNullOrWhiteSpace(Property(page, n))))
            yield return new(page.Path, "share card", $"no {name}", "a title, a description, a type and an address");
        if (Property(page, "og:url") is { Length: > 0 } url && url != page.Url)
            yield return new(page.Path, "share card", url, page.Url);
        if (Property(page, "og:image") is { Length: > 0 } image && image.StartsWith(site.BaseUrl, StringComparison.Ordinal) && !site.Files.Contains(image[site.BaseUrl.Length..]))
            yield return new(page.Path, "share card", image, "a file of this site");
    }

    static string? Property(BuiltPage page, string name) => page.Document.QuerySelector($"meta[property='{name}']")?.GetAttribute("content");

    static JsonNode? Read(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static IEnumerable<string> Types(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(m => m is { Key: "@type", Value: JsonValue type } ? [type.ToString()] : Types(m.Value)),
        JsonArray items => items.SelectMany(Types),
        _ => [],
    };
}
