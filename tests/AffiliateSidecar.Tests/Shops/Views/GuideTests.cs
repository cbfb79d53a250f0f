using System.Text.RegularExpressions;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops.Views;

/// <summary>What docs/shop-database.md tells the owner of another shop to do, done.</summary>
public sealed partial class GuideTests
{
    /// <summary>In the shop's own time.</summary>
    const string Now = "UTC_TIMESTAMP() + INTERVAL 1 HOUR";

    [Theory, BothDatabases]
    public async Task PrestaShops_orders_earn_to_the_cent(Db db)
    {
        await using var shop = await PublishedShop.OpenAsync("PrestaShop 8");
        await using var app = await StartAsync(db, shop);

        await AssertOrdersAsync(app, new()
        {
            ["1"] = "completed 113.05 coupon: 9.00",
            ["2"] = "processing 124.95 witness: 7.00",
            ["3"] = "processing 107.10 coupon: 9.00",
            ["4"] = "cancelled 113.05 coupon: 0.00",
            ["5"] = "refunded 113.05 coupon: 0.00",
            ["6"] = "on-hold 113.05 coupon: 0.00",
            ["7"] = "processing 113.05 coupon: 0.00",
            ["8"] = "completed 124.95: nothing",
        });
        Assert.Equal(["EUR 25.00"], await BalancesAsync(app));

        // Cancelled; a slip of its own date for one of two teas of the order that had a coupon; delivered and paid.
        await shop.ExecuteAsync($"""
            UPDATE ps_orders SET current_state = 6, date_upd = {Now} WHERE id_order = 3;
            INSERT INTO ps_order_slip (id_order_slip, id_customer, id_order, total_products_tax_excl, total_products_tax_incl, amount, partial, date_add, date_upd)
              VALUES (3, 1, 1, 27, 32.13, 27, 1, {Now}, {Now});
            INSERT INTO ps_order_slip_detail (id_order_slip, id_order_detail, product_quantity, amount_tax_excl, amount_tax_incl) VALUES (3, 11, 1, 27, 32.13);
            UPDATE ps_orders SET current_state = 5, date_upd = {Now} WHERE id_order = 7;
            """);
        Assert.Equal(3, (int)(await app.SyncAsync())["changed"]!);
        await AssertOrdersAsync(app, new() { ["1"] = "completed 113.05 coupon: 6.30", ["3"] = "cancelled 107.10 coupon: 0.00", ["7"] = "completed 113.05 coupon: 9.00" });
        Assert.Equal(["EUR 22.30"], await BalancesAsync(app));
    }

    [Theory, BothDatabases]
    public async Task OpenCarts_orders_earn_to_the_cent(Db db)
    {
        await using var shop = await PublishedShop.OpenAsync("OpenCart 4");
        await using var app = await StartAsync(db, shop);

        await AssertOrdersAsync(app, new()
        {
            ["1"] = "completed 113.05 coupon: 9.00",
            ["2"] = "processing 124.95 explicit: 7.00",
            ["3"] = "processing 107.10 coupon: 9.00",
            ["4"] = "cancelled 113.05 coupon: 0.00",
            ["5"] = "refunded 113.05 coupon: 0.00",
            ["6"] = "pending 113.05 coupon: 0.00",
            ["7"] = "processing 113.05 coupon: 0.00",
            ["8"] = "completed 124.95: nothing",
            ["10"] = "completed 130.01 coupon: 10.35",
        });
        Assert.Null(await app.ShopOrderAsync("9"));
        Assert.Equal(["EUR 25.00", "USD 10.35"], await BalancesAsync(app));

        // Cancelled; the return that was on its way is complete; delivered and paid.
        await shop.ExecuteAsync($"""
            UPDATE `oc_order` SET order_status_id = 7, date_modified = {Now} WHERE order_id = 3;
            UPDATE `oc_return` SET return_status_id = 3, date_modified = {Now} WHERE return_id = 2;
            UPDATE `oc_order` SET order_status_id = 5, date_modified = {Now} WHERE order_id = 7;
            """);
        Assert.Equal(3, (int)(await app.SyncAsync())["changed"]!);
        await AssertOrdersAsync(app, new() { ["1"] = "completed 113.05 coupon: 6.30", ["3"] = "cancelled 107.10 coupon: 0.00", ["7"] = "completed 113.05 coupon: 9.00" });
        Assert.Equal(["EUR 22.30", "USD 10.35"], await BalancesAsync(app));
    }

