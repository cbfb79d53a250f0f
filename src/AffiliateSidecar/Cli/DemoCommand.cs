using System.CommandLine;

namespace AffiliateSidecar.Cli;

static class DemoCommand
{
    public static Command Create(CliContext cli)
    {
        var json = CliContext.JsonOption();
        var command = new Command("demo", "The main job on real input.") { json };
        command.SetAction((_, _) => Task.FromResult(0));
        return command;
    }
}
