using System.CommandLine;
using System.Globalization;
using System.Text;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.Cli.Import.Predecessors;
using AffiliateSidecar.Http;
using Spectre.Console;

namespace AffiliateSidecar.Cli;

/// <summary><c>import compare</c>: another program and this one side by side.</summary>
static class ImportCompareCommand
{
    public static Command Create(CliContext cli)
    {
        var from = ImportFromCommand.FromOption();
        from.Required = true;
        from.Description = "The other program: " + string.Join(" or ", Predecessor.All.Select(p => p.Name));
        var shop = ShopCommand.ShopOption();
        var since = new Option<string>("--since") { Description = "First day, or time, UTC", HelpName = "T", Required = true };
        var to = new Option<string?>("--to") { Description = "The day or time after the last one, UTC [default: now]", HelpName = "T" };
        var (json, csv) = (CliContext.JsonOption(), new Option<bool>("--csv") { Description = "Print the differing orders as CSV" });
        var command = new Command("compare", "Compare what another affiliate program computes with what is computed here: by partner, and every order on which they differ, with the reason. "
            + "Nothing is stored.") { from, shop, since, to, json, csv };
        command.SetAction(async (parse, cancel) =>
        {
            var program = ImportFromCommand.Program(parse.GetValue(from)!);
            var (start, end) = (ImportFromCommand.Time(parse.GetValue(since), "--since")!.Value, ImportFromCommand.Time(parse.GetValue(to), "--to"));
            await using var app = cli.Open(parse);
            var report = await ImportFromCommand.ReadingAsync(() => Comparison.RunAsync(app.Services, ImportFromCommand.Shop(app.Services, parse.GetValue(shop)), program, start, end,
                new ImportProgress(cli.Error), cancel));
            if (parse.GetValue(json))
                cli.WriteJson(report);
            else if (parse.GetValue(csv))
                await WriteCsvAsync(cli.Out, report);
            else
                Print(cli.Out, report);
            return report.Refused > 0 ? 1 : 0;
        });
        return command;
    }

    static async Task WriteCsvAsync(TextWriter output, ComparisonReport report)
    {
        using var bytes = new MemoryStream();
        Csv.Write(bytes, report.Differences.Select(d => new
        {
            d.OrderId, d.TheirPartner, Theirs = d.Theirs?.AmountText, d.TheirStatus, d.OurPartner, Ours = d.Ours?.AmountText, d.OurStatus, (d.Theirs ?? d.Ours)?.Currency, d.Reason,
        }));
        await output.WriteAsync(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    static void Print(TextWriter output, ComparisonReport report)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = 160;
        output.WriteLine(FormattableString.Invariant($"{report.Shop}, since {report.Since.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {report.Program} and the rules here, {report.Orders} orders, {report.Differences.Count} of them different"));
        console.Write(Table(["partner", report.Program, "", "here", "", "difference"], report.Partners.Select(p => new[]
        {
            p.Partner, p.TheirReferrals.ToString(CultureInfo.InvariantCulture), p.Theirs.ToString(), p.OurOrders.ToString(CultureInfo.InvariantCulture), p.Ours.ToString(), p.Difference.ToString(),
        })));
        if (report.Differences.Count > 0)
            console.Write(Table(["order", report.Program, "", "here", "", "why"], report.Differences.Select(d => new[]
            {
                d.OrderId, d.TheirPartner ?? "", d.Theirs?.ToString() ?? "", d.OurPartner ?? "", d.Ours?.ToString() ?? "", d.Reason!,
            })));
    }

    static Table Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(Markup.Escape(column));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        return table;
    }
}
