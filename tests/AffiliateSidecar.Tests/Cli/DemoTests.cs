using System.Diagnostics;
using System.Text.RegularExpressions;
using AffiliateSidecar.Cli.Demo;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class DemoTests : IDisposable
{
    readonly CommandFolder cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task The_main_job_is_done_on_real_input_with_one_command()
    {
        var result = await cli.RunAsync("demo", "--exit", "--urls", "http://127.0.0.1:0");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Contains("81 of them brought by partners", result.Out, StringComparison.Ordinal);
        Assert.Contains("5.00 EUR for sara", result.Out, StringComparison.Ordinal);
        Assert.Contains("partners deserve a look, first SKY39:", result.Out, StringComparison.Ordinal);
        Assert.Contains("113 orders of 840 clicks on the shop's front page in 56 days", result.Out, StringComparison.Ordinal);
        // A line that is copied whole into a terminal does what it says.
        Assert.Equal(5, Regex.Count(result.Out, "^    curl [^\n]*['a]$", RegexOptions.Multiline));
        Assert.Contains("ledger, orders and sums are as they must be", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(cli.Path, "data", "site-out", "fa", "index.html")));
    }

    /// <summary>What `dotnet run --project …` makes lies where the README says, and not among the sources.</summary>
    [Fact]
    public async Task The_readmes_command_keeps_its_data_in_the_folder_it_is_called_from()
    {
        var build = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;
        using var run = Process.Start(new ProcessStartInfo("dotnet", ["run", "--no-build", "-c", build, "--project", HouseTests.Application, "--", "doctor"])
        {
            WorkingDirectory = cli.Path, RedirectStandardOutput = true,
        })!;
        Assert.Contains($"{Path.Combine(cli.Path, "data")} can be written", await run.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_demo_leaves_the_one_that_is_running_alone()
    {
        await using var running = DemoFolder.MakeAnew(Path.Combine(cli.Path, "data"));
        var result = await cli.RunAsync("demo", "--exit", "--urls", "http://127.0.0.1:0");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("A demo is running", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_never_deletes_what_it_has_not_made()
    {
        var precious = Path.Combine(Directory.CreateDirectory(Path.Combine(cli.Path, "data")).FullName, "sidecar.db");
        await File.WriteAllTextAsync(precious, "years of work");
        var result = await cli.RunAsync("demo", "--exit", "--urls", "http://127.0.0.1:0");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("holds something else than a demo", result.Error, StringComparison.Ordinal);
        Assert.Equal("years of work", await File.ReadAllTextAsync(precious));
    }
}
