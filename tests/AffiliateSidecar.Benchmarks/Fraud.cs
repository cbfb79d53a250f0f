using System.Diagnostics;
using AffiliateSidecar.ProvingGround;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// A made-up program of 400 partners and 120 days with two million clicks: the built program imports it and replays its daily scans.
/// Promise: the replay takes at most 60 seconds and 1 GB. Then the detector's figures, through the same files: see the proving ground. Then one scan of 2,000
/// partners and 60 days. Promise: 5 seconds, the start of the process included.
/// </summary>
static class Fraud
{
    const double Promise = 60, LargePromise = 600, NightPromise = 5;
    const long Memory = 1L << 30;

    public static async Task<int> RunAsync(bool brief)
    {
        var replay = await ReplayAsync(brief ? Brief(151) : new() { Seed = 151, Partners = 400, Days = 120, Traffic = 1.95 }, brief);
        var night = await InFolderAsync(brief ? Brief(152) : new() { Seed = 152, Partners = 2000, Days = 60, Traffic = 0.5 },
            async (folder, facts) => Told("scan", await RunAsync(folder, "fraud", "scan", "--as-of", $"{facts.End.AddDays(-1):yyyy-MM-dd}")));
        return brief || replay.Seconds <= Promise && replay.Bytes <= Memory && night.Seconds <= NightPromise ? 0 : 1;
    }

    /// <summary>1,500 partners and 180 days with twenty million clicks. Promise: the replay takes at most ten minutes and 1 GB.</summary>
    public static async Task<int> RunLargeAsync(bool brief)
    {
        var replay = await ReplayAsync(brief ? Brief(153) : new() { Seed = 153, Partners = 1500, Days = 180, Traffic = 2.2 }, brief);
        return brief || replay.Seconds <= LargePromise && replay.Bytes <= Memory ? 0 : 1;
    }

    static ProgramOptions Brief(int seed) => new() { Seed = seed, Partners = 20, Days = 30, Traffic = 0.2 };

    static Task<Measured> ReplayAsync(ProgramOptions options, bool brief) => InFolderAsync(options, async (folder, facts) =>
    {
        var alerts = Path.Combine(folder, "alerts.csv");
        var run = await RunAsync(folder, "fraud", "backtest", "--from", $"{facts.Start:yyyy-MM-dd}", "--to", $"{facts.End.AddDays(-1):yyyy-MM-dd}", "--out", alerts);
        if (!brief)
            Console.Write(Scorer.Judge([new(ProgramFiles.ReadTruth(folder), ProgramFiles.ReadAlerts(folder))]));
        return Told("backtest", run);
    });

    static async Task<Measured> InFolderAsync(ProgramOptions options, Func<string, ProgramFacts, Task<Measured>> measure)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            var (facts, rows) = Write(options, folder);
            string File(string name) => Path.Combine(folder, name + ".csv");
            var import = Told("import", await RunAsync(folder, "import", "--partners", File("affiliates"), "--impressions", File("impressions"), "--clicks", File("clicks"), "--orders", File("orders"), "--refunds", File("refunds")));
            Console.WriteLine($"          {rows / import.Seconds:N0} rows a second");
            return await measure(folder, facts);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // On its own, so that millions of rows are let go before anything is measured.
    static (ProgramFacts Facts, int Rows) Write(ProgramOptions options, string folder)
    {
        var program = ProgramGenerator.Generate(options);
        program.WriteCsv(folder);
        Console.WriteLine($"{program.Clicks.Count:N0} clicks, {program.Orders.Count:N0} orders, {options.Partners} partners, {options.Days} days");
        return (program.Facts, program.Clicks.Count + program.Orders.Count);
    }

    static Measured Told(string name, Measured run)
    {
        Console.WriteLine($"{name,-9} {run.Seconds:0.0} s, {run.Bytes >> 20} MB");
        return run;
    }

    sealed record Measured(double Seconds, long Bytes);

    static async Task<Measured> RunAsync(string folder, params string[] words)
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
        return process.ExitCode == 0 ? new(Stopwatch.GetElapsedTime(started).TotalSeconds, bytes) : throw new InvalidOperationException($"{words[0]} ended with {process.ExitCode}.");
    }
}
