using System.Text;
using System.Text.Json;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>Lists that packages have as JSON, one line an entry.</summary>
static class Lists
{
    public static byte[] Crawlers(Package package) => Text(Read<List<Crawler>>(package, "crawler-user-agents.json").Select(c => c.Pattern));

    public static byte[] DisposableDomains(Package package) => Text(Read<List<string>>(package, "index.json")
        .Select(d => d.Trim().TrimEnd('.').ToLowerInvariant()).Where(d => d.Contains('.')).Distinct().Order(StringComparer.Ordinal));

    sealed record Crawler(string Pattern);

    static T Read<T>(Package package, string file)
    {
        try
        {
            using var stream = package.Open(file);
            return JsonSerializer.Deserialize<T>(stream, Http.Json.Options) ?? throw new JsonException("it is empty.");
        }
        catch (JsonException e)
        {
            throw new PackageException($"The package {package.Name} {package.Version} is damaged: {file}: {e.Message}");
        }
    }

    static byte[] Text(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
}
