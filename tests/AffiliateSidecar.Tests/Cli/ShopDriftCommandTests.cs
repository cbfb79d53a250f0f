using AffiliateSidecar.Shops;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

/// <summary>Where the owner looks, he finds what the webhooks have missed.</summary>
public sealed class ShopDriftCommandTests : IDisposable
{
    readonly CommandFolder cli = new();

    [Theory, BothDatabases]
    public async Task What_webhooks_have_missed_is_told_by_the_command_the_doctor_and_readiness(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db, DateTimeOffset.UtcNow.AddMinutes(-5));
        var settings = story.App.Arguments(story.Shop);
        Assert.Contains("main: in step with the shop's database.", (await RunAsync(settings, "shop", "drift")).Out, StringComparison.Ordinal);
        await story.WebhooksAsync(change: "update wp_wc_webhooks set status = 'disabled', failure_count = 6");
        var id = await story.CancelAsync("utc_timestamp()");
        var commission = (await story.App.ShopOrderAsync(id))!["commission"]!;
        var stake = $"{commission["amount"]} {commission["currency"]}";

        var text = await RunAsync(settings, "shop", "drift");
        Assert.Contains($"main: 1 orders are not here, or not the same; commission at stake: {stake}. `shop sync` mends it.", text.Out, StringComparison.Ordinal);
        Assert.Matches($"(?m)^  {id}  different  webhook-disabled  total .+, at stake -?{stake}$", text.Out);
        Assert.Contains("is cancelled in the shop", text.Out, StringComparison.Ordinal);
        Assert.Contains("(6 failed in a row)", text.Out, StringComparison.Ordinal);
        var json = (await RunAsync(settings, "shop", "drift", "--json")).Json[0]!;
        Assert.Equal((1, 0, "webhook-disabled"), ((int)json["count"]!, (int)json["unread"]!, (string?)json["data"]![0]!["cause"]));
        Assert.Equal(stake, $"{json["at_stake"]![0]!["amount"]} {json["at_stake"]![0]!["currency"]}");
        Assert.Equal("webhook-disabled", (string?)json["webhooks"]![0]!["code"]);

        Assert.Matches("(?m)^warn +webhooks main +webhook-disabled: .*6 failed in a row", await DoctorAsync(settings));
        Assert.Equal("degraded: main: webhook-disabled; `doctor` says how to mend it.", await ReadinessAsync(story.App, "shop-webhooks"));

        Assert.Contains("1 changed", (await RunAsync(settings, "shop", "sync", "--sweep")).Out, StringComparison.Ordinal);
        text = await RunAsync(settings, "shop", "drift");
        Assert.Contains("main: in step with the shop's database.", text.Out, StringComparison.Ordinal);
        Assert.Contains($"Recovered in the last 30 days: 1 orders, commission {stake}: 1 webhook-disabled", text.Out, StringComparison.Ordinal);
        Assert.Matches("(?m)^warn +sync main +.*1 orders recovered in 24 hours whose deliveries had not come", await DoctorAsync(settings));
        var ready = await ReadinessAsync(story.App, "shop-database");
        Assert.StartsWith("degraded: Shop main: read", ready, StringComparison.Ordinal);
        Assert.Contains("1 orders recovered in 24 hours whose deliveries had not come, 0 that cannot be read; `shop drift` says why.", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_looks_at_every_order_that_differs_and_the_api_says_how_many_it_left_out()
    {
        var shop = await MariaDbServer.NewDatabaseAsync();
        var generator = await ShopGenerator.HposAsync(shop);
        await generator.MultiplyAsync(2100, DateTimeOffset.UtcNow.AddMinutes(-30), TimeSpan.FromHours(23));
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop);
        var answer = await app.DriftAsync();
        Assert.Equal((2100, 100), ((int)answer["count"]!, (int)answer["unread"]!));
        var all = (await RunAsync([$"--ConnectionStrings:Sidecar=Data Source={Path.Combine(app.DataFolder, "sidecar.db")}", "--Sidecar:Shops:main:Kind=woocommerce",
            $"--Sidecar:Shops:main:ConnectionString={shop}"], "shop", "drift", "--json")).Json[0]!;
        Assert.Equal((2100, 0, 1000), ((int)all["count"]!, (int)all["unread"]!, all["data"]!.AsArray().Count));
        await MariaDbServer.DropAsync(shop);
    }

    async Task<CliResult> RunAsync(string[] settings, params string[] command)
    {
        var result = await cli.RunAsync([.. command, .. settings]);
        Assert.True(result.Exit == 0, result.Error);
        return result;
    }

    async Task<string> DoctorAsync(string[] settings) => (await cli.RunAsync(["doctor", .. settings])).Out;

    static async Task<string> ReadinessAsync(SidecarApp app, string check)
    {
        var found = (await app.GetAsync("/readyz"))["checks"]!.AsArray().Single(c => (string?)c!["name"] == check)!;
        return $"{found["status"]}: {found["detail"]}";
    }

    public void Dispose() => cli.Dispose();
}
