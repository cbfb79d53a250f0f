using System.CommandLine;
using System.Diagnostics;
using AffiliateSidecar.Cli.Import;
using Spectre.Console;

namespace AffiliateSidecar.Cli;

/// <summary><c>import</c>: history from CSV files, or from another program. A bad row is named and left out, the rest goes in.</summary>
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
        var from = ImportFromCommand.FromOption();
        var shop = new Option<string?>("--shop") { Description = "With --from: the shop in whose database the program is [default: the one that is connected]", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "With --from: read and judge everything, store nothing" };
        var until = new Option<string?>("--until") { Description = "With --from: only referrals before this day or time, UTC [default: all]", HelpName = "T" };
        var command = new Command("import", "Load history from CSV files, or from another affiliate program. Importing twice changes nothing; a bad row is named and left out.");
        foreach (var option in options.Values)
            command.Add(option);
        command.Add(from);
        command.Add(shop);
        command.Add(dryRun);
        command.Add(until);
        command.Add(json);
        command.Add(ImportCompareCommand.Create(cli));
        command.SetAction(async (parse, cancel) =>
        {
            var files = Files.Where(f => parse.GetValue(options[f.Kind]) is not null)
                .ToDictionary(f => f.Kind, f => parse.GetValue(options[f.Kind])!.ToString());
            if (parse.GetValue(from) is { } program)
                return files.Count > 0 ? throw new UsageException("Either --from or files.")
                    : await ImportFromCommand.RunAsync(cli, parse, program, parse.GetValue(shop), parse.GetValue(dryRun), parse.GetValue(until), parse.GetValue(json), cancel);
            if (files.Count == 0)
                throw new UsageException("Name at least one file: " + string.Join(", ", Files.Select(f => $"--{f.Kind} F")) + "; or a program with --from.");
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
    internal static async Task<T> WithProgressAsync<T>(CliContext cli, IEnumerable<string> kinds, Func<Action<string, double>?, Task<T>> work)
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
        Print(cli.Out, reports);
        cli.Out.WriteLine($"{rows:N0} rows in {seconds:0.0} s ({rows / seconds:N0} a second)");
    }
    internal static void Print(TextWriter output, IReadOnlyList<FileReport> reports)
    {
        foreach (var report in reports)
            output.WriteLine($"{report.Kind,-12} {report.Rows,11:N0} rows: {report.New:N0} new, {report.Unchanged:N0} known before, {report.Refused:N0} refused"
                + (report.Noted > 0 ? $", {report.Noted:N0} noted" : ""));
    }
}
