using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using LinqToDB;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The shop has customers to serve: what is asked of its database every minute costs the same however large it is.</summary>
public sealed class PlanTests
{
    const int Orders = 4_000;

    [Theory]
    [InlineData(RecordedShop.Hpos)]
    [InlineData(RecordedShop.Legacy)]
    public async Task No_statement_walks_through_the_shop(RecordedShop recorded)
    {
        var shop = await GrownAsync(recorded);
        var statements = new Statements();
        var options = ShopDb.OptionsFor(shop).UseInterceptor(statements);
        IShopReader reader = recorded == RecordedShop.Hpos ? new HposReader(shop, options) : new LegacyReader(shop, options);

        var start = (await reader.ChangesAsync(null, 1, default)).Cursor;
        var ids = (await reader.DigestsAsync(null, DateTimeOffset.MinValue, 1_200, default)).Select(d => d.Id).ToList();
        await ChangeAsync(shop, recorded, ids[0]);
        await statements.PlansAsync(shop.ConnectionString!);

        var changes = await reader.ChangesAsync(start, 500, default);
        Assert.Contains(ids[0], changes.Changed.Select(c => c.Id));
        await reader.ChangesAsync(changes.Cursor, 500, default);
        var everyMinute = await statements.PlansAsync(shop.ConnectionString!);
        Assert.NotEmpty(everyMinute);
        Assert.All(everyMinute, p => Assert.True(p.Rows <= 1_000, $"{p}"));

        // A page of a backfill goes on where the one before it ended; whatever else is asked would have all that are left sorted.
        await reader.IdsAsync(ids[0], 100, default);
        Assert.Equal(["PRIMARY"], (await statements.PlansAsync(shop.ConnectionString!)).Select(p => p.Key));
        await reader.DigestsAsync(ids[0], DateTimeOffset.MinValue, 100, default);
        Assert.All((await statements.PlansAsync(shop.ConnectionString!)).Where(p => p.Table == "o"), p => Assert.Equal("PRIMARY", p.Key));

        // For a fair part of a shop this small, walking would be quicker.
        await ReadAsync(100);
        Assert.All(await statements.PlansAsync(shop.ConnectionString!), p => Assert.False(p.Walks && p.Rows > 100, $"{p}"));
        // From a thousand ids on MariaDB would make a table of the list, and look it up for every row of the shop.
        await ReadAsync(1_200);
        var plans = await statements.PlansAsync(shop.ConnectionString!);
        Assert.Contains(plans, p => p.Table == "i");
        Assert.All(plans, p => Assert.False(p.Select == "MATERIALIZED", $"{p}"));
        await ScatterAsync(shop, recorded, ids);
        await SameAsync(reader, [.. ids.Take(500)]);
        // The metas of neighbouring orders are read through where they lie, those that lie elsewhere are looked up.
        Assert.Equal([true, false], (await statements.PlansAsync(shop.ConnectionString!)).Where(p => p.Table == "m" && p.Sql.Contains("@first", StringComparison.Ordinal))
            .Select(p => p.Key == "PRIMARY").Distinct());
        await MariaDbServer.DropAsync(shop.ConnectionString!);

        async Task ReadAsync(int orders)
        {
            Assert.Equal(orders, (await reader.ReadAsync([.. ids.Take(orders)], null, default)).Count(r => r.Order is not null));
            Assert.Equal(orders, (await reader.ExistingAsync([.. ids.Take(orders)], default)).Count);
        }
    }

    static async Task<ShopSettings> GrownAsync(RecordedShop recorded)
    {
        var database = await MariaDbServer.NewDatabaseAsync();
        var generator = recorded == RecordedShop.Hpos ? await ShopGenerator.HposAsync(database) : await ShopGenerator.LegacyAsync(database);
        await generator.MultiplyAsync(Orders, DateTimeOffset.UtcNow.AddMinutes(-30), TimeSpan.FromDays(365));
        return new ShopSettings { Name = "main", Kind = "woocommerce", ConnectionString = database, TablePrefix = generator.TablePrefix };
    }

    /// <summary>As in a shop that has been in use: the metas of other orders between those of an order, some written much later, and orders whose metas were all written again.</summary>
    static async Task ScatterAsync(ShopSettings shop, RecordedShop recorded, List<string> ids)
    {
        var (table, id, owner) = recorded == RecordedShop.Hpos ? ("wp_wc_orders_meta", "id", "order_id") : ("shop7_postmeta", "meta_id", "post_id");
        await using var connection = new MySqlConnection(shop.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand($"""
            UPDATE {table} SET {id} = {id} + 20000000 WHERE {owner} % 3 = 0 AND {id} % 11 = 0 ORDER BY {id} DESC;
            UPDATE {table} SET {id} = {id} + 40000000 WHERE {owner} IN ({ids[7]}, {ids[8]}, {ids[200]}) ORDER BY {id} DESC;
            UPDATE {table} SET {owner} = {ids[300]} WHERE {owner} = {ids[20]} AND {id} % 2 = 0;
            DELETE FROM {table} WHERE {owner} = {ids[30]};
            UPDATE {shop.TablePrefix}woocommerce_order_itemmeta SET meta_id = meta_id + 20000000 WHERE meta_id % 13 = 0 ORDER BY meta_id DESC
            """, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Read together, each order is what it is by itself, and amounts to what a sweep says of it.</summary>
    static async Task SameAsync(IShopReader reader, string[] ids)
    {
        var together = await reader.ReadAsync(ids, null, default);
        var apart = new List<OrderReading>();
        foreach (var few in ids.Chunk(20))
            apart.AddRange(await reader.ReadAsync(few, null, default));
        Assert.Equal(apart.Select(r => (r.Id, r.Body, r.Problem, r.Digest)), together.Select(r => (r.Id, r.Body, r.Problem, r.Digest)));
        Assert.Equal((await reader.DigestsAsync(null, DateTimeOffset.MinValue, ids.Length, default)), together.Select(r => r.Digest!));
    }

    /// <summary>As WooCommerce does: an old order gets a new status, and in posts a note.</summary>
    static async Task ChangeAsync(ShopSettings shop, RecordedShop recorded, string id)
    {
        await using var connection = new MySqlConnection(shop.ConnectionString);
        await connection.OpenAsync();
        var sql = recorded == RecordedShop.Hpos
            ? $"UPDATE wp_wc_orders SET status = 'wc-cancelled', date_updated_gmt = UTC_TIMESTAMP() WHERE id = {id}"
            : $"""
                UPDATE shop7_posts SET post_status = 'wc-cancelled', post_modified_gmt = UTC_TIMESTAMP(), post_modified = NOW() WHERE ID = {id};
                INSERT INTO shop7_comments (comment_post_ID, comment_author, comment_content, comment_type) VALUES ({id}, 'WooCommerce', 'changed', 'order_note')
                """;
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
