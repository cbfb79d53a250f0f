using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.Fraud;

namespace AffiliateSidecar.Cli;

/// <summary><c>fraud</c>: scans, and what scans of the past would have said.</summary>
static class FraudCommand
{
    public static Command Create(CliContext cli) => new("fraud", "Compare partners with each other and with their own past, and say who deserves a look.")
    {
        CreateBacktest(cli),
        VerifyEvidenceCommand.Create(cli),
    };

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
