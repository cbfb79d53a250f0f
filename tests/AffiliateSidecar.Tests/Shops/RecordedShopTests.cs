using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>Everything that a real WooCommerce sent on one day, against what that shop says of its orders in the end.</summary>
public sealed class RecordedShopTests
{
    static readonly Dictionary<string, string?> Shops = new()
    {
        ["Sidecar:Shops:hpos:Kind"] = "woocommerce",
        ["Sidecar:Shops:hpos:WebhookSecret"] = DemoShop.Secret,
        ["Sidecar:Shops:legacy:Kind"] = "woocommerce",
        ["Sidecar:Shops:legacy:WebhookSecret"] = DemoShop.Secret,
    };

    [Fact]
    public void The_recording_is_unaltered()
    {
        Assert.Equal(744, DemoShop.Recording.Count);
        var signed = DemoShop.Recording.Where(d => d.Topic is not null).ToList();
        Assert.Equal(716, signed.Count);
        Assert.All(signed, d => Assert.True(WebhookSignature.IsValid(d.Signature, System.Text.Encoding.ASCII.GetBytes(d.Body), DemoShop.Secret)));
    }

    [Theory, BothDatabases]
    public async Task However_the_deliveries_arrive_the_end_is_the_shops_own(Db db)
    {
        var recording = DemoShop.Recording;
        var inOrder = await RunAsync(db, recording);
        Assert.NotEmpty(inOrder.Balances);
        Assert.Equal(inOrder, await RunAsync(db, [.. recording.Reverse()]));
        Assert.Equal(inOrder, await RunAsync(db, Shuffled([.. recording, .. recording], 4)));
        Assert.Equal(inOrder, await RunAsync(db, [.. recording.SelectMany(d => new[] { d, d })], atOnce: 16));
        Assert.Equal(inOrder, await RunAsync(db, Shuffled(recording, 5), atOnce: 16));
    }

    [Theory, BothDatabases]
    public async Task The_demo_replays_the_shop_under_another_name_and_secret(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var done = new List<double>();
        await DemoShop.ReplayAsync(app.Anonymous, "main", "test-secret", new Collect(done));
        Assert.Equal(1, done[^1]);
        await using var open = app.Services.GetRequiredService<Database>().Open();
        Assert.Equal(DemoShop.Deliveries.Select(d => JsonNode.Parse(d.Body)!["id"]!.ToString()).Distinct().Count(), await open.Orders.CountAsync());
    }

