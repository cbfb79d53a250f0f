using System.Diagnostics;
using AffiliateSidecar.ProvingGround;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// A made-up program of 400 partners and 120 days with two million clicks: the built program imports it and replays its daily scans.
/// Promise: the replay takes at most 60 seconds and 1 GB. Then the detector's figures over other programs, through the same files: see the proving ground.
/// </summary>
static class Fraud
{
    const double Promise = 60;
    const long Memory = 1L << 30;

    public static async Task<int> RunAsync(bool brief)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            var (partners, days) = brief ? (20, 30) : (400, 120);
            var program = ProgramGenerator.Generate(new() { Seed = 151, Partners = partners, Days = days, Traffic = brief ? 0.2 : 1.2 });
            program.WriteCsv(folder);
            Console.WriteLine($"{program.Clicks.Count:N0} clicks, {program.Orders.Count:N0} orders, {partners} partners, {days} days");
            string File(string name) => Path.Combine(folder, name + ".csv");
            var import = await RunAsync(folder, "import", "--partners", File("affiliates"), "--impressions", File("impressions"), "--clicks", File("clicks"), "--orders", File("orders"), "--refunds", File("refunds"));
            var replay = await RunAsync(folder, "fraud", "backtest", "--from", $"{program.Facts.Start:yyyy-MM-dd}", "--to", $"{program.Facts.End.AddDays(-1):yyyy-MM-dd}", "--out", File("alerts"));
            Console.WriteLine($"import    {import.Seconds:0.0} s ({(program.Clicks.Count + program.Orders.Count) / import.Seconds:N0} rows a second), {import.Bytes >> 20} MB");
            Console.WriteLine($"backtest  {replay.Seconds:0.0} s, {replay.Bytes >> 20} MB");
            if (!brief)
                Console.Write(Scorer.Judge([new(ProgramFiles.ReadTruth(folder), ProgramFiles.ReadAlerts(folder))]));
            return brief || replay.Seconds <= Promise && replay.Bytes <= Memory ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<(double Seconds, long Bytes)> RunAsync(string folder, params string[] words)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "affiliate-sidecar"), [.. words, "--data", Path.Combine(folder, "data")])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var bytes = 0L;
        while (!process.HasExited)
        {
            bytes = Math.Max(bytes, process.Memory());
            await Task.Delay(100);
        }
        return process.ExitCode == 0 ? (Stopwatch.GetElapsedTime(started).TotalSeconds, bytes) : throw new InvalidOperationException($"{words[0]} ended with {process.ExitCode}.");
    }
}
