using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace AffiliateSidecar.Tracking;

/// <summary>A script that pages of other sites embed.</summary>
sealed class Script
{
    readonly byte[] content;
    readonly EntityTagHeaderValue tag;

    Script(string name)
    {
        using var file = typeof(Script).Assembly.GetManifestResourceStream(name)!;
        content = new byte[file.Length];
        file.ReadExactly(content);
        tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\"");
    }

    public static Script Track { get; } = new("track.js");

    public static Script Footer { get; } = new("footer.js");

    public IResult Answer() => new Cached(this);

    sealed class Cached(Script script) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
            headers.AccessControlAllowOrigin = "*";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            headers.XContentTypeOptions = "nosniff";
            return TypedResults.Bytes(script.content, "text/javascript; charset=utf-8", entityTag: script.tag).ExecuteAsync(httpContext);
        }
    }
}