    [Theory]
    [InlineData("PrestaShop 8", "INSERT INTO ps_orders (id_customer, id_currency, id_address_invoice, current_state, payment, date_add, date_upd) SELECT 1, 1, 1, 1, 'Wire', d, d FROM days",
        "DELETE FROM ps_order_slip WHERE id_order_slip = 1")]
    [InlineData("OpenCart 4", "INSERT INTO `oc_order` (email, payment_country_id, payment_method, shipping_country_id, order_status_id, tracking, currency_code, ip, date_added, date_modified) SELECT '', 81, '', 81, 1, '', 'EUR', '', d, d FROM days",
        "DELETE FROM `oc_return` WHERE return_id = 1")]
    public async Task A_table_of_changes_makes_no_scan_and_knows_of_what_moves_no_date(string name, string many, string erasure)
    {
        await using var shop = await PublishedShop.OpenAsync(name);
        await shop.ExecuteAsync($"CREATE TABLE days AS SELECT '2026-01-01' + INTERVAL seq MINUTE AS d FROM seq_1_to_400; {many}; DROP TABLE days");
        await shop.KeepChangesAsync();
        await shop.ExecuteAsync("ANALYZE TABLE afs_changes");

        var plan = await shop.RowsAsync(
            "EXPLAIN SELECT v.external_id, v.updated_at FROM afs_orders AS v WHERE v.updated_at >= '2026-11-22' ORDER BY v.updated_at, v.external_id LIMIT 500",
            "id", "type", "key");
        Assert.Contains("1 range changed_at", plan);
        Assert.DoesNotContain(plan, step => step.StartsWith("1 ALL", StringComparison.Ordinal));

        await using var app = await StartAsync(Db.Sqlite, shop);
        Assert.StartsWith("processing 124.95", await InWordsAsync(app, "2"));
        Assert.EndsWith(": 7.00", await InWordsAsync(app, "2"));
        await shop.ExecuteAsync(erasure);
        Assert.Equal(1, (int)(await app.SyncAsync())["changed"]!);
        Assert.EndsWith(": 10.00", await InWordsAsync(app, "2"));
    }

    [Fact]
    public void The_contract_has_the_columns_that_are_read()
    {
        foreach (var (view, (required, optional)) in ViewColumns.Of)
        {
            var table = PublishedShop.Guide.Split($"### `afs_{view}`")[1].Split("\n#")[0];
            var rows = Row().Matches(table);
            Assert.Equal(required, Names(rows.Where(r => r.Groups[2].Value == "required")));
            Assert.Equal(optional.Order(), Names(rows.Where(r => r.Groups[2].Value == "")).Order());
        }

        static IEnumerable<string> Names(IEnumerable<Match> rows) => rows.SelectMany(r => Name().Matches(r.Groups[1].Value)).Select(n => n.Groups[1].Value);
    }

    /// <summary>With the partner sara, whose coupons are in the shop, and after the first sync.</summary>
    static async Task<SidecarApp> StartAsync(Db db, PublishedShop shop)
    {
        var app = await ConnectedApp.StartAsync(db, shop.ConnectionString, "afs_", kind: "api");
        var sara = await app.PartnerAsync("sara");
        foreach (var code in new[] { "SARA10", "SARASHIP" })
            await app.PostAsync($"/v1/partners/{sara["id"]}/coupons", new { code });
        await app.SyncAsync();
        return app;
    }

    static async Task AssertOrdersAsync(SidecarApp app, Dictionary<string, string> expected)
    {
        var found = new Dictionary<string, string>();
        foreach (var id in expected.Keys)
            found[id] = await InWordsAsync(app, id);
        Assert.Equal(expected, found);
        var drift = await app.DriftAsync();
        Assert.True((bool)drift["in_step"]!, drift.ToJsonString());
        var again = await app.SyncAsync(new { full = true });
        Assert.Equal((0, 0), ((int)again["new"]!, (int)again["changed"]!));
        await app.VerifyAsync();
    }

    static async Task<string> InWordsAsync(SidecarApp app, string id)
    {
        var order = (await app.ShopOrderAsync(id))!;
        var method = (string?)order["attribution"]?["method"];
        return $"{order["status"]} {order["total"]!["amount"]}{(method is null or "none" ? "" : " " + method)}: {order["commission"]?["amount"]?.ToString() ?? "nothing"}";
    }

    static async Task<List<string>> BalancesAsync(SidecarApp app)
    {
        var sara = (await app.GetAsync("/v1/partners"))["data"]![0]!;
        return [.. (await app.GetAsync($"/v1/partners/{sara["id"]}/balance"))["data"]!.AsArray().Select(b => $"{b!["currency"]} {b["balance"]}").Order()];
    }

    [GeneratedRegex(@"(?m)^\| (`.+?) \| [^|]+ \| (required)? ?\| ")]
    private static partial Regex Row();

    [GeneratedRegex("`(.+?)`")]
    private static partial Regex Name();
}
