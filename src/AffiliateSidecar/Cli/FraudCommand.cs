using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.Fraud;

namespace AffiliateSidecar.Cli;

/// <summary><c>fraud</c>: scans, and what scans of the past would have said.</summary>
static class FraudCommand
{
    public static Command Create(CliContext cli) => new("fraud", "Compare partners with each other and with their own past, and say who deserves a look.")
    {
        CreateScan(cli),
        CreateBacktest(cli),
        VerifyEvidenceCommand.Create(cli),
    };

    static Command CreateScan(CliContext cli)
    {
        var asOf = new Option<string?>("--as-of") { Description = "A day that is over, UTC: print what the scan at its end would say, and store nothing", HelpName = "T" };
        var json = CliContext.JsonOption();
        var command = new Command("scan", "Scan now: new suspicions become alerts, which hold the partner's pending commissions. `serve` does so every night.") { asOf, json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var scan = app.Services.GetRequiredService<FraudScan>();
            var day = parse.GetValue(asOf) is { } text ? Day(text, "--as-of") : (DateOnly?)null;
            if (day >= scan.Today)
                throw new UsageException("--as-of is a day that is over; leave it out to scan with what is known of today.");
            var view = ScanView.Of(day is { } past ? await scan.AsOfAsync(past, cancel) : await scan.RunAsync(scan.Today, cancel));
            if (parse.GetValue(json))
                cli.WriteJson(view);
            else
                await PrintAsync(cli, view);
            return 0;
        });
        return command;
    }

    static async Task PrintAsync(CliContext cli, ScanView scan)
    {
        foreach (var s in scan.Suspicions)
        {
            await cli.Out.WriteLineAsync(FormattableString.Invariant($"{s.State,-8}  {s.PartnerCode,-20}  {s.MoneyAtRisk,14}  {s.Risk:0.00}  {s.Alert ?? string.Join(' ', s.Reasons.Take(3))}"));
            await cli.Out.WriteLineAsync($"          {s.Text}");
        }
        await cli.Out.WriteLineAsync(FormattableString.Invariant($"{scan.Day:yyyy-MM-dd}: {scan.Suspicions.Count} of {scan.Partners} partners deserve a look, {scan.ExpectedFalse:0.0} of them expected to be honest. ")
            + $"Messages: {scan.Messages}, {scan.BudgetLeft} left.{(scan.Stored ? $" Held: {scan.Held} commissions. Own purchases: {scan.OwnPurchases.Count}." : " Nothing is stored.")}");
        if (scan.Shortage is not null)
            await cli.Error.WriteLineAsync(scan.Shortage);
        if (scan.SkippedSignals.Count > 0)
            await cli.Error.WriteLineAsync($"Signals that failed and are left out: {string.Join(", ", scan.SkippedSignals)}.");
    }

    static Command CreateBacktest(CliContext cli)
    {
        var from = new Option<string>("--from") { Description = "First day of the scans, UTC: 2026-01-31", HelpName = "T", Required = true };
        var to = new Option<string>("--to") { Description = "Last day of the scans, UTC", HelpName = "T", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "CSV: affiliate,detected_at,score,reason,alert; alert=0 is a partner's score at the end", HelpName = "F.csv", Required = true };
        var json = CliContext.JsonOption();
        var command = new Command("backtest", "Replay daily scans over history, each with what was known at the end of its day. Nothing is stored.") { from, to, output, json };
        command.SetAction(async (parse, cancel) =>
        {
            var (first, last) = (Day(parse.GetValue(from)!, "--from"), Day(parse.GetValue(to)!, "--to"));
            if (last < first)
                throw new UsageException("--to is before --from.");
            var path = parse.GetValue(output)!;
            if (path.Directory is { Exists: false } folder)
                throw new UsageException($"The folder {folder.Name} of --out does not exist.");
            await using var app = cli.Open(parse);
            var result = await ImportCommand.WithProgressAsync(cli, ["days"], progress =>
                app.Services.GetRequiredService<FraudBacktest>().RunAsync(first, last, done => progress?.Invoke("days", done), cancel));
            await using (var file = new StreamWriter(path.FullName))
                await result.WriteAsync(file);
            var messages = result.Rows.Where(r => r.IsAlert).ToList();
            if (parse.GetValue(json))
                cli.WriteJson(new { partners = result.Rows.Count(r => !r.IsAlert), messages = messages.Select(r => r.Message).Distinct().Count(), alerts = messages.Count });
            else
            {
                foreach (var row in messages)
                    cli.Out.WriteLine(FormattableString.Invariant($"{row.Day:yyyy-MM-dd}  {result.Name(row.PartnerId),-12} {row.Score:0.00}  {string.Join(' ', row.Reasons.Take(3))}"));
                cli.Out.WriteLine($"{messages.Select(r => r.Message).Distinct().Count()} messages about {messages.Count} of {result.Rows.Count(r => !r.IsAlert)} partners.");
            }
            return 0;
        });
        return command;
    }

    internal static DateOnly Day(string text, string option) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? DateOnly.FromDateTime(time.UtcDateTime)
        : throw new UsageException($"{option} is neither a day nor a time: 2026-01-31, or 2026-01-31T12:00:00Z.");
}
