using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The orders of the recorded shops, read from their databases, against what those shops say of them.</summary>
public sealed class RecordedOrdersTests
{
    [Theory]
    [InlineData(RecordedShop.Hpos, 92, 5)]
    [InlineData(RecordedShop.Legacy, 20, 5)]
    public async Task Every_order_is_what_the_shop_answers_itself(RecordedShop recorded, int orders, int refunds)
    {
        await using var database = await RecordedDatabase.RestoreAsync(recorded);
        var answers = await Oracle.AnswersAsync(recorded);
        Assert.Equal((orders, refunds), (answers.Count, answers.Sum(a => a.Refunds.Count)));
        var read = await ReadAsync(database, answers.Select(a => a.Order.GetProperty("id").ToString()));
        foreach (var (answer, itsRefunds) in answers)
        {
            var order = read[answer.GetProperty("id").ToString()];
            Assert.Equal(Seen(OrderPayload.Read(database.Shop, order.ExternalId, answer), 6), Seen(order, 6));
            Assert.False(order.Rounded);
            Assert.Equal(itsRefunds.Select(Said), order.Refunds!.Select(Seen));
        }
    }

    [Theory]
    [InlineData(RecordedShop.Hpos, 92)]
    [InlineData(RecordedShop.Legacy, 12)]
    public async Task A_webhook_and_the_database_give_the_same_order(RecordedShop recorded, int orders)
    {
        await using var database = await RecordedDatabase.RestoreAsync(recorded);
        var deliveries = Oracle.Deliveries(recorded);
        var read = await ReadAsync(database, (await Oracle.AnswersAsync(recorded)).Select(a => a.Order.GetProperty("id").ToString()));
        var compared = 0;
        foreach (var order in read.Values)
        {
            // The last delivery of the state in the database.
            var delivered = deliveries[order.ExternalId].Select(d => OrderPayload.Read(database.Shop, order.ExternalId, d)).LastOrDefault(d => d.UpdatedAt == order.UpdatedAt);
            if (delivered is null)
                continue;
            // A payload rounds each rate's tax before it adds them up.
            Assert.All(delivered.Lines.Zip(order.Lines), l => Assert.InRange(l.First.Tax - l.Second.Tax, -0.01m, 0.01m));
            Assert.Equal(Seen(WithoutLineTaxes(delivered), 2), Seen(WithoutLineTaxes(order), 2));
            compared++;
        }
        Assert.Equal(orders, compared);
    }

    [Theory]
    [InlineData(RecordedShop.Hpos, "utf8mb4")]
    [InlineData(RecordedShop.Legacy, "utf8mb3")]
    public async Task An_order_that_is_read_amounts_to_what_a_sweep_says_of_it(RecordedShop recorded, string charset)
    {
        await using var database = await RecordedDatabase.RestoreAsync(recorded, charset: charset);
        var (table, owner) = recorded == RecordedShop.Hpos ? ("wp_wc_orders_meta", "order_id") : ("shop7_postmeta", "post_id");
        await database.ExecuteAsync($"""
            insert into {table} ({owner}, meta_key, meta_value) select {owner}, '_Affiliate_Code ', 'نوروز' from {table} group by {owner};
            insert into {table} ({owner}, meta_key, meta_value) select {owner}, '_affiliate_code', null from {table} group by {owner};
            insert into {database.Prefix}woocommerce_order_items (order_item_name, order_item_type, order_id)
                select 'نوروز', 'coupon', order_id from {database.Prefix}woocommerce_order_items group by order_id
            """);
        var reader = await new ShopReaders().OpenAsync(database.Shop, CancellationToken.None);
        var digests = await reader.DigestsAsync(null, DateTimeOffset.MinValue, 1_000, CancellationToken.None);
        var (ids, _) = await reader.IdsAsync(null, 1_000, CancellationToken.None);
        Assert.Equal(digests.Select(d => d.Id), ids);
        Assert.Equal(digests, (await reader.ReadAsync(ids, null, CancellationToken.None)).Select(r => r.Digest!));
    }

    static async Task<Dictionary<string, Order>> ReadAsync(RecordedDatabase database, IEnumerable<string> ids)
    {
        var reader = await new ShopReaders().OpenAsync(database.Shop, CancellationToken.None);
        var readings = await reader.ReadAsync([.. ids], null, CancellationToken.None);
        Assert.All(readings, r => Assert.Null(r.Problem));
        return readings.ToDictionary(r => r.Id, r => r.Order!);
    }

    /// <summary>All that a payload carries, with as many decimals.</summary>
    static string Seen(Order order, int decimals) => JsonSerializer.Serialize(order with
    {
        Rounded = false,
        Total = Round(order.Total, decimals),
        Tax = Round(order.Tax, decimals),
        Shipping = Round(order.Shipping, decimals),
        Fees = Round(order.Fees, decimals),
        Discount = Round(order.Discount, decimals),
        Lines = [.. order.Lines.Select(l => l with
        {
            Categories = [], Quantity = Round(l.Quantity, 0), Subtotal = Round(l.Subtotal, decimals), Total = Round(l.Total, decimals), Tax = Round(l.Tax, decimals),
        })],
        Refunds = [.. order.Refunds!.Select(r => r with { Amount = Round(r.Amount, decimals), Lines = null, OccurredAt = null })],
    }, Json.Options);

    static Order WithoutLineTaxes(Order order) => order with { Lines = [.. order.Lines.Select(l => l with { Tax = 0 })] };

    static string Said(JsonElement refund)
    {
        var items = new[] { "line_items", "shipping_lines", "fee_lines" }.Any(kind => refund.GetProperty(kind).GetArrayLength() > 0);
        var lines = refund.GetProperty("line_items").EnumerateArray().Select(l => (
            Line: l.GetProperty("meta_data").EnumerateArray().Single(m => m.GetProperty("key").GetString() == "_refunded_item_id").GetProperty("value").GetString(),
            Amount: -decimal.Parse(l.GetProperty("total").GetString()!), Quantity: -l.GetProperty("quantity").GetDecimal()));
        return Text(refund.GetProperty("id").ToString(), decimal.Parse(refund.GetProperty("amount").GetString()!), refund.GetProperty("reason").GetString(),
            refund.GetProperty("date_created_gmt").GetDateTime(), items ? lines : null);
    }

    static string Seen(Refund refund) => Text(refund.ExternalId, refund.Amount, refund.Reason, refund.OccurredAt!.Value.UtcDateTime,
        refund.Lines?.Select(l => ((string?)l.ExternalId, l.Amount, l.Quantity ?? 0)));

    static string Text(string id, decimal amount, string? reason, DateTime at, IEnumerable<(string? Line, decimal Amount, decimal Quantity)>? lines) =>
        $"{id} {amount:F6} {reason} {at:s} {(lines is null ? "amount only" : string.Join(' ', lines.Select(l => $"{l.Line}:{l.Amount:F6}×{l.Quantity:0}")))}";

    static decimal Round(decimal amount, int decimals) => decimal.Parse(decimal.Round(amount, decimals, MidpointRounding.AwayFromZero).ToString("0.######"));
}
