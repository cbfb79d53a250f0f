using System.CommandLine;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli;

/// <summary><c>db</c>: bring the tables up to date; prove the invariants.</summary>
static class DbCommand
{
    public static Command Create(CliContext cli) => new("db", "The sidecar's own tables") { Migrate(cli), Verify(cli) };

    static Command Migrate(CliContext cli)
    {
        var command = new Command("migrate", "Bring the tables up to date. `serve` does the same when it starts.");
        command.SetAction(async (parse, _) =>
        {
            await using var app = cli.Build(parse);
            var migrator = app.Services.GetRequiredService<Migrator>();
            var before = migrator.Version();
            migrator.Migrate();
            var where = app.Services.GetRequiredService<Database>().Description;
            await cli.Out.WriteLineAsync(before == Migrator.Known
                ? $"{where} is up to date at schema {Migrator.Known}."
                : $"{where} is now at schema {Migrator.Known}.");
            await using var db = app.Services.GetRequiredService<Database>().Open();
            if (LedgerLock.Ensure(db) is not { } problem)
                return 0;
            await cli.Error.WriteLineAsync("error: " + problem);
            return 1;
        });
        return command;
    }

    static Command Verify(CliContext cli)
    {
        const int most = 100;
        var json = CliContext.JsonOption();
        var command = new Command("verify", "Check every invariant of ledger, orders and rollups, and print what is broken.") { json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Open(parse);
            var checks = new List<Checked>();
            await using var db = app.Services.GetRequiredService<Database>().Open();
            foreach (var check in app.Services.GetServices<IIntegrityCheck>())
            {
                var broken = new List<string>();
                var count = 0L;
                await foreach (var sentence in check.FindAsync(db, cancel))
                    if (++count <= most)
                        broken.Add(sentence);
                checks.Add(new Checked(check.Name, count, broken));
            }
            if (parse.GetValue(json))
                cli.WriteJson(new { Ok = checks.All(c => c.Count == 0), Checks = checks });
            else
                foreach (var check in checks)
                {
                    await cli.Out.WriteLineAsync($"{(check.Count == 0 ? "ok    " : "BROKEN")}  {check.Name}");
                    foreach (var sentence in check.Broken)
                        await cli.Out.WriteLineAsync($"        {sentence}");
                    if (check.Count > check.Broken.Count)
                        await cli.Out.WriteLineAsync($"        and {check.Count - check.Broken.Count} more");
                }
            return checks.All(c => c.Count == 0) ? 0 : 1;
        });
        return command;
    }

    /// <param name="Name">What should hold.</param>
    /// <param name="Count">In how many places it does not.</param>
    /// <param name="Broken">The first of them.</param>
    sealed record Checked(string Name, long Count, IReadOnlyList<string> Broken);
}
