using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Asks Google's Search Console what it knows of a page (URL Inspection API).</summary>
/// <param name="endpoint">Null: Google's own.</param>
sealed class GoogleInspection(GoogleQuota quota, TimeProvider clock, Uri? endpoint = null) : IDisposable
{
    static readonly Uri Google = new("https://searchconsole.googleapis.com/");

    readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <param name="account">Who asks.</param>
    /// <param name="property">As Search Console names it: an address, or <c>sc-domain:shop.example</c>.</param>
    /// <param name="pages">What to ask about.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<IReadOnlyList<PresenceCheck>> CheckAsync(GoogleAccount account, string property, IEnumerable<Uri> pages, CancellationToken cancel)
    {
        var checks = new List<PresenceCheck>();
        string? token = null;
        foreach (var page in pages)
            try
            {
                token ??= await TokenAsync(account, cancel);
                checks.Add(await quota.TakeAsync(cancel)
                    ? await InspectAsync(token, account, property, page, cancel)
                    : PresenceCheck.Unknown("google-index", page, $"today's {GoogleQuota.PerDay} inspections are used up", "an answer", "Nobody: it is asked again tomorrow."));
            }
            catch (PresenceException e)
            {
                checks.Add(PresenceCheck.Unknown("google-index", page, e.Message, "an answer", e.Mend));
            }
            catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                checks.Add(PresenceCheck.Unknown("google-index", page, $"Google does not answer: {e.Message}", "an answer", "Whoever runs this service: let this machine reach Google, if this goes on."));
            }
        return checks;
    }

    async Task<string> TokenAsync(GoogleAccount account, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer", ["assertion"] = account.Assertion(clock.GetUtcNow()) });
        using var answer = await http.PostAsync(account.TokenUrl, form, cancel);
        return answer.IsSuccessStatusCode && (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancel))?["access_token"] is { } token
            ? token
            : throw new PresenceException($"Google refuses the key of {account.Email} with status {(int)answer.StatusCode}", "Whoever runs this service: make a new key for the service account, and see that this machine's clock is right.");
    }

    async Task<PresenceCheck> InspectAsync(string token, GoogleAccount account, string property, Uri page, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint ?? Google, "v1/urlInspection/index:inspect"))
        {
            Content = JsonContent.Create(new { inspectionUrl = page.AbsoluteUri, siteUrl = property }), Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await http.SendAsync(request, cancel);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => Judge(page, (await answer.Content.ReadFromJsonAsync<JsonNode>(cancel))?["inspectionResult"]?["indexStatusResult"]),
            HttpStatusCode.Forbidden => throw new PresenceException($"Google does not let {account.Email} ask about {property}",
                $"The owner of the property in Search Console: add {account.Email} as a user with restricted permission; Sidecar:Site:GoogleProperty must name it as Search Console does."),
            HttpStatusCode.TooManyRequests => throw new PresenceException("Google's limit is reached", "Nobody: it is asked again tomorrow."),
            var status => throw new PresenceException($"Google answers with status {(int)status}", "Nobody, unless it goes on: it is asked again tomorrow."),
        };
    }

    static PresenceCheck Judge(Uri page, JsonNode? result)
    {
        string Said(string member) => (string?)result?[member] ?? "";
        var mend = (Said("robotsTxtState"), Said("indexingState"), Said("pageFetchState"), Said("coverageState")) switch
        {
            ("DISALLOWED", _, _, _) => "Whoever runs the site's host: correct robots.txt, which keeps Google away.",
            (_, "BLOCKED_BY_META_TAG" or "BLOCKED_BY_HTTP_HEADER" or "BLOCKED_BY_ROBOTS_TXT", _, _) => "Whoever runs the site's host: take noindex away, in the page or in X-Robots-Tag.",
            (_, _, not ("SUCCESSFUL" or "" or "PAGE_FETCH_STATE_UNSPECIFIED"), _) => "Whoever runs the site's host: Google could not fetch the page; see that it answers with 200.",
            (_, _, _, var coverage) when coverage.Contains("unknown", StringComparison.OrdinalIgnoreCase) => "The owner of the property in Search Console: submit the sitemap there, and ask for indexing of this page.",
            _ => "The owner of the property in Search Console: look at this page there; link to it from the shop's home page and footer.",
        };
        var found = string.Join(", ", new[] { Said("coverageState"), Said("lastCrawlTime") is { Length: > 0 } time ? $"last seen {time}" : "" }.Where(s => s.Length > 0));
        var canonical = Said("googleCanonical");
        return PresenceCheck.Of("google-index", page, Said("verdict") == "PASS" && (canonical.Length == 0 || canonical == page.AbsoluteUri),
            found + (canonical.Length > 0 && canonical != page.AbsoluteUri ? $", under {canonical}" : ""), "in Google's index, by its own address", mend);
    }

    public void Dispose() => http.Dispose();
}
