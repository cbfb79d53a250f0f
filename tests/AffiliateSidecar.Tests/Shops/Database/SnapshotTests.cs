using System.Diagnostics;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Data;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>While a page is read the shop goes on selling.</summary>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData(RecordedShop.Hpos)]
    [InlineData(RecordedShop.Legacy)]
    public async Task What_changes_while_a_page_is_read_is_not_in_it_and_is_later_than_it(RecordedShop recorded)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(recorded);
        var changed = DateTimeOffset.MinValue;
        string? id = null;
        var options = ShopDb.OptionsFor(shop.Shop).UseTracing(TraceLevel.Info, trace =>
        {
            if (trace is { Operation: TraceOperation.BeginTransaction, TraceInfoStep: TraceInfoStep.AfterExecute } && changed == DateTimeOffset.MinValue)
                changed = Cancel(shop, recorded, id!);
        });
        IShopReader reader = recorded == RecordedShop.Hpos ? new HposReader(shop.Shop, options) : new LegacyReader(shop.Shop, options);
        id = (await shop.RowsAsync(recorded == RecordedShop.Hpos
            ? "select id from wp_wc_orders where type = 'shop_order' and status = 'wc-completed' limit 1"
            : "select ID as id from shop7_posts where post_type = 'shop_order' and post_status = 'wc-completed' limit 1"))[0]["id"]!;

        var before = Assert.Single(await reader.ReadAsync([id], null, default));
        Assert.Equal(("completed", "completed"), (before.Order!.Status, before.Digest!.Status));
        Assert.True(before.ReadAt <= changed, $"read at {before.ReadAt:O}, changed at {changed:O}");

        var after = Assert.Single(await reader.ReadAsync([id], null, default));
        Assert.Equal("cancelled", after.Order!.Status);
        Assert.True(after.ReadAt > changed);
    }

    /// <returns>When, by the server's clock.</returns>
    static DateTimeOffset Cancel(RecordedDatabase shop, RecordedShop recorded, string id)
    {
        using var connection = new MySqlConnection(shop.OwnerConnectionString);
        connection.Open();
        using var command = new MySqlCommand((recorded == RecordedShop.Hpos
            ? $"update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = utc_timestamp() where id = {id}"
            : $"update shop7_posts set post_status = 'wc-cancelled', post_modified_gmt = utc_timestamp() where ID = {id}")
            + "; select date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ')", connection);
        return DateTimeOffset.Parse((string)command.ExecuteScalar()!, System.Globalization.CultureInfo.InvariantCulture);
    }
}
