using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace AffiliateSidecar.Site;

/// <summary>The built site at <c>/site/</c>, as a static host would show it.</summary>
static class SiteFiles
{
    /// <summary>Pages are public and have no secrets, so they may be compressed under TLS.</summary>
    public static IServiceCollection AddSiteFiles(this IServiceCollection services) => services
        .Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Optimal)
        .AddResponseCompression(o => o.EnableForHttps = true);

    public static void UseSite(this WebApplication app)
    {
        var folder = app.Services.GetRequiredService<SiteSettings>().Out;
        var counter = app.Services.GetRequiredService<FunnelCounter>();
        app.Map("/site", site => site.Use(counter.SeeAsync).UseSiteFolder(Path.GetFullPath(folder)));
    }

    public static void UseSiteFolder(this IApplicationBuilder app, string folder)
    {
        var files = new SwappedFolder(folder);
        var headers = new HostHeaders(folder);
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".html"] = "text/html; charset=utf-8";
        types.Mappings[".txt"] = "text/plain; charset=utf-8";
        types.Mappings[".xml"] = "application/xml; charset=utf-8";
        app.UseResponseCompression();
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, DefaultFileNames = ["index.html"] });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = types, OnPrepareResponse = file => Headers(file.Context, headers) });
        app.Run(http => MissingAsync(http, files, headers));
    }

    static void Headers(HttpContext http, HostHeaders headers)
    {
        var response = http.Response;
        // The ETag makes asking again cheap; five minutes is how long an old rate may be seen.
        response.Headers.CacheControl = "public, max-age=300";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        response.Headers.XFrameOptions = "DENY";
        foreach (var (name, value) in headers.For(http.Request.Path.Value ?? "/"))
            response.Headers[name] = value;
    }

    /// <summary>The nearest 404.html on the way up, as static hosts do.</summary>
    static async Task MissingAsync(HttpContext http, SwappedFolder files, HostHeaders headers)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            await TypedResults.Problem("The site can only be read.", statusCode: StatusCodes.Status405MethodNotAllowed).ExecuteAsync(http);
            return;
        }
        if (!files.GetFileInfo("/index.html").Exists)
        {
            http.Response.Headers.RetryAfter = "5";
            await TypedResults.Problem("The site has not been built yet: affiliate-sidecar site build", statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
            return;
        }
        var folder = http.Request.Path.Value ?? "";
        IFileInfo page;
        do
        {
            folder = folder[..Math.Max(0, folder.LastIndexOf('/'))];
            page = files.GetFileInfo($"{folder}/404.html");
        }
        while (!page.Exists && folder.Length > 0);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        Headers(http, headers);
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentType = "text/html; charset=utf-8";
        if (page.Exists && !HttpMethods.IsHead(http.Request.Method))
            await http.Response.SendFileAsync(page, http.RequestAborted);
    }

    /// <summary>A folder that may not be there yet, and is another one after each build. Hidden files are not shown.</summary>
    sealed class SwappedFolder(string folder) : IFileProvider
    {
        readonly Lazy<PhysicalFileProvider> files = new(() => new PhysicalFileProvider(folder));

        public IFileInfo GetFileInfo(string subpath) => Directory.Exists(folder) ? files.Value.GetFileInfo(subpath) : new NotFoundFileInfo(subpath);

        public IDirectoryContents GetDirectoryContents(string subpath) =>
            Directory.Exists(folder) ? files.Value.GetDirectoryContents(subpath) : NotFoundDirectoryContents.Singleton;

        public IChangeToken Watch(string filter) => NullChangeToken.Singleton;
    }
}
