using System.IO.Compression;
using System.Text;

namespace AffiliateSidecar.Site;

/// <summary>The checks of what a page costs its reader: bytes on the way, requests, other people's hosts, and what its policy lets in.</summary>
static class LoadChecks
{
    /// <summary>Bytes with Brotli of the page and all it loads; a font comes on top.</summary>
    public const int Heaviest = 4096, MostRequests = 3;

    public static IEnumerable<Finding> Check(BuiltSite site, BuiltPage page)
    {
        Finding Wrong(string check, string found, string expected) => new(page.Path, check, found, expected);
        var loads = Loads(page).ToList();
        var bytes = Packed(Encoding.UTF8.GetBytes(page.Text)) + loads.Sum(l => Weight(site, l));
        if (bytes > Heaviest)
            yield return Wrong("weight", $"{bytes} bytes with Brotli", $"at most {Heaviest}");
        if (loads.Count + 1 > MostRequests)
            yield return Wrong("requests", $"{loads.Count + 1}", $"at most {MostRequests}");
        foreach (var load in loads.Where(l => !l.AbsoluteUri.StartsWith(new Uri(site.BaseUrl).GetLeftPart(UriPartial.Authority) + "/", StringComparison.Ordinal)))
            yield return Wrong("third party", load.AbsoluteUri, "nothing from another host");
        var policy = page.Document.QuerySelector("meta[http-equiv=Content-Security-Policy]")?.GetAttribute("content") ?? "";
        if (policy.Length > 0 && (!policy.Contains("default-src 'none'", StringComparison.Ordinal) || policy.Contains("'unsafe-", StringComparison.Ordinal)))
            yield return Wrong("security policy", policy, "default-src 'none', and nothing unsafe");
    }

    static IEnumerable<Uri> Loads(BuiltPage page) => page.Document.QuerySelectorAll("img[src],script[src],iframe[src],source[src],link[rel=stylesheet][href],link[rel=preload][href],link[rel=icon][href]")
        .Select(e => e.GetAttribute("src") ?? e.GetAttribute("href")!).Where(a => !a.StartsWith("data:", StringComparison.Ordinal))
        .Select(a => Uri.TryCreate(new Uri(page.Url), a, out var url) ? url : null).OfType<Uri>().Distinct();

    /// <summary>Of a file of the site: as it is where packing gains nothing.</summary>
    static int Weight(BuiltSite site, Uri load) => load.AbsoluteUri.StartsWith(site.BaseUrl, StringComparison.Ordinal)
        && Uri.UnescapeDataString(load.AbsolutePath[new Uri(site.BaseUrl).AbsolutePath.Length..]) is var file && site.Files.Contains(file)
        && File.ReadAllBytes(Path.Combine(site.Folder, file)) is var bytes ? Math.Min(bytes.Length, Packed(bytes)) : 0;

    static int Packed(byte[] bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, quality: 11, window: 22) ? length : bytes.Length;
    }
}
