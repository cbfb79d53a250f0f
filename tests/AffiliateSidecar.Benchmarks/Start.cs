using System.Diagnostics;
using System.Net;
using AffiliateSidecar.Support;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// The built program from its start to its first answered request, on an empty data folder and on the one it has left.
/// Promise: 1.5 seconds. (Working set after 100,000 clicks: see the benchmark of clicks.)
/// </summary>
static class Start
{
    static readonly TimeSpan Promise = TimeSpan.FromSeconds(1.5);

    public static async Task<int> RunAsync(bool brief)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            // The first start ever makes the tables, which is no everyday matter.
            Console.WriteLine($"first start, makes its tables: {(await MeasureAsync(folder)).TotalMilliseconds:N0} ms");
            var rounds = new List<TimeSpan>();
            for (var round = 0; round < (brief ? 1 : 5); round++)
                rounds.Add(await MeasureAsync(folder));
            Console.WriteLine($"later starts: {string.Join(", ", rounds.Select(r => $"{r.TotalMilliseconds:N0} ms"))}");
            return brief || rounds.Order().ElementAt(rounds.Count / 2) <= Promise ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<TimeSpan> MeasureAsync(string folder)
    {
        var url = $"http://127.0.0.1:{MariaDbServer.FreePort()}";
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "affiliate-sidecar"), ["serve", "--urls", url, "--data", Path.Combine(folder, "data")])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient();
            while (true)
            {
                try
                {
                    using var response = await http.GetAsync(new Uri(url + "/readyz"));
                    if (response.StatusCode == HttpStatusCode.OK)
                        return Stopwatch.GetElapsedTime(started);
                }
                catch (HttpRequestException) when (!process.HasExited)
                {
                }
                await Task.Delay(10);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
