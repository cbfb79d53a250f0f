using System.Net;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Support;
using LinqToDB.Data;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>What the shop's own tables say of its webhooks, read from a real database.</summary>
public sealed class WebhookHealthTests
{
    static readonly FakeTimeProvider Clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static ShopSettings Settings(string connection, string prefix = "wp_") =>
        new() { Name = "main", Kind = "woocommerce", Url = new Uri("https://shop.example/"), ConnectionString = connection, TablePrefix = prefix };

    static Task<WebhookVerdict> LookAsync(string connection, string prefix = "wp_") =>
        new WebhookHealth(new HostNames((_, _) => Task.FromResult(new[] { IPAddress.Parse("203.0.113.9") })), Clock).LookAsync(Settings(connection, prefix), Cancel);

    [Fact]
    public async Task Webhooks_are_read_as_they_are()
    {
        await using var shop = await ShopTables.CreateAsync();
        await shop.WebhookAsync("order.updated", "disabled", failures: 6, version: -1);
        await using var db = new ShopDb(ShopDb.OptionsFor(Settings(shop.ConnectionString)), "wp_");
        Assert.Equal(new ShopWebhook
        {
            Id = 1, Status = "disabled", Name = "order.updated", Topic = "order.updated", DeliveryUrl = "http://127.0.0.1/v1/shops/main/webhooks/woocommerce", FailureCount = 6, ApiVersion = -1,
        }, Assert.Single(await ShopWebhook.ReadAsync(db, Cancel)));
        Assert.DoesNotContain("secret", db.LastQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_shops_own_host_and_port_are_read_from_the_shop()
    {
        await using var shop = await ShopTables.CreateAsync();
        await shop.WebhooksAsync(url: "http://127.0.0.1:8088/v1/shops/main/webhooks/woocommerce");
        Assert.Empty((await LookAsync(shop.ConnectionString)).Problems);
        await shop.ExecuteAsync("UPDATE wp_options SET option_value = 'https://shop.example' WHERE option_name = 'home'");
        Assert.Equal([WebhookProblem.UrlRefused], (await LookAsync(shop.ConnectionString)).Problems.Select(p => p.Code));
    }

    [Theory]
    [InlineData("yes", 1)]
    [InlineData("no", 0)]
    public async Task Whether_api_version_1_works_depends_on_the_shops_storage(string hpos, int problems)
    {
        await using var shop = await ShopTables.CreateAsync(hpos: hpos);
        await shop.WebhooksAsync();
        await shop.ExecuteAsync("UPDATE wp_wc_webhooks SET api_version = 1");
        Assert.Equal(problems, (await LookAsync(shop.ConnectionString)).Problems.Count);
    }

    [Fact]
    public async Task The_account_need_not_see_the_secret()
    {
        await using var shop = await ShopTables.CreateAsync($"SELECT ({ShopWebhook.Columns})");
        await shop.WebhooksAsync("disabled", failures: 6);
        var verdict = await LookAsync(shop.ConnectionString);
        Assert.Null(verdict.Unknown);
        Assert.Equal([WebhookProblem.Disabled], verdict.Problems.Select(p => p.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("SELECT (webhook_id, status)")]
    public async Task Without_the_right_the_webhooks_are_not_known_and_the_missing_right_is_named(string rights)
    {
        await using var shop = await ShopTables.CreateAsync(rights);
        var verdict = await LookAsync(shop.ConnectionString);
        Assert.Empty(verdict.Problems);
        Assert.Contains("wp_wc_webhooks", verdict.Unknown?.Sentence, StringComparison.Ordinal);
        Assert.Contains("GRANT SELECT (webhook_id, status", verdict.Unknown?.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_prefix_or_password_and_a_server_that_is_away_are_no_exceptions()
    {
        await using var shop = await ShopTables.CreateAsync();
        Assert.NotNull((await LookAsync(shop.ConnectionString, "shop7_")).Unknown);
        Assert.NotNull((await LookAsync(shop.ConnectionString.Replace("geheim", "falsch", StringComparison.Ordinal))).Unknown);
        Assert.NotNull((await LookAsync($"Server=127.0.0.1;Port={MariaDbServer.FreePort()};User ID=x;Database=x;Connection Timeout=1")).Unknown);
        Assert.NotNull((await LookAsync("this is no connection string")).Unknown);
    }

    [Fact]
    public async Task A_queue_that_does_not_run_is_a_problem()
    {
        await using var shop = await ShopTables.CreateAsync();
        await shop.WebhooksAsync(url: "http://127.0.0.1:8088/v1/shops/main/webhooks/woocommerce");
        await shop.QueuedAsync("""{"webhook_id":1,"arg":38}""", "complete", "2026-11-01 00:00:00");
        await shop.QueuedAsync("[]", at: "2026-11-01 00:00:00", hook: "wc_admin_daily");
        await shop.QueuedAsync("""{"webhook_id":1,"arg":38}""", at: "2026-11-24 11:55:00");
        Assert.Empty((await LookAsync(shop.ConnectionString)).Problems);
        await shop.QueuedAsync("""{"webhook_id":1,"arg":39}""", at: "2026-11-24 09:30:00");
        var problem = Assert.Single((await LookAsync(shop.ConnectionString)).Problems);
        Assert.Equal(WebhookProblem.Waiting, problem.Code);
        Assert.Contains("2026-11-24 09:30", problem.Sentence);
    }

    [Fact]
    public async Task What_waits_or_has_failed_is_found_by_order_and_through_an_index()
    {
        await using var shop = await ShopTables.CreateAsync();
        await shop.ExecuteAsync("INSERT INTO wp_actionscheduler_actions (hook, status, args) SELECT 'woocommerce_deliver_webhook_async', 'failed', CONCAT('{\"webhook_id\":9,\"arg\":', seq, '}') FROM seq_1_to_5000");
        await shop.QueuedAsync("""{"webhook_id":1,"arg":38}""");
        await shop.QueuedAsync("""{"webhook_id":2,"arg":"38"}""", "in-progress", "0000-00-00 00:00:00");
        await shop.QueuedAsync("""{"webhook_id":2,"arg":39}""", "failed", "2026-11-24 10:00:00");
        await shop.QueuedAsync("""{"webhook_id":1,"arg":38}""", "complete");
        await shop.QueuedAsync("""{"webhook_id":3,"arg":38}""");
        await shop.QueuedAsync("""{"webhook_id":1,"arg":380}""");
        await using var db = new ShopDb(ShopDb.OptionsFor(Settings(shop.ConnectionString)), "wp_");
        var found = await DeliveryQueue.ReadAsync(db, [1, 2], ["38", "39", "40", "no number", "38' OR 1=1"], Cancel);
        Assert.Equal(
        [
            new QueuedDelivery("38", 1, false, new DateTimeOffset(2026, 11, 24, 11, 0, 0, TimeSpan.Zero)), new("38", 2, false, null),
            new("39", 2, true, new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero)),
        ], found.OrderBy(q => q.OrderId).ThenBy(q => q.WebhookId));
        var sql = db.LastQuery!;
        foreach (System.Text.RegularExpressions.Match variable in System.Text.RegularExpressions.Regex.Matches(sql, @"@\w+"))
            Assert.Fail($"The text has the parameter {variable.Value}, so it cannot be explained as it is.");
        var plan = await db.QueryToListAsync<Plan>("EXPLAIN " + sql, Cancel);
        Assert.All(plan, p => Assert.True(p.Rows < 100 && p.Key is "args" or "hook_status_scheduled_date_gmt", $"{p.Type} {p.Key} {p.Rows}"));
    }

    sealed class Plan
    {
        [LinqToDB.Mapping.Column("type")] public string? Type { get; set; }
        [LinqToDB.Mapping.Column("key")] public string? Key { get; set; }
        [LinqToDB.Mapping.Column("rows")] public long Rows { get; set; }
    }
}
