using Xunit;

namespace AffiliateSidecar.Shops.Views;

public sealed class ViewDigestTests
{
    static readonly DateTimeOffset Ever = DateTimeOffset.UnixEpoch;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_the_order_amounts_to()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1);
        await shop.ExecuteAsync("INSERT INTO afs_refunds (order_id, external_id, amount) VALUES (1, 1, -10.5), (1, 2, 4.25)");
        var digest = Assert.Single(await (await shop.OpenAsync()).DigestsAsync(null, Ever, 10, Cancel));
        Assert.Equal(("1", "completed", "EUR", 119m, 2, 14.75m), (digest.Id, digest.Status, digest.Currency, digest.Total, digest.Refunds, digest.Refunded));
        Assert.Equal(DateTimeOffset.Parse("2026-11-20T10:00:00Z"), digest.UpdatedAt);
        Assert.StartsWith("completed|EUR|119|2|14.75|20261120100000|", digest.Text);
    }

    [Theory]
    [InlineData("UPDATE afs_orders SET status = 'cancelled' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET currency = 'USD' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET total = 120 WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET tax = 20 WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET fees = 1 WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET coupons = 'SARA10' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET payment_method = 'cod' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET click_id = 'clk_1' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET placed_at = '2026-10-01' WHERE external_id = 1")]
    [InlineData("UPDATE afs_orders SET updated_at = '2026-11-21' WHERE external_id = 1")]
    [InlineData("UPDATE afs_order_lines SET total = 99 WHERE order_id = 1")]
    [InlineData("UPDATE afs_order_lines SET subtotal = NULL WHERE order_id = 1")]
    [InlineData("UPDATE afs_order_lines SET quantity = 2 WHERE order_id = 1")]
    [InlineData("UPDATE afs_order_lines SET product_id = 5 WHERE order_id = 1")]
    [InlineData("DELETE FROM afs_order_lines WHERE order_id = 1")]
    [InlineData("INSERT INTO afs_order_lines SELECT * FROM afs_order_lines WHERE order_id = 1")]
    [InlineData("UPDATE afs_refunds SET amount = 11 WHERE order_id = 1")]
    [InlineData("UPDATE afs_refunds SET lines_known = 1 WHERE order_id = 1")]
    [InlineData("DELETE FROM afs_refunds WHERE order_id = 1")]
    [InlineData("INSERT INTO afs_refunds (order_id, external_id, amount) VALUES (1, 8, 0)")]
    [InlineData("UPDATE afs_refund_lines SET amount = 9 WHERE order_id = 1")]
    [InlineData("UPDATE afs_refund_lines SET line_id = 11 WHERE order_id = 1")]
    [InlineData("DELETE FROM afs_refund_lines WHERE order_id = 1")]
    public async Task It_changes_with_every_edit_that_concerns_money_and_no_other_does(string edit)
    {
        await using var shop = await SomeViews.NumberedAsync();
        foreach (var id in new[] { 1, 2 })
        {
            await shop.OrderAsync(id);
            await shop.ExecuteAsync($"INSERT INTO afs_refunds VALUES ({id}, {id}, 10, NULL, NULL, NULL); INSERT INTO afs_refund_lines VALUES ({id}, {id}, {id * 10}, 8.40, 1)");
        }
        var reader = await shop.OpenAsync();
        var before = await reader.DigestsAsync(null, Ever, 10, Cancel);

        await shop.ExecuteAsync("UPDATE afs_order_lines SET name = 'Renamed', categories = 'other'; UPDATE afs_orders SET customer_email = '[deleted]', customer_id = 0");
        Assert.Equal(before, await reader.DigestsAsync(null, Ever, 10, Cancel));
        await shop.ExecuteAsync(edit);

        var after = await reader.DigestsAsync(null, Ever, 10, Cancel);
        Assert.NotEqual(before[0].Text, after[0].Text);
        Assert.Equal(before[1], after[1]);
    }

    [Fact]
    public async Task An_order_that_is_read_has_the_digest_of_the_sweep_or_the_one_that_is_known()
    {
        await using var shop = await SomeViews.NumberedAsync();
        foreach (var id in new[] { 1, 2, 3 })
            await shop.OrderAsync(id);
        await shop.ExecuteAsync("INSERT INTO afs_refunds (order_id, external_id, amount) VALUES (1, 1, 10)");
        var reader = await shop.OpenAsync();
        var swept = await reader.DigestsAsync(null, Ever, 10, Cancel);
        var known = swept.Take(1).ToDictionary(d => d.Id, d => d with { Checksum = "known" });

        var read = await reader.ReadAsync(["3", "1", "2"], known, Cancel);

        Assert.Equal([swept[2], known["1"], swept[1]], read.Select(r => r.Digest));
    }

    [Fact]
    public async Task Pages_go_by_id_as_numbers_and_leave_out_what_was_placed_before()
    {
        await using var shop = await SomeViews.NumberedAsync();
        foreach (var id in new[] { 9, 10, 100, 2 })
            await shop.OrderAsync(id);
        await shop.OrderAsync(50, placedAt: "2026-01-01 00:00:00");
        var reader = await shop.OpenAsync();
        var pages = new List<string>();
        for (string? after = null; await reader.DigestsAsync(after, DateTimeOffset.Parse("2026-11-01T00:00:00Z"), 2, Cancel) is { Count: > 0 } page; after = page[^1].Id)
            pages.Add(string.Join(' ', page.Select(d => d.Id)));
        Assert.Equal(["2 9", "10 100"], pages);
    }
}
