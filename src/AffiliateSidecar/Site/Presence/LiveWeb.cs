using System.IO.Compression;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace AffiliateSidecar.Site.Presence;

/// <summary>What a request was answered with.</summary>
/// <param name="Status">0: no answer.</param>
/// <param name="Url">After redirects.</param>
/// <param name="Text">The body; empty where it is none of text.</param>
/// <param name="Bytes">Of the body on the way, compressed where the host does that.</param>
/// <param name="Robots">The fields <c>X-Robots-Tag</c>.</param>
/// <param name="Trouble">Why there is no answer.</param>
sealed record LiveAnswer(int Status, Uri Url, string Text, long Bytes, string Robots, string? Trouble)
{
    public string Said => Trouble ?? $"status {Status}";

    public IHtmlDocument Document() => (IHtmlDocument)new HtmlParser().ParseDocument(Text);
}

/// <summary>Fetches pages of the shop and of the published site, as a search engine's robot would.</summary>
sealed class LiveWeb : IDisposable
{
    const int Most = 4 * 1024 * 1024;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // The size on the way is looked at, so nothing unpacks it unseen.
    readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, MaxAutomaticRedirections = 5, AutomaticDecompression = System.Net.DecompressionMethods.None })
    {
        Timeout = Patience, MaxResponseContentBufferSize = Most,
        DefaultRequestHeaders =
        {
            AcceptEncoding = { new StringWithQualityHeaderValue("br"), new StringWithQualityHeaderValue("gzip") },
            UserAgent = { new ProductInfoHeaderValue("AffiliateSidecar", "0.1"), new ProductInfoHeaderValue("(presence monitor)") },
        },
    };

    public async Task<LiveAnswer> GetAsync(Uri url, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(url, cancel);
            var body = await answer.Content.ReadAsByteArrayAsync(cancel);
            var robots = answer.Headers.TryGetValues("X-Robots-Tag", out var values) ? string.Join(", ", values) : "";
            return new((int)answer.StatusCode, answer.RequestMessage!.RequestUri!, Unpack(body, answer.Content.Headers.ContentEncoding.LastOrDefault()), body.Length, robots, null);
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException)
        {
            return new(0, url, "", 0, "", $"no answer: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(0, url, "", 0, "", $"no answer within {Patience.TotalSeconds:0} seconds");
        }
    }

    static string Unpack(byte[] body, string? encoding)
    {
        using var packed = new MemoryStream(body);
        using Stream plain = encoding switch { "br" => new BrotliStream(packed, CompressionMode.Decompress), "gzip" => new GZipStream(packed, CompressionMode.Decompress), _ => packed };
        var text = new char[Most];
        using var reader = new StreamReader(plain);
        return new string(text, 0, reader.ReadBlock(text));
    }

    public void Dispose() => http.Dispose();
}
