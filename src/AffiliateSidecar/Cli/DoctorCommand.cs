using System.CommandLine;

namespace AffiliateSidecar.Cli;

static class DoctorCommand
{
    public static Command Create(CliContext cli)
    {
        var json = CliContext.JsonOption();
        var command = new Command("doctor", "Check configuration, database, clock, disk, webhook and site, and say how to mend each.") { json };
        command.SetAction((_, _) => Task.FromResult(0));
        return command;
    }
}
