using AffiliateSidecar.Site;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Cli;

/// <summary><c>site build --watch</c>: builds at each change and shows the site; an open page loads itself anew.</summary>
static class SitePreview
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    /// <summary>Only here: the site's own policy lets no script run.</summary>
    const string Reload = "<script>new EventSource('/.changes').onmessage=()=>location.reload()</script>";

    public static async Task<int> RunAsync(CliContext cli, IServiceProvider services, BuildOrder order, string urls, CancellationToken cancel)
    {
        var (files, rules, builds) = (services.GetRequiredService<TemplateFiles>(), services.GetRequiredService<SiteBuilder>(), 0);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var folder = Path.GetFullPath(order.Folder ?? services.GetRequiredService<SiteSettings>().Out);
        await using var app = Host(urls, folder, () => changed.Task);
        await app.StartAsync(cancel);
        await cli.Out.WriteLineAsync($"{folder} is shown at {app.Urls.First()}/\nCtrl+C ends it.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, app.Lifetime.ApplicationStopping);
        string? seen = null;
        try
        {
            while (true)
            {
                if (await StateAsync() is var state && state != seen)
                {
                    seen = state;
                    await BuildAsync();
                    Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
                }
                await Task.Delay(Pause, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await app.StopAsync(CancellationToken.None);
            return 0;
        }

        async Task<string> StateAsync() => $"{files.State()} {(order.Pages is null || !File.Exists(order.Pages) ? "" : File.GetLastWriteTimeUtc(order.Pages).Ticks)} {(await rules.ModelAsync(stop.Token)).Version}";

        async Task BuildAsync()
        {
            try
            {
                var report = await SiteBuildCommand.BuildAsync(cli, services, order, stop.Token);
                if (builds++ == 0)
                    await SiteBuildCommand.PrintAsync(cli, report);
                else
                    await cli.Out.WriteLineAsync($"{report.Changed.Count} files changed, {report.Elapsed.TotalMilliseconds:0} ms: {string.Join(", ", report.Changed.Take(5))}{(report.Changed.Count > 5 ? ", …" : "")}");
            }
            catch (PageException e)
            {
                // Somebody is writing: the next change may mend it.
                await cli.Error.WriteLineAsync("error: " + e.Message);
            }
        }
    }

    static WebApplication Host(string urls, string folder, Func<Task> changed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var app = builder.Build();
        app.Urls.Add(urls);
        app.MapGet("/.changes", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await changed().WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync("data: built\n\n", http.RequestAborted);
        });
        app.MapFallback(async (HttpContext http) =>
        {
            var path = Path.GetFullPath(Path.Combine(folder, (BasePath(folder, http.Request.Path.Value ?? "/") is { } below ? below : "").TrimStart('/')));
            if (Directory.Exists(path))
                path = Path.Combine(path, "index.html");
            var isThere = path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && !path[folder.Length..].Contains("/.", StringComparison.Ordinal) && File.Exists(path);
            if (!isThere)
                (http.Response.StatusCode, path) = (404, Path.Combine(folder, "404.html"));
            if (!File.Exists(path))
                return;
            if (!path.EndsWith(".html", StringComparison.Ordinal))
            {
                await http.Response.SendFileAsync(path, http.RequestAborted);
                return;
            }
            http.Response.ContentType = "text/html; charset=utf-8";
            await http.Response.WriteAsync((await File.ReadAllTextAsync(path, http.RequestAborted)).Replace("<meta http-equiv=\"Content-Security-Policy\"", "<meta name=\"policy\"", StringComparison.Ordinal) + Reload, http.RequestAborted);
        });
        return app;
    }

    /// <summary>Below the path of the base URL, where the site has one.</summary>
    static string? BasePath(string folder, string path)
    {
        var root = SiteRecord.Read(folder) is { } record ? new Uri(record.BaseUrl).AbsolutePath.TrimEnd('/') : "";
        return path.StartsWith(root, StringComparison.Ordinal) ? path[root.Length..] : path == "/" ? path : null;
    }
}
