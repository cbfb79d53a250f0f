using System.Globalization;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>A day on which no webhook came costs nobody a cent.</summary>
public sealed class DayWithoutWebhooksTests
{
    const int Orders = 1000, Refunds = 50, Cancellations = 20;

    [Theory, BothDatabases]
    public async Task After_the_next_sync_the_balances_are_those_of_a_day_on_which_every_webhook_came(Db db)
    {
        var shop = await MariaDbServer.NewDatabaseAsync();
        var generator = await ShopGenerator.HposAsync(shop);
        await generator.MultiplyAsync(Orders, DateTimeOffset.UtcNow.AddMinutes(-30), TimeSpan.FromHours(23));
        await using var heard = await ConnectedApp.StartAsync(db, shop);
        await using var deaf = await ConnectedApp.StartAsync(db, shop);
        foreach (var app in new[] { heard, deaf })
            foreach (var code in ShopGenerator.PartnerCodes)
                await app.PartnerAsync(code);

        var ids = await IdsAsync(shop, "select id from wp_wc_orders where type = 'shop_order'");
        await DeliverAsync(heard, shop, ids, "order.created");
        var cancelled = await IdsAsync(shop, $"select id from wp_wc_orders where type = 'shop_order' and status in ('wc-processing', 'wc-completed') order by id desc limit {Cancellations}");
        await ExecuteAsync(shop, $"update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = utc_timestamp() where id in ({string.Join(',', cancelled)})");
        var refunded = await IdsAsync(shop, $"select id from wp_wc_orders where type = 'shop_order' and status in ('wc-processing', 'wc-completed') and total_amount > 1 order by id limit {Refunds}");
        await RefundAsync(shop, refunded);
        await DeliverAsync(heard, shop, [.. cancelled, .. refunded], "order.updated");
        Assert.Equal((Refunds, Cancellations), (refunded.Count, cancelled.Count));

        var outcome = await deaf.SyncAsync();
        Assert.Equal(Orders, (int)outcome["new"]!);
        Assert.Equal(Orders, (await CountAsync(heard), await CountAsync(deaf)) is var (left, right) && left == right ? left : -1);
        var balances = await deaf.BalancesAsync();
        Assert.Contains("\"pending\":\"", balances);
        await WaitForAsync(async () => await heard.BalancesAsync() == balances, async () => $"{await heard.BalancesAsync()}\n{balances}");
        foreach (var app in new[] { heard, deaf })
        {
            Assert.True((bool)(await app.DriftAsync())["in_step"]!);
            await app.VerifyAsync();
        }
        await MariaDbServer.DropAsync(shop);
    }

    /// <summary>Half of the first line of each order, with its lines, as WooCommerce writes it.</summary>
    static async Task RefundAsync(string shop, List<string> orders)
    {
        foreach (var order in orders)
            await ExecuteAsync(shop, $"""
                select max(id) + 1 into @refund from wp_wc_orders;
                select min(order_item_id) into @line from wp_woocommerce_order_items where order_id = {order} and order_item_type = 'line_item';
                select round(meta_value / 2, 4) into @net from wp_woocommerce_order_itemmeta where order_item_id = @line and meta_key = '_line_total';
                insert into wp_wc_orders (id, status, currency, type, tax_amount, total_amount, date_created_gmt, date_updated_gmt, parent_order_id)
                    select @refund, 'wc-completed', currency, 'shop_order_refund', 0, -round(@net, 2), utc_timestamp(), utc_timestamp(), id from wp_wc_orders where id = {order};
                insert into wp_wc_orders_meta (order_id, meta_key, meta_value) values (@refund, '_refund_amount', round(@net, 2));
                insert into wp_woocommerce_order_items (order_item_name, order_item_type, order_id) values ('x', 'line_item', @refund);
                set @item = last_insert_id();
                insert into wp_woocommerce_order_itemmeta (order_item_id, meta_key, meta_value) values (@item, '_qty', '-1'), (@item, '_line_total', -@net), (@item, '_line_tax', '0'), (@item, '_refunded_item_id', @line);
                update wp_wc_orders set date_updated_gmt = utc_timestamp() where id = {order};
                """);
    }

