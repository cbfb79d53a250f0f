using System.Text.RegularExpressions;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>Whoever watches the metrics sees what is not in step, and the money at stake.</summary>
public sealed class DriftGaugeTests
{
    [Theory, BothDatabases]
    public async Task Metrics_say_how_many_orders_differ_and_what_is_at_stake_until_it_is_mended(Db db)
    {
        // Services of one process share their metrics, so this shop has a name that no other test's has.
        var name = $"gauge-{db}".ToLowerInvariant();
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?>
        {
            [$"Sidecar:Shops:{name}:Kind"] = "woocommerce", [$"Sidecar:Shops:{name}:ConnectionString"] = shop.ConnectionString, [$"Sidecar:Shops:{name}:SweepDays"] = "10000",
        }, services => services.Remove(services.First(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType == typeof(ShopSyncTimer))), now: DateTimeOffset.UtcNow);
        foreach (var partner in DemoShop.Partners)
            await app.PartnerAsync(partner.Code, [.. partner.Aliases]);
        await app.PostAsync($"/v1/shops/{name}/sync", new { });
        await SaysAsync(app, name, "orders", "0");

        var earned = (await app.GetAsync("/v1/orders?limit=200"))["data"]!.AsArray().Where(o => o!["commission"] is { } c && (string?)c["amount"] is not "0.00").Take(2).ToList();
        var ids = string.Join(',', earned.Select(o => (string?)o!["external_id"]));
        await shop.ExecuteAsync($"update wp_wc_orders set status = 'wc-cancelled' where id in ({ids})");
        await app.GetAsync($"/v1/shops/{name}/drift");
        await SaysAsync(app, name, "orders", "2");
        foreach (var sum in earned.GroupBy(o => (string?)o!["commission"]!["currency"]))
            await SaysAsync(app, name, "at_stake", sum.Sum(o => decimal.Parse((string)o!["commission"]!["amount"]!)).ToString("0.##"), sum.Key);
        // A sync of what has changed does not find them; the sweep does.
        await app.PostAsync($"/v1/shops/{name}/sync", new { });
        await SaysAsync(app, name, "orders", "2");
        await app.PostAsync($"/v1/shops/{name}/sync", new { sweep = true });
        await SaysAsync(app, name, "orders", "0");
        await SaysAsync(app, name, "at_stake", "0", (string?)earned[0]!["commission"]!["currency"]);

        await shop.ExecuteAsync($"update wp_wc_orders set currency = 'PIRATES' where id in ({ids})");
        await app.PostAsync($"/v1/shops/{name}/sync", new { sweep = true });
        await SaysAsync(app, name, "orders", "2");
    }

    /// <summary>The page of the metrics is made anew a few times a second at most.</summary>
    static async Task SaysAsync(SidecarApp app, string shop, string what, string value, string? currency = null)
    {
        var line = new Regex($"(?m)^affiliate_sidecar_shop_drift_{what}\\{{[^}}]*{(currency is null ? "" : $"currency=\"{currency}\"[^}}]*")}shop=\"{shop}\"[^}}]*\\}} {Regex.Escape(value)}(?: |$)"
            + (currency is null ? "" : $"|^affiliate_sidecar_shop_drift_{what}\\{{[^}}]*shop=\"{shop}\"[^}}]*currency=\"{currency}\"[^}}]*\\}} {Regex.Escape(value)}(?: |$)"));
        var text = "";
        for (var i = 0; i < 60 && !line.IsMatch(text); i++, await Task.Delay(50, TestContext.Current.CancellationToken))
            text = await app.Anonymous.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.True(line.IsMatch(text), $"{what} {value} {currency}\n" + string.Join('\n', text.Split('\n').Where(l => l.Contains("shop_drift") && l.Contains(shop))));
    }
}
