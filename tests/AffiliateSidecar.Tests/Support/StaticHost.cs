using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace AffiliateSidecar.Support;

/// <summary>A web server beside the service that shows a folder: the shop, or the host of the published site.</summary>
sealed class StaticHost : IAsyncDisposable
{
    readonly WebApplication app;

    StaticHost(WebApplication app) => this.app = app;

    public Uri Url => new(app.Urls.First() + "/");

    /// <summary>What it shows; may change while it runs.</summary>
    public string? Folder { get; set; }

    public static async Task<StaticHost> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var host = new StaticHost(builder.Build());
        host.app.Urls.Add("http://127.0.0.1:0");
        host.app.Run(async http =>
        {
            var path = http.Request.Path.Value!.EndsWith('/') ? http.Request.Path + "index.html" : http.Request.Path.Value;
            using var files = new PhysicalFileProvider(host.Folder!);
            var file = files.GetFileInfo(path);
            http.Response.StatusCode = file.Exists ? 200 : 404;
            http.Response.ContentType = path.EndsWith(".html", StringComparison.Ordinal) ? "text/html; charset=utf-8" : "text/plain";
            if (file.Exists)
                await http.Response.SendFileAsync(file);
        });
        await host.app.StartAsync();
        return host;
    }

    /// <summary>For a service whose address must be known before it starts.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
