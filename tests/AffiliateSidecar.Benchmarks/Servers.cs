using System.Diagnostics;
using System.Text.RegularExpressions;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Benchmarks;

/// <summary>What a minimal API can do that stores nothing: the measure for the redirect that does.</summary>
static class BareServer
{
    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        app.MapGet("/r/{code}", (string code, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return TypedResults.Redirect($"https://shop.example/?utm_source=affiliate&utm_medium=referral&utm_campaign={code}");
        });
        await app.RunAsync(url);
        return 0;
    }
}

/// <summary>The real service on an empty database.</summary>
static class SidecarServer
{
    public const string AdminKey = "benchmark-key";

    public static async Task<int> RunAsync(string url, string data, string? database, Action<IServiceCollection>? customise = null)
    {
        await using var app = Program.Build(new Dictionary<string, string?>
        {
            ["urls"] = url, ["data"] = data, ["ConnectionStrings:Sidecar"] = database, ["Sidecar:BootstrapKey"] = AdminKey, ["Sidecar:Site:Out"] = Path.Combine(data, "site-out"),
            ["Sidecar:Shops:main:Url"] = "https://shop.example/",
            ["Logging:LogLevel:Default"] = "Warning",
        }, customise);
        await app.RunAsync();
        return 0;
    }
}

/// <summary>The same, but clicks move no days of links and partners.</summary>
static class ServerWithoutDays
{
    public static Task<int> RunAsync(string url, string data) => SidecarServer.RunAsync(url, data, null, services => services.AddSingleton(p =>
        new ClickWriter(p.GetRequiredService<Database>(), p.GetRequiredService<DataFolder>(), TimeProvider.System, p.GetRequiredService<ILogger<ClickWriter>>()) { Insert = ClickTable.InsertOnlyAsync }));
}

/// <summary>A server in a process of its own, so that both have the same settings and neither warms the other's code.</summary>
sealed class ServerProcess : IAsyncDisposable
{
    readonly Process process;

    ServerProcess(Process process) => this.process = process;

    public long WorkingSetMegabytes => process.Memory() / 1_048_576;

    public static async Task<ServerProcess> StartAsync(string url, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var response = await http.GetAsync(new Uri(url + "/nothing"));
                return new ServerProcess(process);
            }
            catch (HttpRequestException) when (attempt < 1_000 && !process.HasExited)
            {
                await Task.Delay(50);
            }
            catch (HttpRequestException)
            {
                process.Kill();
                throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}

/// <summary>One run of wrk.</summary>
sealed record Load(double RequestsPerSecond, double P99Milliseconds, long Requests, string? Errors)
{
    public static async Task<Load> RunAsync(string url, string script, int seconds, int connections = 64)
    {
        using var process = Process.Start(new ProcessStartInfo("wrk", ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script, url])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var p99 = Regex.Match(text, @"99%\s+([\d.]+)(us|ms|s)\b");
        var milliseconds = double.Parse(p99.Groups[1].Value) * p99.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1000 };
        var errors = Regex.Match(text, @"(Socket errors|Non-2xx).*").Value;
        return new(double.Parse(Regex.Match(text, @"Requests/sec:\s+([\d.]+)").Groups[1].Value), milliseconds,
            long.Parse(Regex.Match(text, @"(\d+) requests in").Groups[1].Value), errors.Length > 0 ? errors : null);
    }
}
