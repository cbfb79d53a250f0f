using System.CommandLine;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop</c>: the shop's own database.</summary>
static class ShopCommand
{
    public static Command Create(CliContext cli) => new("shop", "The shop's own database") { Check(cli) };

    static Option<string> ShopOption() => new("--shop") { Description = "A shop of the configuration [default: every one with a ConnectionString]", HelpName = "NAME" };

    static Command Check(CliContext cli)
    {
        var (name, json) = (ShopOption(), CliContext.JsonOption());
        var grants = new Option<bool>("--grants") { Description = "Print nothing but the SQL statements that make an account which can only read" };
        var command = new Command("check", "Look at the connection to the shop's database, say what is wrong and how to mend it, and print the SQL statements that make the account.")
        {
            name, grants, json,
        };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Build(parse);
            var check = new ShopDatabaseCheck(app.Services.GetRequiredService<TimeProvider>());
            // Together, so that two shops behind one silent network make nobody wait twice.
            var reports = await Task.WhenAll(Chosen(app.Services.GetRequiredService<ShopDirectory>(), parse.GetValue(name)).Select(s => check.CheckAsync(s, cancel)));
            var ok = reports.All(r => r.Ok);
            if (parse.GetValue(json))
                cli.WriteJson(new { Ok = ok, Shops = reports });
            else
                foreach (var report in reports)
                    await PrintAsync(cli.Out, report, !parse.GetValue(grants));
            return ok || parse.GetValue(grants) ? 0 : 1;
        });
        return command;
    }

    /// <summary>The shops with a database that the command is about.</summary>
    static List<ShopSettings> Chosen(ShopDirectory shops, string? name)
    {
        var known = shops.All.Count == 0 ? "There is no shop in the configuration." : $"The shops are: {string.Join(", ", shops.All.Select(s => s.Name))}.";
        if (name is not null && shops.Find(name) is null)
            throw new UsageException($"There is no shop '{name}'. {known}");
        var chosen = shops.All.Where(s => name is null || s == shops.Find(name)).ToList();
        var connected = chosen.Where(s => s.ConnectionString is not null).ToList();
        return connected.Count > 0 ? connected
            : throw new UsageException($"No database is named. Set Sidecar:Shops:{chosen.FirstOrDefault()?.Name ?? "main"}:ConnectionString, "
                + "such as: Server=127.0.0.1;User ID=affiliate_sidecar;Password=…;Database=… The account need not be there yet: the check prints how to make it.");
    }

    static async Task PrintAsync(TextWriter output, ShopDatabaseReport report, bool findings)
    {
        if (findings)
        {
            await output.WriteLineAsync($"Shop {report.Shop}");
            foreach (var finding in report.Findings)
            {
                await output.WriteLineAsync($"{finding.Condition,-6}  {finding.Name,-11}  {finding.What}");
                if (finding.Mend is not null)
                    await output.WriteLineAsync($"{"",-21}→ {finding.Mend}");
            }
            await output.WriteLineAsync();
        }
        if (report.Statements.Count == 0)
            return;
        await output.WriteLineAsync($"-- Shop {report.Shop}: an account that can read what is needed and nothing else. To be run by an administrator of the");
        await output.WriteLineAsync("-- shop's database server, with a password put in; a line about a table that the shop does not have is left out.");
        foreach (var statement in report.Statements)
            await output.WriteLineAsync(statement);
    }
}
