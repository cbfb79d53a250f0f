using System.CommandLine;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using Spectre.Console;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop</c>: the shop's own database.</summary>
static class ShopCommand
{
    public static Command Create(CliContext cli) => new("shop", "The shop's own database: read what its webhooks do not say, or lose")
    {
        ShopCheckCommand.Create(cli),
        ShopSyncCommand.Create(cli),
        ShopDriftCommand.Create(cli),
        ShopBacktestCommand.Create(cli),
    };

    public static Option<string> ShopOption() => new("--shop") { Description = "The shop's name in the configuration [default: every shop whose database is connected]", HelpName = "NAME" };

    /// <exception cref="UsageException">There is none, or none of this name.</exception>
    public static IReadOnlyList<ShopSettings> Chosen(IServiceProvider services, string? name)
    {
        var shops = services.GetRequiredService<ShopDirectory>();
        if (name is not null && shops.Find(name) is null)
            throw new UsageException($"No shop is called '{name}'. Shops are configured under Sidecar:Shops.");
        var chosen = shops.All.Where(s => s.ConnectionString is not null && (name is null || s == shops.Find(name))).ToList();
        return chosen.Count > 0 ? chosen : throw new UsageException(
            $"No shop's database is connected: set Sidecar:Shops:{name ?? "main"}:ConnectionString. The account need not be there yet: `{CommandLine.Name} shop check` prints how to make it.");
    }

    /// <summary>A progress bar where stderr is a terminal, nothing anywhere else.</summary>
    public static async Task<T> WithProgressAsync<T>(CliContext cli, string what, Func<IProgress<SyncProgress>?, Task<T>> work)
    {
        try
        {
            if (Console.IsErrorRedirected || cli.Error != Console.Error)
                return await work(null);
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            return await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context => work(new Bar(context.AddTask(what))));
        }
        catch (ShopDatabaseException e)
        {
            throw new OperationFailedException($"{e.Message} `{CommandLine.Name} shop check` says more.");
        }
    }

    sealed class Bar(ProgressTask bar) : IProgress<SyncProgress>
    {
        public void Report(SyncProgress value)
        {
            bar.MaxValue = Math.Max(1, value.All);
            bar.Value = Math.Min(value.Done, value.All);
        }
    }
}
