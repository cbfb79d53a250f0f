using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>What plugins, imports, people with SQL and failing machines make of a shop's database. One bad order is one order's problem.</summary>
public sealed class BadDataTests
{
    const string PhpList = """a:1:{i:0;s:3:"sar""", PhpObject = """O:8:"stdClass":0:{}""";

    [Theory, BothDatabases]
    public async Task Bad_orders_are_listed_with_what_is_wrong_and_all_others_are_read(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        var ids = (await shop.RowsAsync("""
            select o.id from wp_wc_orders o where o.type = 'shop_order' and not exists (select 1 from wp_wc_orders r where r.parent_order_id = o.id)
            and exists (select 1 from wp_woocommerce_order_items i where i.order_id = o.id and i.order_item_type = 'line_item') order by o.id
            """)).Select(r => r["id"]!).ToList();
        var (noLines, noCreation, noDate, noAmount, noTotal, garbage) = (ids[0], ids[1], ids[2], ids[3], ids[4], ids[5]);
        var refunded = (await shop.RowsAsync("select parent_order_id as id from wp_wc_orders where type = 'shop_order_refund' order by id limit 1"))[0]["id"]!;
        await shop.ExecuteAsync($"""
            set sql_mode = '';
            delete from wp_woocommerce_order_items where order_id = {noLines};
            update wp_wc_orders set date_created_gmt = '0000-00-00 00:00:00' where id = {noCreation};
            update wp_wc_orders set date_created_gmt = '0000-00-00 00:00:00', date_updated_gmt = null where id = {noDate};
            update wp_woocommerce_order_itemmeta m join wp_woocommerce_order_items i using (order_item_id) set m.meta_value = 'N/A'
                where i.order_id = {noAmount} and i.order_item_type = 'line_item' and m.meta_key = '_line_total';
            update wp_wc_orders set total_amount = -5 where id = {noTotal};
            delete from wp_wc_orders where id = {refunded};
            insert into wp_wc_orders_meta (order_id, meta_key, meta_value) values
                ({garbage}, null, 'no key'), ({garbage}, '_wc_order_attribution_utm_campaign', '{PhpList}'),
                ({garbage}, '_affiliate_code', '{PhpObject}'), ({garbage}, '_aff_click', repeat('x', 100000)), ({garbage}, '_big', repeat('y', 1000000)),
                (0, '_affiliate_code', 'nobody'), (4294967296, '_affiliate_code', 'nobody');
            insert into wp_woocommerce_order_items (order_item_name, order_item_type, order_id) values ('', '', {garbage}), ('چای سبز', 'plugins_own', {garbage});
            """);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);

        var outcome = await app.SyncAsync();
        Assert.Equal((91 - 3, 3, 0), ((int)outcome["new"]!, (int)outcome["unreadable"]!, (int)outcome["gone"]!));
        Assert.Equal(new[] { $"{noDate} The order has no date.", $"{noAmount} The order's line total is not an amount.", $"{noTotal} The order's total is negative." }.Order(),
            (await ListedAsync(app)).Order());
        Assert.Empty((await app.ShopOrderAsync(noLines))!["lines"]!.AsArray());
        Assert.Equal((string?)(await app.ShopOrderAsync(noCreation))!["updated_at"], (string?)(await app.ShopOrderAsync(noCreation))!["placed_at"]);
        Assert.NotNull(await app.ShopOrderAsync(garbage));
        Assert.Null(await app.ShopOrderAsync(refunded));

