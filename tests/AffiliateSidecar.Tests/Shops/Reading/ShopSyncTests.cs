using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>The recorded shop's database, and what happens in it behind the sidecar's back.</summary>
public sealed class ShopSyncTests
{
    [Theory, BothDatabases]
    public async Task The_first_sync_brings_the_whole_history_and_the_second_finds_nothing(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        var first = await app.SyncAsync();
        Assert.Equal((92, 92, 92), ((int)first["new"]!, (int)first["read"]!, (int)first["compared"]!));
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
        var second = await app.SyncAsync(new { full = true });
        Assert.Equal((0, 0, 92), ((int)second["new"]!, (int)second["read"]!, (int)second["compared"]!));
        var view = (await app.GetAsync("/v1/shops"))["data"]![0]!;
        Assert.Equal("hpos", (string?)view["database"]!["storage"]);
        Assert.NotNull(view["database"]!["backfilled_at"]);
        // History from before there was a sidecar was not missed by anybody.
        Assert.Equal(0, (int)(await app.DriftAsync())["recovered"]!["count"]!);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Older_storage_is_read_as_well(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Legacy);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString, shop.Prefix);
        Assert.Equal(20, (int)(await app.SyncAsync())["new"]!);
        await shop.ExecuteAsync($"update {shop.Prefix}posts set post_status = 'wc-cancelled', post_modified_gmt = utc_timestamp(), post_modified = utc_timestamp() where ID = 52");
        Assert.Equal(1, (int)(await app.SyncAsync())["changed"]!);
        Assert.Equal("cancelled", (string?)(await app.ShopOrderAsync("52"))!["status"]);
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
    }

    [Theory, BothDatabases]
    public async Task What_moves_its_date_is_found_by_the_next_sync_and_what_does_not_by_the_sweep(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        await app.SyncAsync();
        var ids = (await shop.RowsAsync("select id from wp_wc_orders where type = 'shop_order' and status = 'wc-completed' order by id")).Select(r => r["id"]!).ToList();
        var refund = (await shop.RowsAsync("select id, parent_order_id from wp_wc_orders where type = 'shop_order_refund' order by id limit 1"))[0];
        var (announced, silent, edited, erased) = (ids[0], ids[1], ids[2], ids[3]);
        await shop.ExecuteAsync($"update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = utc_timestamp() where id = {announced}");
        Assert.Equal((1, 1), await ReadAndChangedAsync(app, new { }));
        Assert.Equal("cancelled", (string?)(await app.ShopOrderAsync(announced))!["status"]);

        await shop.ExecuteAsync($"""
            update wp_wc_orders set status = 'wc-on-hold' where id = {silent};
            update wp_woocommerce_order_itemmeta m join wp_woocommerce_order_items i using (order_item_id) set m.meta_value = '1.25' where i.order_id = {edited} and i.order_item_type = 'line_item' and m.meta_key = '_line_total';
            delete from wp_wc_orders where id = {erased};
            delete from wp_wc_orders where id = {refund["id"]};
            """);
        // The order that has just changed is read once more, in case its second was not over.
        Assert.Equal((1, 0), await ReadAndChangedAsync(app, new { }));
        var drift = await app.DriftAsync();
        Assert.Equal(new[] { $"{edited} different edited-in-database", $"{erased} gone order-erased", $"{refund["parent_order_id"]} different refund-deleted", $"{silent} different edited-in-database" }.Order(),
            drift["data"]!.AsArray().Select(d => $"{d!["external_id"]} {d["kind"]} {d["cause"]}").Order());

        var sweep = await app.SyncAsync(new { sweep = true });
        Assert.Equal((3, 1), ((int)sweep["changed"]!, (int)sweep["gone"]!));
        Assert.Equal(("on-hold", "trash"), ((string?)(await app.ShopOrderAsync(silent))!["status"], (string?)(await app.ShopOrderAsync(erased))!["status"]));
        Assert.Equal("0.00", (string?)(await app.ShopOrderAsync(refund["parent_order_id"]!))!["refunded"]!["amount"]);
        drift = await app.DriftAsync();
        Assert.True((bool)drift["in_step"]!);
        Assert.Equal(5, (int)drift["recovered"]!["count"]!);
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_delivery_has_its_order_read_within_a_second(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        var id = (await shop.RowsAsync("select parent_order_id as id from wp_wc_orders where type = 'shop_order_refund' order by id limit 1"))[0]["id"]!;
        // What WooCommerce sends says nothing of the lines of a refund; here not even of the refund.
        await app.DeliverAsync("order.updated", SomeDelivery.Order(id: long.Parse(id), total: "1.00", modified: "2026-11-01T00:00:00"));
        var waited = Stopwatch.StartNew();
        while ((string?)(await app.ShopOrderAsync(id))?["refunded"]!["amount"] is null or "0.00")
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(1), "more than a second");
            await Task.Delay(20);
        }
    }

    [Theory, BothDatabases]
    public async Task An_order_that_cannot_be_read_is_listed_and_the_others_go_on(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        var (id, currency) = (await shop.RowsAsync("select id, currency from wp_wc_orders where type = 'shop_order' order by id limit 1"))[0] is var row ? (row["id"]!, row["currency"]!) : default;
        await shop.ExecuteAsync($"update wp_wc_orders set currency = 'PIRATES' where id = {id}");
        var outcome = await app.SyncAsync();
        Assert.Equal((91, 1), ((int)outcome["new"]!, (int)outcome["unreadable"]!));
        var open = (await app.DriftAsync())["data"]!.AsArray().Single()!;
        Assert.Equal((id, "unreadable"), ((string?)open["external_id"], (string?)open["kind"]));
        Assert.Contains("currency", open["detail"]!.ToJsonString());
        await shop.ExecuteAsync($"update wp_wc_orders set currency = '{currency}' where id = {id}");
        Assert.Equal(1, (int)(await app.SyncAsync(new { full = true }))["new"]!);
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
    }

    [Theory, BothDatabases]
    public async Task Where_nearly_everything_is_gone_nothing_is_taken_back(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        await app.SyncAsync();
        await shop.ExecuteAsync("delete from wp_wc_orders where id % 2 = 0");
        using var answer = await app.Http.PostAsJsonAsync("/v1/shops/main/sync", new { full = true });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Nothing was taken back", await answer.Content.ReadAsStringAsync());
        Assert.DoesNotContain((await app.GetAsync("/v1/orders?status=trash&limit=200"))["data"]!.AsArray(), o => int.Parse((string)o!["external_id"]!) % 2 == 0);
        Assert.Equal("degraded", (string?)(await app.GetAsync("/readyz"))["checks"]!.AsArray().Single(c => (string?)c!["name"] == "shop-database")!["status"]);
    }

    [Theory, BothDatabases]
    public async Task A_shop_database_that_goes_away_in_the_middle_is_read_to_its_end_later(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        var direct = new MySqlConnectionStringBuilder(shop.ConnectionString);
        await using var gate = new TcpGate((int)direct.Port);
        await using var app = await ConnectedApp.StartAsync(db, new MySqlConnectionStringBuilder(shop.ConnectionString) { Port = (uint)gate.Port, Server = "127.0.0.1" }.ConnectionString);
        await app.SyncAsync();
        gate.Shut(reset: true);
        await shop.ExecuteAsync("update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = utc_timestamp() where type = 'shop_order' and status = 'wc-completed'");
        using (var answer = await app.Http.PostAsJsonAsync("/v1/shops/main/sync", new { }))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull((await app.GetAsync("/v1/shops"))["data"]![0]!["database"]!["problem"]);
        gate.Open();
        Assert.True((int)(await app.SyncAsync())["changed"]! > 10);
        Assert.Null((await app.GetAsync("/v1/shops"))["data"]![0]!["database"]!["problem"]);
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
    }

    [Theory, BothDatabases]
    public async Task A_table_locked_by_a_backup_is_waited_for_a_little_and_read_afterwards(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString);
        await using (var backup = await shop.OpenAsync())
        {
            await using var command = new MySqlCommand("lock tables wp_woocommerce_order_items write, wp_woocommerce_order_itemmeta write", backup);
            await command.ExecuteNonQueryAsync();
            var waited = Stopwatch.StartNew();
            using var answer = await app.Http.PostAsJsonAsync("/v1/shops/main/sync", new { });
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(15), $"{waited.Elapsed}");
        }
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
    }

    [Theory, BothDatabases]
    public async Task By_the_clock_it_reads_every_minute(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString, byTheClock: true);
        await UntilAsync(async () => (await app.GetAsync("/v1/shops"))["data"]![0]!["database"]!["synced_at"] is not null);
        var id = (await shop.RowsAsync("select id from wp_wc_orders where type = 'shop_order' and status = 'wc-completed' limit 1"))[0]["id"]!;
        await shop.ExecuteAsync($"update wp_wc_orders set status = 'wc-failed', date_updated_gmt = utc_timestamp() where id = {id}");
        await UntilAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromSeconds(30));
            return (string?)(await app.ShopOrderAsync(id))!["status"] == "failed";
        });
    }

    [Fact]
    public async Task Two_nodes_read_one_after_the_other_and_nothing_is_doubled()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        var own = await MariaDbServer.NewDatabaseAsync();
        await using var one = await ConnectedApp.StartAsync(Db.MariaDb, shop.ConnectionString, connectionString: own);
        await using var two = await ConnectedApp.StartAsync(Db.MariaDb, shop.ConnectionString, connectionString: own);
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? one : two).PostAsync("/v1/shops/main/sync", new { full = true })));
        Assert.Contains(runs, r => (string?)r["status"] == "done");
        Assert.Equal(92, runs.Where(r => (string?)r["status"] == "done").Sum(r => (int)r["outcome"]!["new"]!));
        await one.VerifyAsync();
    }

    [Fact]
    public async Task A_node_that_was_killed_does_not_keep_the_others_from_reading()
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await using var app = await ConnectedApp.StartAsync(Db.Sqlite, shop.ConnectionString);
        var database = app.Services.GetRequiredService<Database>();
        await database.WriteAsync((db, token) => db.InsertAsync(new LeaseRow { Name = "shop main", Owner = "killed", Until = app.Clock.GetUtcNow().AddSeconds(30) }, token: token));
        Assert.Equal("running", (string?)(await app.PostAsync("/v1/shops/main/sync", new { }))["status"]);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(92, (int)(await app.SyncAsync())["new"]!);
    }

    [Theory, BothDatabases]
    public async Task A_shop_without_a_database_says_what_to_set(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        foreach (var path in new[] { "/v1/shops/main/drift", "/v1/shops/other/drift" })
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.Equal(path.Contains("other") ? HttpStatusCode.NotFound : HttpStatusCode.Conflict, answer.StatusCode);
        }
        using var sync = await app.Http.PostAsync("/v1/shops/main/sync", null);
        Assert.Equal(HttpStatusCode.Conflict, sync.StatusCode);
        Assert.Contains("Sidecar:Shops:main:ConnectionString", await sync.Content.ReadAsStringAsync());
    }

    static async Task<(int Read, int Changed)> ReadAndChangedAsync(SidecarApp app, object request) =>
        await app.SyncAsync(request) is var outcome ? ((int)outcome["read"]!, (int)outcome["changed"]!) : default;

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(50))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(20), "It never came to be.");
    }
}
