using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.Cli.Import.Predecessors;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Cli;

/// <summary><c>import --from</c>: come over from another affiliate program in the shop's own database.</summary>
static class ImportFromCommand
{
    public static Option<string?> FromOption() => new("--from")
    {
        Description = $"Come over from another program, out of the shop's database: {string.Join(" or ", Predecessor.All.Select(p => p.Name))}", HelpName = "PROGRAM",
    };

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static Predecessor Program(string name) => Predecessor.All.FirstOrDefault(p => p.Name == name)
        ?? throw new UsageException($"--from knows {string.Join(" and ", Predecessor.All.Select(p => p.Name))}, not '{name}'.");

    /// <exception cref="UsageException">There is none, or it must be named.</exception>
    public static ShopSettings Shop(IServiceProvider services, string? name) => ShopCommand.Chosen(services, name) is [var one] ? one
        : throw new UsageException("Several shops' databases are connected: name one with --shop.");

    /// <exception cref="UsageException">It is no time.</exception>
    public static DateTimeOffset? Time(string? text, string option) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw new UsageException($"{option} is neither a day nor a time: 2026-01-31, or 2026-01-31T12:00:00Z.");

    /// <summary>Whatever is wrong with the shop's database is a sentence.</summary>
    public static async Task<T> ReadingAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (ShopDatabaseException e)
        {
            throw new OperationFailedException(e.Message);
        }
    }

    public static async Task<int> RunAsync(CliContext cli, ParseResult parse, string from, string? shop, bool dryRun, string? until, bool json, CancellationToken cancel)
    {
        var program = Program(from);
        var end = Time(until, "--until");
        await using var app = cli.Open(parse);
        var chosen = Shop(app.Services, shop);
        var started = Stopwatch.GetTimestamp();
        var report = await ImportCommand.WithProgressAsync(cli, ["partners", "coupons", "clicks", "payouts", "referrals"], advance => ReadingAsync(() =>
            PredecessorImport.RunAsync(app.Services, chosen, program, dryRun, end, new ImportProgress(cli.Error, advance), cancel)));
        if (json)
            cli.WriteJson(report);
        else
            Print(cli.Out, report, Stopwatch.GetElapsedTime(started).TotalSeconds);
        return report.Files.Any(f => f.Refused > 0) ? 1 : 0;
    }

    static void Print(TextWriter output, TakeoverReport report, double seconds)
    {
        if (report.DryRun)
            output.WriteLine("A dry run: nothing was stored.");
        ImportCommand.Print(output, report.Files);
        foreach (var sum in report.Sums)
        {
            output.WriteLine($"{report.Program} owes {sum.Unpaid} and has paid {sum.Paid}.");
            if (!report.DryRun)
                output.WriteLine($"Here the same partners' balance is {sum.Balance}, and {sum.PaidHere} are booked as paid.");
        }
        if (report.Rates.Count > 0)
            output.WriteLine("Rates that are one partner's own there, and would be rules here: "
                + string.Join(", ", report.Rates.Take(20).Select(r => $"{r.Code} {r.Rate} ({r.Type})")) + (report.Rates.Count > 20 ? ", and more with --json" : "") + ".");
        foreach (var hint in report.Hints)
            output.WriteLine(hint);
        output.WriteLine($"{report.Files.Sum(f => f.Rows):N0} rows in {seconds:0.0} s");
    }
}
