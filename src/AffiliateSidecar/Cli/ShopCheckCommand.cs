using System.CommandLine;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop check</c>: what is wrong with the connection to the shop's database, and how to mend it.</summary>
static class ShopCheckCommand
{
    public static Command Create(CliContext cli)
    {
        var (name, json) = (ShopCommand.ShopOption(), CliContext.JsonOption());
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
            var reports = await Task.WhenAll(ShopCommand.Chosen(app.Services, parse.GetValue(name)).Select(s => check.CheckAsync(s, cancel)));
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
        if (report.Doubt is not null)
            await output.WriteLineAsync($"-- Shop {report.Shop}: {report.Doubt}");
        if (report.Statements.Count == 0)
            return;
        await output.WriteLineAsync($"-- Shop {report.Shop}: an account that can read what is needed and nothing else. To be run by an administrator of the");
        await output.WriteLineAsync("-- shop's database server, with a password put in; a line about a table that the shop does not have is left out.");
        foreach (var statement in report.Statements)
            await output.WriteLineAsync(statement);
    }
}
