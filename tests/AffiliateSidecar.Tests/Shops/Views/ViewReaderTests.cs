using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops.Views;

public sealed class ViewReaderTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_read_whole()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.ExecuteAsync("""
            INSERT INTO afs_orders VALUES (7, 'wc-Completed', 'eur', '2026-11-20 10:00:00', '2026-11-21 08:30:00.250000', 131.94, 20.94, 5, 1.5, 10.123456, 42, 'a@example.com', 'de',
              '203.0.113.9', 1, 'cod', 'SARA10, extra,,SARA10', 'clk_1', 'sara', 'https://shop.example/?ref=sara');
            INSERT INTO afs_order_lines VALUES (7, 2, 77, 'TEA-1', 'چای سبز گیلان', 'tea, green', 2, 110.123456, 100.0, 19.0), (7, 1, 0, '', NULL, NULL, 1, NULL, 4.5, 0), (8, 3, 1, 'X', 'X', 'x', 1, 1, 1, 1);
            INSERT INTO afs_refunds VALUES (7, 5, -59.5, 'شکسته رسید', '2026-11-22 09:00:00', NULL), (7, 6, 3, NULL, '0000-00-00', 1), (7, 9, 2, NULL, NULL, 0);
            INSERT INTO afs_refund_lines VALUES (7, 5, 2, -50, -1);
            """);

        var reading = Assert.Single(await (await shop.OpenAsync()).ReadAsync(["7"], null, Cancel));

        Assert.Null(reading.Problem);
        Assert.False(reading.IsGone);
        Assert.InRange((DateTimeOffset.UtcNow - reading.ReadAt).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        var order = reading.Order!;
        Assert.Equal(("corner", "7", "completed", "EUR"), (order.Shop, order.ExternalId, order.Status, order.Currency));
        Assert.Equal((Utc("2026-11-20T10:00:00Z"), Utc("2026-11-21T08:30:00.25Z")), (order.PlacedAt, order.UpdatedAt));
        Assert.Equal((131.94m, 20.94m, 5m, 1.5m, 10.123456m), (order.Total, order.Tax, order.Shipping, order.Fees, order.Discount));
        Assert.Equal(new Customer { ExternalId = "42", Email = "a@example.com", IsNew = true, Country = "DE", Ip = "203.0.113.0", Address = "203.0.113.9" }, order.Customer);
        Assert.Equal(("cod", "clk_1", "sara"), (order.PaymentMethod, order.ClickId, order.PartnerCode));
        Assert.Equal(["SARA10", "extra"], order.Coupons);
        Assert.Equal("https://shop.example/?ref=sara", order.Landing!["landing_url"]);
        Assert.False(order.Rounded);

        Assert.Equal(["1", "2"], order.Lines.Select(l => l.ExternalId));
        var tea = order.Lines[1];
        Assert.Equal(("77", "TEA-1", "چای سبز گیلان", 2m, 110.123456m, 100m, 19m), (tea.ProductId, tea.Sku, tea.Name, tea.Quantity, tea.Subtotal, tea.Total, tea.Tax));
        Assert.Equal(["tea", "green"], tea.Categories);
        Assert.Equal((null, null, 4.5m), (order.Lines[0].ProductId, order.Lines[0].Sku, order.Lines[0].Subtotal));

        Assert.Equal(["5", "6", "9"], order.Refunds!.Select(r => r.ExternalId));
        var broken = order.Refunds![0];
        Assert.Equal((59.5m, "شکسته رسید", Utc("2026-11-22T09:00:00Z")), (broken.Amount, broken.Reason, broken.OccurredAt));
        Assert.Equal(new RefundLine { ExternalId = "2", Amount = 50, Quantity = 1 }, Assert.Single(broken.Lines!));
        Assert.Null(order.Refunds[1].OccurredAt);
        Assert.Empty(order.Refunds[1].Lines!);
        Assert.Null(order.Refunds[2].Lines);
    }

    [Fact]
    public async Task Only_the_columns_that_are_there_are_asked_for_and_ids_may_be_text()
    {
        await using var shop = await SomeViews.TextsAsync();
        await shop.ExecuteAsync("""
            INSERT INTO afs_orders VALUES ('A-17', 'processing', 'IRT', '2026-11-20T10:00:00Z', '2026-11-20 10:00:00', '4500000'), ('a-17', 'completed', 'IRT', '2026-11-20', '2026-11-20', '1e3'),
              ('سفارش ۱', 'completed', 'IRT', '2026-11-20', '2026-11-20', '10');
            INSERT INTO afs_order_lines VALUES ('A-17', 'L1', '1.5', '4500000'), ('a-17', 'L2', NULL, '1000');
            INSERT INTO afs_refunds VALUES ('A-17', 'R1', '500000');
            """);
        var reader = await shop.OpenAsync();

        var readings = await reader.ReadAsync(["A-17", "a-17", "سفارش ۱", "B-1"], null, Cancel);

        Assert.Equal(["A-17", "a-17", "سفارش ۱", "B-1"], readings.Select(r => r.Id));
        Assert.Equal([4500000m, 1000m, 10m], readings.Take(3).Select(r => r.Order!.Total));
        Assert.Equal((1.5m, "L1"), (readings[0].Order!.Lines.Single().Quantity, readings[0].Order!.Lines.Single().ExternalId));
        Assert.Equal((1m, "L2"), (readings[1].Order!.Lines.Single().Quantity, readings[1].Order!.Lines.Single().ExternalId));
        Assert.Null(Assert.Single(readings[0].Order!.Refunds!).Lines);
        Assert.Empty(readings[1].Order!.Refunds!);
        Assert.True(readings[3].IsGone);
        Assert.Null(readings[3].Digest);
        Assert.Equal(500000m, readings[0].Digest!.Refunded);
        Assert.Equal(["A-17", "سفارش ۱"], (await reader.ExistingAsync(["A-17", "B-1", "سفارش ۱"], Cancel)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("status = ''", "status")]
    [InlineData("status = 'on hold!'", "status")]
    [InlineData("currency = 'GOLD'", "GOLD is not known")]
    [InlineData("currency = NULL", "currency")]
    [InlineData("total = NULL", "no total")]
    [InlineData("total = -1", "negative")]
    [InlineData("total = 99999999999999", "total is not an amount")]
    [InlineData("tax = 99999999999999", "tax is not an amount")]
    [InlineData("placed_at = '0000-00-00 00:00:00', updated_at = NULL", "no date")]
    [InlineData("placed_at = '1970-01-01 00:00:00', updated_at = '3026-01-01 00:00:00'", "no date")]
    public async Task A_bad_order_is_one_orders_problem(string change, string problem)
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1);
        await shop.OrderAsync(2);
        await shop.ExecuteAsync($"UPDATE afs_orders SET {change} WHERE external_id = 1");
        var reader = await shop.OpenAsync();

        var readings = await reader.ReadAsync(["1", "2"], null, Cancel);

        Assert.Contains(problem, readings[0].Problem);
        Assert.DoesNotContain("example.com", readings[0].Problem);
        Assert.Null(readings[0].Order);
        Assert.NotNull(readings[0].Digest);
        Assert.False(readings[0].IsGone);
        Assert.NotNull(readings[1].Order);
        Assert.InRange((await reader.DigestsAsync(null, Utc("2026-11-01T00:00:00Z"), 10, Cancel)).Max(d => d.Text.Length), 20, 190);
    }

    [Theory]
    [InlineData("INSERT INTO afs_order_lines (order_id, external_id, total) VALUES (1, NULL, 3)", "line of it has no id")]
    [InlineData("UPDATE afs_order_lines SET quantity = 2000000 WHERE order_id = 1", "quantity")]
    [InlineData("INSERT INTO afs_refunds (order_id, external_id, amount) VALUES (1, NULL, 3)", "refund of it has no id")]
    [InlineData("INSERT INTO afs_refunds (order_id, external_id, amount) VALUES (1, 5, 3); INSERT INTO afs_refund_lines (order_id, refund_id, amount) VALUES (1, 5, 3)", "line of a refund")]
    public async Task A_bad_row_beneath_an_order_is_its_problem_too(string change, string problem)
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1);
        await shop.OrderAsync(2);
        await shop.ExecuteAsync(change);

        var readings = await (await shop.OpenAsync()).ReadAsync(["1", "2"], null, Cancel);

        Assert.Contains(problem, readings[0].Problem);
        Assert.NotNull(readings[1].Order);
    }

    [Fact]
    public async Task Garbage_in_text_columns_stops_nobody_else()
    {
        await using var shop = await SomeViews.TextsAsync();
        await shop.ExecuteAsync("""
            INSERT INTO afs_orders VALUES ('1', 'completed', 'EUR', 'yesterday', '2026-11-20 10:00:00', '12,50'), ('2', 'completed', 'EUR', 'yesterday', '2026-11-20 10:00:00', '12.50'),
              ('2', 'completed', 'EUR', '', '2026-11-20 10:00:00', '12.50'), ('3', 'completed', 'EUR', NULL, '2026-11-20 10:00:00', '12.50'), (NULL, 'completed', 'EUR', NULL, '2026-11-20', '1'),
              (CONCAT('4', CHAR(10)), 'completed', 'EUR', NULL, '2026-11-20', '1'), (CONCAT('5', CHAR(10), '5'), 'completed', 'EUR', NULL, '2026-11-20', '1'), (REPEAT('9', 120), 'completed', 'EUR', NULL, '2026-11-20', '1');
            """);
        var reader = await shop.OpenAsync();

        var readings = await reader.ReadAsync(["1", "2", "3"], null, Cancel);

        Assert.Equal("Its total is not an amount.", readings[0].Problem);
        Assert.Contains("has it 2 times", readings[1].Problem);
        Assert.Equal(Utc("2026-11-20T10:00:00Z"), readings[2].Order!.PlacedAt);
        Assert.Equal(0, readings[0].Digest!.Total);
        var all = new List<string>();
        for (string? after = null; await reader.DigestsAsync(after, DateTimeOffset.MinValue, 2, Cancel) is { Count: > 0 } page; after = page[^1].Id)
            all.AddRange(page.Select(d => d.Id));
        Assert.Equal(["1", "2", "3", "4"], all);
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        await using var shop = await SomeViews.EmptyAsync();
        Assert.Contains("afs_orders", (await Assert.ThrowsAsync<ShopDatabaseException>(shop.OpenAsync)).Message);
        await shop.ExecuteAsync("CREATE TABLE afs_orders (external_id INT, status TEXT, currency TEXT, placed_at DATETIME, total INT)");
        var message = (await Assert.ThrowsAsync<ShopDatabaseException>(shop.OpenAsync)).Message;
        Assert.Contains("The view afs_orders has no column updated_at", message);
        Assert.Contains("docs/shop-database.md", message);
        await shop.ExecuteAsync("ALTER TABLE afs_orders ADD updated_at DATETIME; CREATE TABLE afs_order_lines (order_id INT, external_id INT, total INT)");
        Assert.Contains("afs_refunds", (await Assert.ThrowsAsync<ShopDatabaseException>(shop.OpenAsync)).Message);
        var stranger = shop.Shop with { ConnectionString = new MySqlConnectionStringBuilder(shop.Shop.ConnectionString!) { UserID = "stranger" }.ConnectionString };
        Assert.Contains("refuses the user name or the password", (await Assert.ThrowsAsync<ShopDatabaseException>(() => ViewReader.OpenAsync(stranger, ShopDb.OptionsFor(stranger), Cancel))).Message);
    }

    [Fact]
    public async Task A_view_that_breaks_later_is_named_too()
    {
        await using var shop = await SomeViews.EmptyAsync();
        await shop.ExecuteAsync("""
            CREATE TABLE base (id INT, total INT);
            CREATE VIEW afs_orders AS SELECT id AS external_id, 'completed' AS status, 'EUR' AS currency, NOW() AS placed_at, NOW() AS updated_at, total FROM base;
            CREATE VIEW afs_order_lines AS SELECT id AS order_id, id AS external_id, total FROM base;
            CREATE VIEW afs_refunds AS SELECT id AS order_id, id AS external_id, total AS amount FROM base;
            """);
        var reader = await shop.OpenAsync();
        await shop.ExecuteAsync("ALTER TABLE base DROP total");
        Assert.Contains("The view afs_orders does not work", (await Assert.ThrowsAsync<ShopDatabaseException>(() => reader.ReadAsync(["1"], null, Cancel))).Message);
        await shop.ExecuteAsync("DROP VIEW afs_orders");
        Assert.Contains("no view afs_orders", (await Assert.ThrowsAsync<ShopDatabaseException>(() => reader.CountAsync(DateTimeOffset.UnixEpoch, Cancel))).Message);
    }

    [Fact]
    public async Task A_statement_that_takes_too_long_is_given_up_and_named()
    {
        await using var shop = await SomeViews.EmptyAsync();
        await shop.ExecuteAsync("""
            CREATE VIEW afs_orders AS SELECT 1 AS external_id, 'completed' AS status, 'EUR' AS currency, NOW() AS placed_at, NOW() AS updated_at, SLEEP(20) AS total;
            CREATE TABLE afs_order_lines (order_id INT, external_id INT, total INT);
            CREATE TABLE afs_refunds (order_id INT, external_id INT, amount INT);
            """);
        var impatient = shop.Shop with { StatementTimeout = TimeSpan.FromSeconds(1) };
        var reader = await ViewReader.OpenAsync(impatient, ShopDb.OptionsFor(impatient), Cancel);
        Assert.Contains("took too long", (await Assert.ThrowsAsync<ShopDatabaseException>(() => reader.ReadAsync(["1"], null, Cancel))).Message);
    }

    [Fact]
    public async Task Thousands_are_read_in_a_handful_of_statements_each_five_hundred()
    {
        // The server counts what everybody asks it: one of the test's own.
        await using var server = await MariaDbServer.StartOwnAsync();
        var shop = await SomeViews.NumberedAsync(server);
        await shop.ExecuteAsync("""
            INSERT INTO afs_orders (external_id, status, currency, placed_at, updated_at, total) SELECT seq, 'completed', 'EUR', '2026-11-20', '2026-11-20', seq FROM seq_1_to_5000;
            INSERT INTO afs_order_lines (order_id, external_id, quantity, total) SELECT 1 + seq DIV 2, seq, 1, 1 FROM seq_0_to_9999;
            """);
        var reader = await shop.OpenAsync();
        var before = await StatementsAsync();
        var readings = await reader.ReadAsync([.. Enumerable.Range(1, 5000).Select(i => $"{i}")], null, Cancel);
        var statements = await StatementsAsync() - before;

        Assert.All(readings, r => Assert.Equal((2, decimal.Parse(r.Id)), (r.Order!.Lines.Count, r.Order.Total)));
        // Seven a chunk, and a few for the connection, the snapshot and the counting.
        Assert.InRange(statements, 70, 80);

        async Task<long> StatementsAsync()
        {
            await using var connection = new MySqlConnector.MySqlConnection(shop.Shop.ConnectionString);
            await connection.OpenAsync(Cancel);
            await using var command = new MySqlConnector.MySqlCommand(
                "SELECT SUM(variable_value) FROM information_schema.global_status WHERE variable_name = 'COM_SELECT'", connection);
            return Convert.ToInt64(await command.ExecuteScalarAsync(Cancel));
        }
    }

    [Fact]
    public async Task Orders_are_counted_from_a_day_on()
    {
        await using var shop = await SomeViews.NumberedAsync();
        await shop.OrderAsync(1, "2026-11-01 00:00:00");
        await shop.OrderAsync(2, "2026-11-02 00:00:00");
        var reader = await shop.OpenAsync();
        Assert.Equal(2, await reader.CountAsync(Utc("2026-11-01T00:00:00Z"), Cancel));
        Assert.Equal(1, await reader.CountAsync(Utc("2026-11-01T00:00:01Z"), Cancel));
        Assert.Equal(2, await reader.CountAsync(DateTimeOffset.MinValue, Cancel));
    }

    static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);
}
