using AffiliateSidecar.Support;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>A grown shop is a shop: what belongs together in the recorded one belongs together in every copy of it.</summary>
public sealed class ShopGeneratorTests
{
    static readonly DateTimeOffset Until = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Copied_orders_keep_their_refunds_lines_and_dates()
    {
        var database = await MariaDbServer.NewDatabaseAsync();
        var shop = await ShopGenerator.HposAsync(database);
        await shop.MultiplyAsync(1_000, Until, TimeSpan.FromDays(365));

        Assert.Equal(1_000, await NumberAsync(database, "SELECT COUNT(*) FROM wp_wc_orders WHERE type = 'shop_order'"));
        Assert.Equal(1_000, await NumberAsync(database, "SELECT COUNT(DISTINCT order_id) FROM wp_wc_order_operational_data o JOIN wp_wc_orders w ON w.id = o.order_id AND w.type = 'shop_order'"));
        // 92 orders and 5 refunds are known: ten whole copies, and of the eleventh the first 80 orders.
        Assert.InRange(await NumberAsync(database, "SELECT COUNT(*) FROM wp_wc_orders r JOIN wp_wc_orders o ON o.id = r.parent_order_id WHERE r.type = 'shop_order_refund'"), 50, 55);
        Assert.Equal(0, await NumberAsync(database, "SELECT COUNT(*) FROM wp_wc_orders r WHERE type = 'shop_order_refund' AND parent_order_id NOT IN (SELECT id FROM wp_wc_orders)"));
        Assert.Equal(0, await NumberAsync(database, """
            SELECT COUNT(*) FROM wp_woocommerce_order_itemmeta im JOIN wp_woocommerce_order_items i USING (order_item_id) JOIN wp_wc_orders r ON r.id = i.order_id
            LEFT JOIN wp_woocommerce_order_items of ON of.order_item_id = im.meta_value AND of.order_id = r.parent_order_id
            WHERE im.meta_key = '_refunded_item_id' AND of.order_id IS NULL
            """));
        Assert.Equal(0, await NumberAsync(database, "SELECT COUNT(*) FROM wp_wc_orders WHERE date_updated_gmt < date_created_gmt OR date_created_gmt NOT BETWEEN '2025-11-25 12:00:00' AND '2026-11-25 12:30:00'"));
        Assert.Equal(1, await NumberAsync(database, "SELECT COUNT(*) FROM wp_wc_orders WHERE type = 'shop_order' AND date_created_gmt = '2026-11-25 12:00:00'"));
        Assert.InRange(await NumberAsync(database, $"""
            SELECT COUNT(DISTINCT order_id) FROM wp_wc_orders_meta WHERE meta_value REGEXP '(ref|utm_campaign)=({string.Join('|', ShopGenerator.PartnerCodes)})'
            """), 150, 300);
        Assert.Equal(35, await NumberAsync(database, "SELECT COUNT(*) FROM wp_posts WHERE post_type NOT LIKE 'shop_order%'"));
    }

    [Fact]
    public async Task Copied_orders_of_the_older_storage_keep_theirs_too()
    {
        var database = await MariaDbServer.NewDatabaseAsync();
        var shop = await ShopGenerator.LegacyAsync(database);
        await shop.MultiplyAsync(100, Until, TimeSpan.FromDays(1));

        Assert.Equal(100, await NumberAsync(database, "SELECT COUNT(*) FROM shop7_posts WHERE post_type = 'shop_order' AND post_modified_gmt >= post_date_gmt"));
        Assert.Equal(25, await NumberAsync(database, "SELECT COUNT(*) FROM shop7_posts r JOIN shop7_posts o ON o.ID = r.post_parent AND o.post_type = 'shop_order' WHERE r.post_type = 'shop_order_refund'"));
        Assert.Equal(100, await NumberAsync(database, "SELECT COUNT(DISTINCT post_id) FROM shop7_postmeta JOIN shop7_posts ON ID = post_id AND post_type = 'shop_order' WHERE meta_key = '_order_total'"));
        Assert.Equal(0, await NumberAsync(database, """
            SELECT COUNT(*) FROM shop7_postmeta JOIN shop7_posts ON ID = post_id
            WHERE meta_key = '_date_completed' AND FROM_UNIXTIME(meta_value) NOT BETWEEN post_date_gmt AND post_date_gmt + INTERVAL 1 DAY
            """));
        Assert.Equal(13, await NumberAsync(database, "SELECT COUNT(*) FROM shop7_postmeta JOIN shop7_posts ON ID = post_id WHERE post_type = 'product' AND meta_key = '_stock_status'"));
    }

    static async Task<long> NumberAsync(string database, string sql)
    {
        await using var connection = new MySqlConnection(database);
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SET time_zone = '+00:00'; " + sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }
}
