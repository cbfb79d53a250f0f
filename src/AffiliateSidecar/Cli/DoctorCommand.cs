using System.CommandLine;
using AffiliateSidecar.Cli.Doctor;

namespace AffiliateSidecar.Cli;

/// <summary><c>doctor</c>: looks at everything that must be right around the program, changes nothing, and says how to mend.</summary>
static class DoctorCommand
{
    public static Command Create(CliContext cli)
    {
        var json = CliContext.JsonOption();
        var command = new Command("doctor", "Check configuration, data folder, database, clock, disk, shops, site and plugins, and say how to mend each.") { json };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = cli.Build(parse);
            var found = new List<Diagnosis>();
            foreach (var checkup in Checkup.All)
                await foreach (var diagnosis in checkup(app.Services, cancel))
                {
                    found.Add(diagnosis);
                    if (!parse.GetValue(json))
                        await PrintAsync(cli.Out, diagnosis);
                }
            var failed = found.Any(d => d.Status == Diagnosis.Fail);
            if (parse.GetValue(json))
                cli.WriteJson(new { Ok = !failed, Checks = found });
            return failed ? 1 : 0;
        });
        return command;
    }

    static async Task PrintAsync(TextWriter output, Diagnosis diagnosis)
    {
        await output.WriteLineAsync($"{diagnosis.Status,-4}  {diagnosis.Check,-13}  {diagnosis.Found}");
        if (diagnosis.Mend is not null)
            await output.WriteLineAsync($"{"",-21}→ {diagnosis.Mend}");
    }
}
