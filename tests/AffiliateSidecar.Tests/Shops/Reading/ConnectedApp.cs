using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AffiliateSidecar.Shops;

/// <summary>A service whose shop "main" is connected to a shop's own database. It reads when it is told to, and when deliveries come.</summary>
static class ConnectedApp
{
    /// <param name="shop">Of the shop's database.</param>
    /// <param name="connectionString">Of the sidecar's own.</param>
    /// <param name="names">Instead of the name servers.</param>
    /// <param name="now">Else the present: the shop's database has a clock of its own, which no test turns.</param>
    public static Task<SidecarApp> StartAsync(Db db, string shop, string prefix = "wp_", string? connectionString = null, bool byTheClock = false, string? dataFolder = null,
        HostNames? names = null, DateTimeOffset? now = null, string kind = "woocommerce") =>
        SidecarApp.StartAsync(db, new Dictionary<string, string?>
        {
            ["Sidecar:Shops:main:Kind"] = kind, ["Sidecar:Shops:main:ConnectionString"] = shop, ["Sidecar:Shops:main:TablePrefix"] = prefix, ["Sidecar:Shops:main:StatementSeconds"] = "2",
            // The recorded orders grow older with every day.
            ["Sidecar:Shops:main:SweepDays"] = "10000",
        }, services =>
        {
            if (!byTheClock)
                services.Remove(services.First(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(ShopSyncTimer)));
            if (names is not null)
                services.AddSingleton(names);
        }, dataFolder, connectionString, now: now ?? DateTimeOffset.UtcNow);

    /// <summary>For the command line: the same shop, and the service's own database.</summary>
    public static string[] Arguments(this SidecarApp app, RecordedDatabase shop) =>
        [$"--ConnectionStrings:Sidecar={app.Services.GetRequiredService<Database>().ConnectionString}", .. shop.Arguments];

    /// <summary>What a run has done.</summary>
    public static async Task<JsonNode> SyncAsync(this SidecarApp app, object? request = null)
    {
        var answer = await app.PostAsync("/v1/shops/main/sync", request ?? new { });
        return (string?)answer["status"] == "done" ? answer["outcome"]! : throw new InvalidOperationException(answer.ToJsonString());
    }

    public static Task<JsonObject> DriftAsync(this SidecarApp app) => app.GetAsync("/v1/shops/main/drift");

    /// <summary>One order of the shop, null where it is not known.</summary>
    public static async Task<JsonNode?> ShopOrderAsync(this SidecarApp app, string id) =>
        (await app.GetAsync($"/v1/orders?shop=main&external_id={id}"))["data"]!.AsArray().SingleOrDefault();

    /// <summary>Balances of every partner, in words.</summary>
    public static async Task<string> BalancesAsync(this SidecarApp app)
    {
        var lines = new List<string>();
        foreach (var partner in (await app.GetAsync("/v1/partners?limit=200"))["data"]!.AsArray())
            lines.Add($"{partner!["code"]}: {(await app.GetAsync($"/v1/partners/{partner["id"]}/balance"))["data"]!.ToJsonString()}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
