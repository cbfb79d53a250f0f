using System.Text.Json.Nodes;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop backtest</c> on the recorded shop, before the program is switched on.</summary>
public sealed class ShopBacktestCommandTests : IDisposable
{
    readonly CommandFolder cli = new();

    [Theory, BothDatabases]
    public async Task It_says_to_the_cent_what_is_booked_when_the_same_orders_are_taken_in_under_the_same_rules(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        foreach (var partner in DemoShop.Partners)
        {
            var id = (await app.PartnerAsync(partner.Code, [.. partner.Aliases]))["id"];
            foreach (var coupon in partner.Coupons)
                await app.PostAsync($"/v1/partners/{id}/coupons", new { code = coupon });
        }
        var settings = app.Arguments(shop);
        var whole = await BacktestAsync(settings, "--from", "2026-11-01");
        Assert.Equal((92, 0), (whole["totals"]!.AsArray().Sum(t => (int)t!["orders"]!), (int)whole["unreadable"]!));
        Assert.Contains(whole["unclaimed"]!.AsArray(), u => ((string)u!["name"]!).StartsWith("google", StringComparison.Ordinal) && (string?)u["commission"]!["amount"] == "0.00");
        // Nothing is stored by it.
        Assert.Empty((await app.GetAsync("/v1/orders"))["data"]!.AsArray());

        // A moment at which an order was placed: it belongs to what begins then.
        var placed = DateTimeOffset.Parse((await shop.RowsAsync("select date_format(date_created_gmt, '%Y-%m-%dT%H:%i:%sZ') t from wp_wc_orders where type = 'shop_order' order by date_created_gmt limit 1 offset 45"))[0]["t"]!);
        var (before, after) = (await BacktestAsync(settings, "--from", "2026-11-01", "--to", $"{placed:O}"), await BacktestAsync(settings, "--from", $"{placed:O}", "--to", "2099-01-01"));
        Assert.Equal(Earned([whole]), Earned([before, after]));
        Assert.All([before, after], half => Assert.NotEmpty(Earned([half])));
        var first = (await shop.RowsAsync($"select count(*) n from wp_wc_orders where type = 'shop_order' and date_created_gmt < '{placed:yyyy-MM-dd HH:mm:ss}'"))[0]["n"];
        Assert.Equal(first, before["totals"]!.AsArray().Sum(t => (int)t!["orders"]!).ToString());

        await app.SyncAsync();
        var booked = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var partner in (await app.GetAsync("/v1/partners"))["data"]!.AsArray())
            foreach (var balance in (await app.GetAsync($"/v1/partners/{partner!["id"]}/balance"))["data"]!.AsArray())
                if (decimal.Parse((string)balance!["balance"]!) is var sum and not 0)
                    booked[$"{partner["code"]} {balance["currency"]}"] = sum;
        Assert.NotEmpty(booked);
        Assert.Equal(booked, Earned([whole]));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task The_text_has_a_table_of_partners_and_one_of_those_who_might_become_some()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString);
        await app.PartnerAsync("sara", "partner-sara");
        var settings = app.Arguments(shop);
        var sara = (await BacktestAsync(settings, "--from", "2026-11-01"))["partners"]![0]!;
        var text = await cli.RunAsync([.. settings, "shop", "backtest", "--from", "2026-11-01", "--to", "2026-12-01T12:00:00Z"]);
        Assert.Equal(0, text.Exit);
        Assert.StartsWith("main, 2026-11-01 00:00 to 2026-12-01 12:00 UTC, rules version ", text.Out, StringComparison.Ordinal);
        Assert.Matches($@"(?m)^ +sara +{sara["orders"]} +{sara["sales"]!["amount"]} {sara["sales"]!["currency"]} +{sara["commission"]!["amount"]} {sara["commission"]!["currency"]}", text.Out);
        Assert.Matches("(?m)^ +all orders +orders +net sales +commission", text.Out);
        Assert.Matches(@"(?m)^ +partner-tom / affiliate / autumn +\d+ ", text.Out);
        Assert.Contains("sent buyers, is no partner", text.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from is neither a day nor a time", "--from", "yesterday-ish")]
    [InlineData("--to is not after --from", "--from", "2026-11-02", "--to", "2026-11-01")]
    [InlineData("--from", "--to", "2026-11-01")]
    public async Task A_time_that_cannot_be_is_wrong_usage(string said, params string[] times)
    {
        var result = await cli.RunAsync(["shop", "backtest", "--Sidecar:Shops:main:ConnectionString=Server=127.0.0.1;User ID=u;Database=d", .. times]);
        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    async Task<JsonNode> BacktestAsync(string[] settings, params string[] times)
    {
        var result = await cli.RunAsync([.. settings, "shop", "backtest", "--json", .. times]);
        Assert.True(result.Exit == 0, result.Error);
        return result.Json[0]!;
    }

    /// <summary>What each partner would have earned, by currency, over all results.</summary>
    static SortedDictionary<string, decimal> Earned(IEnumerable<JsonNode> results) => new(results.SelectMany(r => r["partners"]!.AsArray())
        .GroupBy(p => $"{p!["name"]} {p["commission"]!["currency"]}", p => decimal.Parse((string)p!["commission"]!["amount"]!))
        .Where(g => g.Sum() != 0).ToDictionary(g => g.Key, g => g.Sum()), StringComparer.Ordinal);

    public void Dispose() => cli.Dispose();
}
