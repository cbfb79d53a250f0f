using System.Text.Json.Nodes;
using AffiliateSidecar.Cli;

namespace AffiliateSidecar.Support;

/// <summary>What a command answered.</summary>
public sealed record CliResult(int Exit, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;
}

/// <summary>The command line, called with a data folder of the test's own.</summary>
public sealed class CommandFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sidecar-cli-").FullName;

    /// <summary>Waits for the command to end; the data folder and the one of the site are added.</summary>
    public Task<CliResult> RunAsync(params string[] args) => RunAsync(CancellationToken.None, args);

    public async Task<CliResult> RunAsync(CancellationToken cancel, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var exit = await CommandLine.RunAsync([$"--Sidecar:Site:Out={System.IO.Path.Combine(Path, "site")}", .. args, "--data", System.IO.Path.Combine(Path, "data")], output, error, cancel);
        return new(exit, output.ToString(), error.ToString());
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
