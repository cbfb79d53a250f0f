using System.Text.RegularExpressions;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// Tells search engines which addresses have changed, where the owner has set a key (<c>Sidecar:Site:IndexNow:Key</c>). Only what changed, and never of a site
/// that nobody outside can read.
/// </summary>
sealed partial class IndexNow(IConfiguration configuration)
{
    const int MostAddresses = 10_000;
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    readonly string? key = configuration.GetSection("Sidecar:Site:IndexNow") is var section && section["Key"] is { Length: > 0 } text
        ? Valid().IsMatch(text) ? text : throw new PageException("Sidecar:Site:IndexNow:Key is no key: 8 to 128 letters, digits and -.")
        : null;

    readonly string url = configuration["Sidecar:Site:IndexNow:Url"] is { Length: > 0 } text ? text : "https://api.indexnow.org/indexnow";

    /// <summary>The file that proves whose site it is.</summary>
    public (string File, string Text)? KeyFile => key is null ? null : ($"{key}.txt", key);

    /// <summary>What went wrong, for the owner; the site is published all the same.</summary>
    public async Task<string?> TellAsync(Uri baseUrl, IReadOnlyList<string> addresses, CancellationToken cancel)
    {
        if (key is null || addresses.Count == 0 || (baseUrl.IsLoopback && !new Uri(url).IsLoopback))
            return null;
        try
        {
            using var http = new HttpClient { Timeout = Limit };
            foreach (var batch in addresses.Chunk(MostAddresses))
            {
                using var answer = await http.PostAsJsonAsync(new Uri(url), new { host = baseUrl.Authority, key, keyLocation = $"{baseUrl}{key}.txt", urlList = batch }, cancel);
                if (!answer.IsSuccessStatusCode)
                    return $"IndexNow answered {(int)answer.StatusCode} to {batch.Length} changed addresses.";
            }
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return $"IndexNow could not be told of {addresses.Count} changed addresses: {e.Message}";
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9-]{8,128}$")]
    private static partial Regex Valid();
}
