using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.Shops;
using Spectre.Console;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop backtest</c>: what the program would have paid on past orders.</summary>
static class ShopBacktestCommand
{
    public static Command Create(CliContext cli)
    {
        var from = new Option<string>("--from") { Description = "First day, or RFC 3339 time, UTC", HelpName = "T", Required = true };
        var to = new Option<string>("--to") { Description = "The day or time after the last one, UTC [default: now]", HelpName = "T" };
        var name = ShopCommand.ShopOption();
        var json = CliContext.JsonOption();
        var command = new Command("backtest", "What the program would have paid on past orders of the shop under today's rules and to today's partners, and who sent buyers without being one. "
            + "Nothing is stored.") { from, to, name, json };
        command.SetAction(async (parse, cancel) =>
        {
            var start = Time(parse.GetValue(from)!, "--from");
            var given = parse.GetValue(to) is { } text ? Time(text, "--to") : (DateTimeOffset?)null;
            await using var app = cli.Open(parse);
            var end = given ?? app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
            if (end <= start)
                throw new UsageException("--to is not after --from.");
            var results = new List<BacktestResult>();
            foreach (var shop in ShopCommand.Chosen(app.Services, parse.GetValue(name)))
                results.Add(await ShopCommand.WithProgressAsync(cli, shop.Name, progress =>
                    app.Services.GetRequiredService<Backtest>().RunAsync(shop, start, end, progress, cancel)));
            if (parse.GetValue(json))
                cli.WriteJson(results);
            else
                foreach (var result in results)
                    Print(cli, result);
            return 0;
        });
        return command;
    }

    static DateTimeOffset Time(string text, string option) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw new UsageException($"{option} is neither a day nor a time: 2026-01-31, or 2026-01-31T12:00:00Z.");

    static void Print(CliContext cli, BacktestResult result)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(cli.Out), Ansi = AnsiSupport.No });
        console.Profile.Width = 120;
        cli.Out.WriteLine(FormattableString.Invariant($"{result.Shop}, {result.From.UtcDateTime:yyyy-MM-dd HH:mm} to {result.To.UtcDateTime:yyyy-MM-dd HH:mm} UTC, rules version {result.RuleVersion}"));
        Print(console, "all orders", result.Totals);
        Print(console, "partner", result.Partners);
        Print(console, "sent buyers, is no partner", result.Unclaimed);
        if (result.Unreadable > 0)
            cli.Out.WriteLine($"{result.Unreadable} orders could not be read.");
    }

    static void Print(IAnsiConsole console, string title, IReadOnlyList<BacktestLine> lines)
    {
        if (lines.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumn(title).AddColumn(new TableColumn("orders").RightAligned())
            .AddColumn(new TableColumn("net sales").RightAligned()).AddColumn(new TableColumn("commission").RightAligned());
        foreach (var line in lines)
            table.AddRow(new Text(line.Name), new Text(line.Orders.ToString(CultureInfo.InvariantCulture)), new Text(line.Sales.ToString()), new Text(line.Commission.ToString()));
        console.Write(table);
    }
}
