using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.ReferenceData.Update;

namespace AffiliateSidecar.Cli;

/// <summary><c>data</c>: what the program knows of the world: addresses, bots, mail domains, ads.</summary>
static class DataCommand
{
    public static Command Create(CliContext cli) => new("data", "Reference data for the signals of fraud: countries and data centres of addresses, bots, disposable mail domains, ads")
    {
        Show(cli),
        Update(cli),
    };

    static Command Show(CliContext cli)
    {
        var json = CliContext.JsonOption();
        var command = new Command("show", "List the reference data in use: version, date, where from, licence.") { json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Build(parse);
            var files = app.Services.GetRequiredService<ReferenceFiles>();
            var today = Today(app.Services);
            if (parse.GetValue(json))
                cli.WriteJson(files.All.Select(f => new
                {
                    f.Name,
                    f.About,
                    f.State.Manifest?.Version,
                    f.State.Date,
                    f.State.Origin,
                    f.State.Entries,
                    f.State.Manifest?.Licence,
                    f.State.Manifest?.Source,
                    f.State.Path,
                    f.State.Problem,
                }));
            else
                foreach (var file in files.All)
                    await PrintAsync(cli.Out, file, today);
            return 0;
        });
        return command;
    }

    static async Task PrintAsync(TextWriter output, ReferenceFile file, DateOnly today)
    {
        var state = file.State;
        await output.WriteLineAsync($"{file.Name,-18}  {state.Manifest?.Version ?? "",-18}  {Age(state.Date, today),-26}  {Number(state.Entries),9}  {Origins.Word(state)}");
        await output.WriteLineAsync($"{"",-18}  {file.About}");
        if (state.Manifest is { } manifest)
            await output.WriteLineAsync($"{"",-18}  {manifest.Source}; {manifest.Licence}");
        if (state.Problem is { } problem)
            await output.WriteLineAsync($"{"",-18}  ! {problem}");
    }

    static string Age(DateOnly? date, DateOnly today) => date is { } day ? $"{day:yyyy-MM-dd} ({today.DayNumber - day.DayNumber} days old)" : "";

    static Command Update(CliContext cli)
    {
        var from = new Option<DirectoryInfo?>("--from")
        {
            Description = "Fetch nothing: take packages (.tgz or unpacked), .mmdb databases or files such as crawlers.txt from this folder", HelpName = "FOLDER",
        };
        var target = new Option<DirectoryInfo?>("--out") { Description = "Write them there [default: reference/ in the data folder]", HelpName = "DIR" };
        var json = CliContext.JsonOption();
        var command = new Command("update", "Fetch the newest data with npm, examine them, and put them into the data folder, where they take the place of those that came with the program. "
            + "A running service uses them within a minute. What cannot be right changes nothing and ends with 2.") { from, target, json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Build(parse);
            var update = app.Services.GetRequiredService<ReferenceUpdate>();
            IReadOnlyList<UpdatedSet> sets;
            try
            {
                var folder = parse.GetValue(target)?.FullName;
                sets = parse.GetValue(from) is { } source ? await update.FromFolderAsync(source.FullName, folder) : await update.FromNpmAsync(new Npm(), folder, cancel);
            }
            catch (PackageException e)
            {
                await cli.Error.WriteLineAsync($"error: {e.Message} Nothing was changed.");
                return 2;
            }
            if (parse.GetValue(json))
                cli.WriteJson(sets.Select(s => new { s.Name, Before = s.Before.Manifest, s.After }));
            else
                foreach (var set in sets)
                    await cli.Out.WriteLineAsync($"{set.Name,-18}  {Old(set.Before),-32}  →  {New(set)}");
            return 0;
        });
        return command;
    }

    static string Old(ReferenceState state) => state.Manifest is { } manifest ? $"{manifest.Version} of {manifest.Date:yyyy-MM-dd}" : Origins.Word(state);

    static string New(UpdatedSet set) => set.After is { } after
        ? $"{after.Version} of {after.Date:yyyy-MM-dd}, {Number(after.Entries)} entries"
        : $"left as it is: {set.Before.Path} is your own. Take it away to have the newest.";

    static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    static DateOnly Today(IServiceProvider services) => DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
}
