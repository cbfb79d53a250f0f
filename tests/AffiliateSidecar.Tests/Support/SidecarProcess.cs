using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.Support;

/// <summary>The built program in a process of its own, so that it can be killed.</summary>
public sealed class SidecarProcess : IDisposable
{
    readonly Process process;

    SidecarProcess(Process process, Uri url)
    {
        this.process = process;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = url };
    }

    /// <summary>Follows no redirect.</summary>
    public HttpClient Http { get; }

    public static async Task<SidecarProcess> StartAsync(string dataFolder, string? connectionString, params (string Name, string Value)[] environment)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "serve", "--urls", url, "--data", dataFolder])
        {
            // Where it writes what it makes, such as the site.
            WorkingDirectory = dataFolder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        (start.Environment["ASPNETCORE_URLS"], start.Environment["data"]) = (url, dataFolder);
        start.Environment["ConnectionStrings__Sidecar"] = connectionString;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var running = new SidecarProcess(process, new Uri(url));
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await running.Http.GetAsync("/healthz");
                return running;
            }
            catch (HttpRequestException) when (attempt < 600 && !process.HasExited)
            {
                await Task.Delay(100);
            }
            catch (HttpRequestException)
            {
                running.Dispose();
                throw;
            }
        }
    }

    /// <summary>At once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
        Http.Dispose();
    }
}
