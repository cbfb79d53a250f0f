using System.CommandLine;
using System.Diagnostics;
using AffiliateSidecar.Cli.Import;
using Spectre.Console;

namespace AffiliateSidecar.Cli;

/// <summary><c>import</c>: history from CSV files. A bad row is named and left out, the rest goes in.</summary>
static class ImportCommand
{
    // In the order in which they build on each other, whatever order they are named in.
    static readonly (string Kind, string What)[] Files =
    [
        ("partners", "Partners (affiliates.csv)"), ("impressions", "Hourly impressions"), ("clicks", "Clicks"), ("orders", "Orders"), ("refunds", "Refunds"),
    ];

    public static Command Create(CliContext cli)
    {
        var options = Files.ToDictionary(f => f.Kind, f => new Option<FileInfo>("--" + f.Kind) { Description = f.What + ", CSV, plain or gzip", HelpName = "F" });
        var json = CliContext.JsonOption();
        var command = new Command("import", "Load history from CSV files. Importing a file twice changes nothing; a bad row is named and left out.");
        foreach (var option in options.Values)
            command.Add(option);
        command.Add(json);
        command.SetAction(async (parse, cancel) =>
        {
            var files = Files.Where(f => parse.GetValue(options[f.Kind]) is not null)
                .ToDictionary(f => f.Kind, f => parse.GetValue(options[f.Kind])!.ToString());
            if (files.Count == 0)
                throw new UsageException("Name at least one file: " + string.Join(", ", Files.Select(f => $"--{f.Kind} F")));
            await using var app = cli.Open(parse);
            var started = Stopwatch.GetTimestamp();
            var reports = await WithProgressAsync(cli, files.Keys, advance =>
                HistoryImport.RunAsync(app.Services, files, new ImportProgress(cli.Error, advance), cancel));
            Print(cli, parse.GetValue(json), reports, Stopwatch.GetElapsedTime(started).TotalSeconds);
            return reports.Any(r => r.Refused > 0 || r.Error is not null) ? 1 : 0;
        });
        return command;
    }

    /// <summary>A progress bar where stderr is a terminal, nothing anywhere else.</summary>
    static async Task<IReadOnlyList<FileReport>> WithProgressAsync(CliContext cli, IEnumerable<string> kinds,
        Func<Action<string, double>?, Task<IReadOnlyList<FileReport>>> work)
    {
        if (Console.IsErrorRedirected || cli.Error != Console.Error)
            return await work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).StartAsync(context =>
        {
            var bars = kinds.ToDictionary(kind => kind, kind => context.AddTask(kind, maxValue: 1));
            return work((kind, done) => bars[kind].Value = done);
        });
    }

    static void Print(CliContext cli, bool json, IReadOnlyList<FileReport> reports, double seconds)
    {
        var rows = reports.Sum(r => r.Rows);
        if (json)
        {
            cli.WriteJson(new { files = reports, rows, seconds = Math.Round(seconds, 3), rowsPerSecond = Math.Round(rows / seconds) });
            return;
        }
        foreach (var report in reports)
            cli.Out.WriteLine($"{report.Kind,-12} {report.Rows,11:N0} rows: {report.New:N0} new, {report.Unchanged:N0} known before, {report.Refused:N0} refused");
        cli.Out.WriteLine($"{rows:N0} rows in {seconds:0.0} s ({rows / seconds:N0} a second)");
    }
}
