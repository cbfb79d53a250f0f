using System.CommandLine;

namespace AffiliateSidecar.ProvingGround;

/// <summary>generate: a program as CSV files. prove: our detector on many programs. score: how good the alerts.csv beside such files are.</summary>
static class Commands
{
    static int Main(string[] arguments)
        => new RootCommand("Makes affiliate programs, and judges what a detector finds in them.") { Generate(), Judge(), Prove.Command() }.Parse(arguments).Invoke();

    static Command Generate()
    {
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var partners = new Option<int>("--partners") { DefaultValueFactory = _ => 60 };
        var days = new Option<int>("--days") { DefaultValueFactory = _ => 60 };
        var cheats = new Option<double>("--cheats") { DefaultValueFactory = _ => 0.15, Description = "Share of partners who cheat; 0 for none" };
        var traffic = new Option<double>("--traffic") { DefaultValueFactory = _ => 1, Description = "Multiplies the honest clicks" };
        var kinds = new Option<string[]>("--kinds") { Description = "Only these kinds of cheating", AllowMultipleArgumentsPerToken = true };
        var strength = new Option<string?>("--strength") { Description = "low, mid or high" };
        var pack = new Option<bool>("--gzip") { Description = "Pack the large files" };
        var folder = new Option<string>("--out") { Required = true };
        var command = new Command("generate", "Make a program as CSV files") { seed, partners, days, cheats, traffic, kinds, strength, pack, folder };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(kinds);
            var program = ProgramGenerator.Generate(new ProgramOptions
            {
                Seed = parsed.GetValue(seed),
                Partners = parsed.GetValue(partners),
                Days = parsed.GetValue(days),
                CheatShare = parsed.GetValue(cheats),
                Traffic = parsed.GetValue(traffic),
                Kinds = wanted is { Length: > 0 } ? wanted : null,
                Strength = parsed.GetValue(strength),
            });
            program.WriteCsv(parsed.GetValue(folder)!, parsed.GetValue(pack));
            Console.WriteLine($"{program.Clicks.Count} clicks, {program.Orders.Count} orders, {program.Labels.Count} cheats");
        });
        return command;
    }

    static Command Judge()
    {
        var programs = new Option<string[]>("--programs") { Required = true, AllowMultipleArgumentsPerToken = true, Description = "Folders with a program and an alerts.csv" };
        var command = new Command("score", "Judge the alerts.csv in each folder") { programs };
        command.SetAction(parsed =>
            Console.Write(Scorer.Judge([.. parsed.GetValue(programs)!.Select(folder => new Judged(ProgramFiles.ReadTruth(folder), ProgramFiles.ReadAlerts(folder)))])));
        return command;
    }
}
