using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using NUglify;

namespace AffiliateSidecar.Tracking;

/// <summary>A script that pages of other sites embed.</summary>
sealed class Script
{
    readonly string name;
    readonly byte[] content;
    readonly EntityTagHeaderValue tag;

    Script(string name)
    {
        this.name = name;
        using var file = new StreamReader(typeof(Script).Assembly.GetManifestResourceStream(name)!);
        content = Encoding.UTF8.GetBytes(Uglify.Js(file.ReadToEnd()).Code);
        tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content)[..8])}\"");
    }

    public static Script Track { get; } = new("track.js");

    public static Script Footer { get; } = new("footer.js");

    /// <summary>As the <c>integrity</c> of a script element has it.</summary>
    public string Integrity => $"sha384-{Convert.ToBase64String(SHA384.HashData(content))}";

    /// <summary>A hash of the content.</summary>
    public string Version => tag.Tag.ToString().Trim('"');

    /// <summary><c>footer.1f2e….js</c>: never another content under this name.</summary>
    public string VersionedName => Path.ChangeExtension(name, $"{Version}.js");

    public IResult Answer() => new Cached(this, "public, max-age=3600, stale-while-revalidate=86400");

    /// <summary>404 where the version is another: the page's link goes on without the script.</summary>
    public IResult Answer(string version) => version == Version ? new Cached(this, "public, max-age=31536000, immutable")
        : TypedResults.Problem($"This version of {name} is gone. The snippet of the site's newest build has the present one.", statusCode: StatusCodes.Status404NotFound);

    sealed class Cached(Script script, string cacheControl) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var headers = httpContext.Response.Headers;
            headers.CacheControl = cacheControl;
            headers.AccessControlAllowOrigin = "*";
            headers["Cross-Origin-Resource-Policy"] = "cross-origin";
            headers.XContentTypeOptions = "nosniff";
            return TypedResults.Bytes(script.content, "text/javascript; charset=utf-8", entityTag: script.tag).ExecuteAsync(httpContext);
        }
    }
}