    static async Task<EndState> RunAsync(Db db, IReadOnlyList<RecordedDelivery> deliveries, int atOnce = 1)
    {
        await using var app = await SidecarApp.StartAsync(db, Shops);
        var partners = new Dictionary<string, JsonObject>();
        foreach (var partner in DemoShop.Partners)
        {
            partners[partner.Code] = await app.PartnerAsync(partner.Code, [.. partner.Aliases]);
            foreach (var coupon in partner.Coupons)
                await app.PostAsync($"/v1/partners/{partners[partner.Code]["id"]}/coupons", new { code = coupon });
        }
        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (delivery, cancel) =>
        {
            using var request = delivery.Request(delivery.Shop);
            using var response = await app.Anonymous.SendAsync(request, cancel);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        });
        var orders = await OrdersAsync(app);
        AssertAsTheShopSays(orders);
        AssertTenPercent(orders);
        await app.VerifyAsync();
        var balances = new JsonArray();
        foreach (var partner in partners.Values)
            balances.Add(await app.GetAsync($"/v1/partners/{partner["id"]}/balance"));
        return new EndState(
            string.Join('\n', orders.Select(o => $"{o["shop"]} {o["external_id"]} {Seen(o)} {o["attribution"]?["partner_code"]} {o["attribution"]?["method"]} {o["commission"]?["amount"]} {o["commission_status"]}")),
            balances.ToJsonString(), await LedgerAsync(app));
    }

    static async Task<List<JsonNode>> OrdersAsync(SidecarApp app)
    {
        var orders = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await app.GetAsync($"/v1/orders?limit=200&cursor={cursor}");
            orders.AddRange(page["data"]!.AsArray().OfType<JsonNode>());
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        return [.. orders.OrderBy(o => (string)o["shop"]!, StringComparer.Ordinal).ThenBy(o => int.Parse((string)o["external_id"]!))];
    }

    /// <summary>The newest delivery of every order, and for orders that were finished within the recording what WooCommerce's own API answers.</summary>
    static void AssertAsTheShopSays(List<JsonNode> orders)
    {
        var newest = DemoShop.Recording.Where(d => d.Topic?.StartsWith("order.", StringComparison.Ordinal) == true)
            .Select(d => (d.Shop, Body: JsonNode.Parse(d.Body)!)).GroupBy(d => (d.Shop, Id: d.Body["id"]!.ToString()))
            .ToDictionary(g => g.Key, g => g.MaxBy(d => (string)d.Body["date_modified_gmt"]!).Body);
        Assert.Equal(150, newest.Count);
        Assert.Equal(newest.Count, orders.Count);
        var answers = RestAnswers();
        var compared = 0;
        foreach (var order in orders)
        {
            var key = ((string)order["shop"]!, (string)order["external_id"]!);
            Assert.Equal(Said(newest[key]), Seen(order));
            if (!answers.TryGetValue(key, out var answer))
                continue;
            Assert.Equal(Said(answer), Seen(order));
            compared++;
        }
        Assert.Equal(104, compared);
    }

    /// <summary>By whatever road an order was credited, it earns 10 % of each line while its status earns.</summary>
    static void AssertTenPercent(List<JsonNode> orders)
    {
        var credited = orders.Where(o => o["attribution"]!["partner_code"] is not null).ToList();
        Assert.Equal(["coupon", "explicit", "witness"], credited.Select(o => (string)o["attribution"]!["method"]!).Distinct().Order());
        Assert.Equal("explicit", (string?)credited.Single(o => (string)o["external_id"]! == "101")["attribution"]!["method"]);
        foreach (var order in credited.Where(o => decimal.Parse((string)o["refunded"]!["amount"]!) == 0))
        {
            var earns = OrderStatus.Earns((string)order["status"]!, (string?)order["payment_method"]);
            var commission = order["lines"]!.AsArray().Sum(l => decimal.Round(decimal.Parse((string)l!["total"]!["amount"]!) / 10, 2, MidpointRounding.ToEven));
            Assert.Equal(earns ? commission : 0, decimal.Parse((string)order["commission"]!["amount"]!));
        }
    }

    static string Said(JsonNode shop) => string.Join(' ', [(string)shop["status"]!, (string)shop["currency"]!,
        .. new[] { "total", "total_tax", "shipping_total", "discount_total" }.Select(m => Cents(shop[m])), "lines",
        .. shop["line_items"]!.AsArray().Select(l => Cents(l!["total"])), "refunded",
        Cents(shop["refunds"]!.AsArray().Sum(r => Math.Abs(decimal.Parse((string)(r!["amount"] ?? r["total"])!))).ToString())]);

    static string Seen(JsonNode order) => string.Join(' ', [(string)order["status"]!, (string)order["currency"]!,
        .. new[] { "total", "tax", "shipping", "discount" }.Select(m => Cents(order[m]!["amount"])), "lines",
        .. order["lines"]!.AsArray().Select(l => Cents(l!["total"]!["amount"])), "refunded", Cents(order["refunded"]!["amount"])]);

    /// <summary>Dollars and euros: WooCommerce answers with six decimals, rounded from more.</summary>
    static string Cents(JsonNode? amount) => decimal.Round(decimal.Parse((string)amount!), 2, MidpointRounding.AwayFromZero).ToString("F2");

    static string Cents(string amount) => Cents(JsonValue.Create(amount));

    static Dictionary<(string, string), JsonNode> RestAnswers()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Shops", "Recorded", "rest-answers.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(o => ((string)o["shop"]!, o["id"]!.ToString()));
    }

    /// <summary>The sum of every account; the whole of a currency is zero.</summary>
    static async Task<string> LedgerAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var sums = await db.Ledger.GroupBy(l => new { l.PartnerId, l.Currency, l.Account })
            .Select(g => new { g.Key.PartnerId, g.Key.Currency, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync();
        Assert.All(sums.GroupBy(s => s.Currency), currency => Assert.Equal(0, currency.Sum(s => s.Sum)));
        Assert.All(await db.Ledger.GroupBy(l => new { l.TransactionId, l.Currency }).Select(g => g.Sum(l => l.AmountMinor)).ToListAsync(), sum => Assert.Equal(0, sum));
        return string.Join('\n', sums.Where(s => s.Sum != 0).Select(s => $"{s.PartnerId} {s.Currency} {s.Account} {s.Sum}").Order(StringComparer.Ordinal));
    }

    static RecordedDelivery[] Shuffled(IReadOnlyList<RecordedDelivery> deliveries, int seed)
    {
        var shuffled = deliveries.ToArray();
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    sealed record EndState(string Orders, string Balances, string Ledger);

    sealed class Collect(List<double> into) : IProgress<double>
    {
        public void Report(double value) => into.Add(value);
    }
}
