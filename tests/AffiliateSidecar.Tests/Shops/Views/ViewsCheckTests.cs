using System.Text.RegularExpressions;
using AffiliateSidecar.Cli;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops.Views;

/// <summary>What <c>shop check</c> says of the views that the owner has made.</summary>
public sealed class ViewsCheckTests
{
    static readonly string[] Api = ["--Sidecar:Shops:tea:Kind=api", "--Sidecar:Shops:tea:TablePrefix=afs_"];

    /// <summary>Two views and the table behind them, as whoever knows the contract makes them.</summary>
    const string Views = """
        CREATE TABLE sold (id INT PRIMARY KEY, state VARCHAR(20), money VARCHAR(3), at DATETIME, sum DECIMAL(10,2), code VARCHAR(20)) DEFAULT CHARSET utf8mb4;
        INSERT INTO sold VALUES (1, 'completed', 'EUR', '2026-11-20 10:00:00', 119, 'SARA10'), (2, 'cancelled', 'EUR', '2026-11-21 12:30:00', 119, NULL);
        CREATE VIEW afs_orders AS SELECT id AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, sum AS total, code AS coupons FROM sold;
        CREATE VIEW afs_order_lines AS SELECT id AS order_id, id AS external_id, sum AS total FROM sold;
        """;

    const string Refunds = "CREATE VIEW afs_refunds AS SELECT id AS order_id, id AS external_id, sum AS amount FROM sold WHERE 1 = 0";

    [Fact]
    public async Task A_shop_that_is_not_WooCommerce_needs_its_three_views()
    {
        await using var shop = await SmallShop.OpenAsync();
        await shop.AdministratorAsync(Views);
        var account = shop.ConnectionString(shop.User);
        var lacking = await shop.CheckAsync(await shop.AccountAsync("SELECT ON {db}.*"), Api);
        AssertFound(lacking, "failed", "tables", "afs_refunds: It does not exist");
        Assert.Contains("docs/shop-database.md", lacking.Out, StringComparison.Ordinal);
        await shop.AdministratorAsync($"{Refunds}; REVOKE ALL, GRANT OPTION FROM {shop.User}");
        await shop.FollowAsync(await shop.CheckAsync(account, Api));

        var found = await shop.CheckAsync(account, Api);

        Assert.Equal(0, found.Exit);
        AssertFound(found, "ok", "tables", "All 3 tables");
        AssertFound(found, "ok", "columns", "afs_orders has all 6 columns that it must have, and 1 of 20");
        AssertFound(found, "ok", "columns", "no afs_refund_lines, or it may not be read");
        AssertFound(found, "ok", "orders", "2 orders can be read; the newest was placed at 2026-11-21 12:30 UTC");
        await shop.AdministratorAsync("DROP TABLE sold");
        AssertFound(await shop.CheckAsync(account, Api), "failed", "tables", "It is a view on tables that are not there");
    }

    [Theory]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, sum AS total, code AS coupons", "failed", "columns", "afs_orders has no column updated_at.", "Add it")]
    [InlineData("orders", "id AS external_id, money AS currency, at AS placed_at, code AS coupons", "failed", "columns", "afs_orders has no column status, updated_at, total.", "Add them")]
    [InlineData("orders", "id AS external_id, 5 AS status, money AS currency, at AS placed_at, at AS updated_at, sum AS total, code AS coupons", "failed", "columns", "afs_orders.status is INT: it must be a word", "CASE")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, UNIX_TIMESTAMP(at) AS updated_at, sum AS total, code AS coupons", "failed", "columns", "afs_orders.updated_at is BIGINT: it must be a DATETIME", "FROM_UNIXTIME")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, DATE(at) AS updated_at, sum AS total, code AS coupons", "warn", "columns", "afs_orders.updated_at is DATE: it has no time", "time")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, sum * 1e0 AS total, code AS coupons", "warn", "columns", "afs_orders.total is DOUBLE: it has no exact cents", "CAST(total AS DECIMAL")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, at AS total, code AS coupons", "failed", "columns", "afs_orders.total is DATETIME: it must be a number", "DECIMAL")]
    [InlineData("orders", "id * 1e0 AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, sum AS total, code AS coupons", "failed", "columns", "afs_orders.external_id is DOUBLE: ids", "CAST(external_id AS SIGNED)")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, sum AS total", "warn", "columns", "nothing that says who brought an order", "coupons")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, CONVERT_TZ(at, 'Mars/Utopia', '+00:00') AS placed_at, at AS updated_at, sum AS total, code AS coupons", "failed", "rows", "afs_orders.placed_at is empty in every row", "no time zone of that name")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, NULLIF(sum, 119 * (id = 2)) AS total, code AS coupons", "failed", "rows", "afs_orders.total is empty in 1 of 2 rows", "cannot be read")]
    [InlineData("orders", "1 AS external_id, state AS status, money AS currency, at AS placed_at, at AS updated_at, sum AS total, code AS coupons", "failed", "rows", "1 row too many: orders that are there more than once", "join")]
    [InlineData("orders", "id AS external_id, state AS status, money AS currency, at AS placed_at, UTC_TIMESTAMP() + INTERVAL id HOUR AS updated_at, sum AS total, code AS coupons", "warn", "rows", "updated_at lies in the future in 2 rows", "CONVERT_TZ")]
    [InlineData("order_lines", "id AS order_id, id AS external_id, '12,50' AS total", "warn", "columns", "afs_order_lines.total is VARCHAR: one that is no number", "CAST(total AS DECIMAL")]
    [InlineData("order_lines", "id AS order_id, NULL AS external_id, sum AS total", "failed", "rows", "afs_order_lines.external_id is empty in every row", "where the view gets")]
    [InlineData("refunds", "id AS order_id, sum AS amount", "failed", "columns", "afs_refunds has no column external_id.", "Add it")]
    [InlineData("refund_lines", "id AS order_id, id AS line_id, sum AS amount", "failed", "columns", "afs_refund_lines has no column refund_id.", "Add it")]
    public async Task A_column_that_is_not_right_is_named_with_what_to_write(string view, string columns, string condition, string name, string what, string mend)
    {
        await using var shop = await SmallShop.OpenAsync();
        await shop.AdministratorAsync($"{Views} {Refunds}; CREATE OR REPLACE VIEW afs_{view} AS SELECT {columns} FROM sold");
        var found = await shop.CheckAsync(await shop.AccountAsync("SELECT ON {db}.*"), Api);
        Assert.Equal(condition == "failed" ? 1 : 0, found.Exit);
        AssertFound(found, condition, name, what);
        Assert.Contains(mend, found.Out, StringComparison.Ordinal);
        Assert.Contains("docs/shop-database.md", found.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PrestaShop 8")]
    [InlineData("OpenCart 4")]
    public async Task The_guides_own_views_are_right(string name)
    {
        await using var shop = await PublishedShop.OpenAsync(name);
        using var cli = new CommandFolder();
        // As the owner of the server, so only the account is found fault with.
        var found = await cli.RunAsync(["shop", "check", .. Api, $"--Sidecar:Shops:tea:ConnectionString={shop.ConnectionString}"]);
        Assert.Equal(4, Regex.Count(found.Out, "(?m)^ok +columns +"));
        Assert.Empty(Regex.Matches(found.Out, @"(?m)^(warn|failed)\s+(?!account)\w+").Select(m => m.Value));
    }

    static void AssertFound(CliResult result, string condition, string name, string said) =>
        Assert.Matches($"(?m)^{condition} +{name} +.*{Regex.Escape(said)}", result.Out);
}
