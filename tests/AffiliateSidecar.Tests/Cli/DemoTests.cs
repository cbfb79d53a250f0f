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
        Assert.Contains("partners deserve a look", result.Out, StringComparison.Ordinal);
        Assert.Contains("ledger, orders and sums are as they must be", result.Out, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(cli.Path, "data", "site-out", "fa", "index.html")));
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
