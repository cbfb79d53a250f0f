using System.CommandLine;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop</c>: the shop's own database.</summary>
static class ShopCommand
{
    public static Command Create(CliContext cli) => new("shop", "The shop's own database: read what its webhooks do not say, or lose")
    {
        ShopSyncCommand.Create(cli),
        ShopDriftCommand.Create(cli),
    };

    public static Option<string> ShopOption() => new("--shop") { Description = "The shop's name in the configuration [default: every shop whose database is connected]", HelpName = "NAME" };

    /// <exception cref="UsageException">There is none, or none of this name.</exception>
    public static IReadOnlyList<ShopSettings> Chosen(IServiceProvider services, string? name)
    {
        var shops = services.GetRequiredService<ShopDirectory>();
        if (name is not null && shops.Find(name) is null)
            throw new UsageException($"No shop is called '{name}'. Shops are configured under Sidecar:Shops.");
        var chosen = shops.All.Where(s => s.ConnectionString is not null && (name is null || s == shops.Find(name))).ToList();
        return chosen.Count > 0 ? chosen : throw new UsageException($"No shop's database is connected: set Sidecar:Shops:{name ?? "main"}:ConnectionString.");
    }
}