    /// <summary>What WooCommerce sends of each order: amounts in cents, refunds without their lines.</summary>
    static async Task DeliverAsync(SidecarApp app, string shop, List<string> ids, string topic)
    {
        var settings = new Http.ShopSettings { Name = "main", Kind = "woocommerce", ConnectionString = shop, TablePrefix = "wp_" };
        var reader = await new ShopReaders().OpenAsync(settings, default);
        foreach (var page in ids.Chunk(200))
            await Parallel.ForEachAsync(await reader.ReadAsync(page, null, default), async (reading, _) => await app.DeliverAsync(topic, Payload(reading.Order!)));
    }

    static JsonObject Payload(Order order) => new()
    {
        ["id"] = long.Parse(order.ExternalId, CultureInfo.InvariantCulture), ["status"] = order.Status, ["currency"] = order.Currency,
        ["date_created_gmt"] = Time(order.PlacedAt), ["date_modified_gmt"] = Time(order.UpdatedAt),
        ["total"] = Cents(order.Total), ["total_tax"] = Cents(order.Tax), ["shipping_total"] = Cents(order.Shipping), ["discount_total"] = Cents(order.Discount),
        ["customer_id"] = order.Customer.ExternalId is { } customer ? long.Parse(customer, CultureInfo.InvariantCulture) : 0,
        ["billing"] = new JsonObject { ["email"] = order.Customer.Email, ["country"] = order.Customer.Country }, ["payment_method"] = order.PaymentMethod,
        ["fee_lines"] = new JsonArray(new JsonObject { ["total"] = Cents(order.Fees) }),
        ["coupon_lines"] = new JsonArray([.. order.Coupons.Select(c => new JsonObject { ["code"] = c })]),
        ["line_items"] = new JsonArray([.. order.Lines.Select(l => new JsonObject
        {
            ["id"] = l.ExternalId, ["product_id"] = l.ProductId, ["sku"] = l.Sku, ["name"] = l.Name, ["quantity"] = l.Quantity,
            ["subtotal"] = Cents(l.Subtotal), ["total"] = Cents(l.Total), ["total_tax"] = Cents(l.Tax),
        })]),
        ["meta_data"] = new JsonArray([.. (order.Landing ?? new Dictionary<string, string>()).Select(l => new JsonObject { ["key"] = "_wc_order_attribution_" + l.Key, ["value"] = l.Value })]),
        ["refunds"] = new JsonArray([.. (order.Refunds ?? []).Select(r => new JsonObject { ["id"] = r.ExternalId, ["reason"] = r.Reason, ["total"] = "-" + Cents(r.Amount) })]),
    };

    static string Cents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero).ToString("0.00", CultureInfo.InvariantCulture);

    static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    static async Task<int> CountAsync(SidecarApp app)
    {
        var count = 0;
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await app.GetAsync($"/v1/orders?shop=main&limit=200&cursor={cursor}");
            count += page["data"]!.AsArray().Count;
            cursor = (string?)page["next_cursor"];
        }
        return count;
    }

    static async Task WaitForAsync(Func<Task<bool>> holds, Func<Task<string>> otherwise)
    {
        for (var attempt = 0; attempt < 100; attempt++)
            if (await holds())
                return;
            else
                await Task.Delay(100);
        Assert.Fail(await otherwise());
    }

    static async Task<List<string>> IdsAsync(string shop, string sql)
    {
        await using var connection = await OpenAsync(shop);
        await using var command = new MySqlConnector.MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
            ids.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return ids;
    }

    static async Task ExecuteAsync(string shop, string sql)
    {
        await using var connection = await OpenAsync(shop);
        await using var command = new MySqlConnector.MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<MySqlConnector.MySqlConnection> OpenAsync(string shop)
    {
        var connection = new MySqlConnector.MySqlConnection(shop + ";Allow User Variables=true");
        await connection.OpenAsync();
        return connection;
    }
}