        // What was mended is read by the next sweep, and the list is empty.
        await shop.ExecuteAsync($"""
            update wp_wc_orders set date_updated_gmt = '2026-11-20 10:00:00' where id = {noDate};
            update wp_wc_orders set total_amount = 5 where id = {noTotal};
            update wp_woocommerce_order_itemmeta m join wp_woocommerce_order_items i using (order_item_id) set m.meta_value = '1' where i.order_id = {noAmount} and m.meta_key = '_line_total';
            """);
        Assert.Equal(3, (int)(await app.SyncAsync(new { full = true }))["new"]!);
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task So_it_is_in_the_older_storage_where_everything_is_text()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Legacy);
        var ids = (await shop.RowsAsync("select ID as id from shop7_posts o where post_type = 'shop_order' and not exists (select 1 from shop7_posts r where r.post_parent = o.ID) order by ID"))
            .Select(r => r["id"]!).ToList();
        var (noCurrency, noTotal, doubled, noDate) = (ids[0], ids[1], ids[2], ids[3]);
        var refunded = (await shop.RowsAsync("select post_parent as id from shop7_posts where post_type = 'shop_order_refund' order by ID limit 1"))[0]["id"]!;
        await shop.ExecuteAsync($"""
            set sql_mode = '';
            delete from shop7_postmeta where post_id = {noCurrency} and meta_key = '_order_currency';
            update shop7_postmeta set meta_value = '{PhpList} 12,50 تومان' where post_id = {noTotal} and meta_key = '_order_total';
            insert into shop7_postmeta (post_id, meta_key, meta_value) values ({doubled}, '_order_total', '1000000'), ({doubled}, '_order_currency', 'XXX');
            update shop7_posts set post_date_gmt = '0000-00-00 00:00:00', post_modified_gmt = '0000-00-00 00:00:00' where ID = {noDate};
            delete from shop7_posts where ID = {refunded};
            """);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString, shop.Prefix);
        var outcome = await app.SyncAsync();
        Assert.Equal((19 - 3, 3), ((int)outcome["new"]!, (int)outcome["unreadable"]!));
        Assert.Equal(new[] { $"{noCurrency} The currency of the order is not known.", $"{noTotal} The order's total is not an amount.", $"{noDate} The order has no date." }.Order(),
            (await ListedAsync(app)).Order());
        // Of a meta that is there twice the first counts, as in WooCommerce.
        Assert.NotEqual("1000000.00", (string?)(await app.ShopOrderAsync(doubled))!["total"]!["amount"]);
    }

    [Theory]
    [InlineData("utf8mb3", "چای سبز")]
    [InlineData("utf8mb4", "چای سبز 🍵")]
    public async Task Any_script_comes_through_whatever_the_tables_are_written_in(string charset, string name)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos, charset: charset);
        var id = (await shop.RowsAsync("select order_id as id from wp_woocommerce_order_items where order_item_type = 'line_item' order by order_id limit 1"))[0]["id"]!;
        await shop.ExecuteAsync($"""
            update wp_woocommerce_order_items set order_item_name = '{name}' where order_id = {id} and order_item_type = 'line_item';
            insert into wp_woocommerce_order_items (order_item_name, order_item_type, order_id) values ('نوروز', 'coupon', {id});
            """);
        await using var app = await ConnectedApp.StartAsync(Db.MariaDb, shop.ConnectionString);
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
        var order = (await app.ShopOrderAsync(id))!;
        Assert.Equal(name, (string?)order["lines"]![0]!["name"]);
        Assert.Contains("نوروز", order["coupons"]!.AsArray().Select(c => (string?)c));
        Assert.Equal(0, (int)(await app.SyncAsync(new { full = true }))["read"]!);
    }

    [Fact]
    public async Task Of_two_filled_storages_the_one_that_counts_is_read_and_the_other_when_the_shop_goes_back_to_it()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await shop.ExecuteAsync("""
            set sql_mode = '';
            insert into wp_posts (ID, post_type, post_status, post_date, post_date_gmt, post_modified, post_modified_gmt, post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered)
                select id, 'shop_order', 'wc-on-hold', date_created_gmt, date_created_gmt, date_updated_gmt, date_updated_gmt, '', '', '', '', '', '' from wp_wc_orders where type = 'shop_order'
                on duplicate key update post_type = 'shop_order', post_status = 'wc-on-hold', post_date_gmt = values(post_date_gmt), post_modified_gmt = values(post_modified_gmt);
            insert into wp_postmeta (post_id, meta_key, meta_value)
                select id, '_order_total', '1.00' from wp_wc_orders where type = 'shop_order' union all select id, '_order_currency', 'EUR' from wp_wc_orders where type = 'shop_order'
            """);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString);
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
        Assert.DoesNotContain((await app.GetAsync("/v1/orders?status=on-hold&limit=200"))["data"]!.AsArray(), o => (string?)o!["total"]!["amount"] == "1.00");

        await shop.ExecuteAsync("update wp_options set option_value = 'no' where option_name = 'woocommerce_custom_orders_table_enabled'");
        await app.SyncAsync();
        Assert.Equal("legacy", (string?)(await app.GetAsync("/v1/shops"))["data"]![0]!["database"]!["storage"]);
        Assert.Equal(92, (await app.GetAsync("/v1/orders?status=on-hold&limit=200"))["data"]!.AsArray().Count(o => (string?)o!["total"]!["amount"] == "1.00"));
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_table_that_the_account_may_not_read_is_named_with_what_to_grant()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos, granted: false);
        var tables = (await shop.RowsAsync("select table_name as name from information_schema.tables where table_schema = database()")).Select(r => r["name"]!).ToList();
        foreach (var table in tables.Where(t => t != "wp_woocommerce_order_itemmeta"))
            await shop.GrantAsync(table);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString);
        var problem = await RefusedAsync(app);
        Assert.Contains("may not read the table wp_woocommerce_order_itemmeta", problem);
        Assert.Contains("GRANT SELECT ON", problem);
        Assert.Empty((await app.GetAsync("/v1/orders"))["data"]!.AsArray());
        await shop.GrantAsync("wp_woocommerce_order_itemmeta");
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
    }

    [Theory, BothDatabases]
    public async Task A_server_that_goes_away_in_the_middle_of_a_page_loses_and_doubles_nothing(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        var direct = new MySqlConnectionStringBuilder(shop.ConnectionString);
        await using var gate = new TcpGate((int)direct.Port);
        await using var app = await ConnectedApp.StartAsync(db,
            new MySqlConnectionStringBuilder(shop.ConnectionString) { Port = (uint)gate.Port, Server = "127.0.0.1", SslMode = MySqlSslMode.Disabled }.ConnectionString);
        // The history is asked for again by itself.
        gate.BreakAfter(40_000);
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
        Assert.True(gate.HasBroken);

        await shop.ExecuteAsync("update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = utc_timestamp() where type = 'shop_order'");
        gate.BreakAfter(40_000);
        Assert.Contains("went away in the middle of an answer", await RefusedAsync(app));
        Assert.True((int)(await app.SyncAsync())["changed"]! > 50);
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
        Assert.Equal(92, (await app.GetAsync("/v1/orders?limit=200"))["data"]!.AsArray().Count);
        await app.VerifyAsync();
    }

    static async Task<string> RefusedAsync(SidecarApp app)
    {
        using var answer = await app.Http.PostAsJsonAsync("/v1/shops/main/sync", new { });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["detail"]!;
    }

    /// <summary>What is still to be looked at by a person: the order and what is wrong with it.</summary>
    static async Task<List<string>> ListedAsync(SidecarApp app) =>
        [.. (await app.DriftAsync())["data"]!.AsArray().Select(d => $"{d!["external_id"]} {(d["detail"] is JsonArray words ? words[0] : d["detail"])}")];
}
