using System.Net;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>Every reason why a change is not heard of, made real in the recorded shop: named while it lasts, and after the sync has mended it.</summary>
public sealed class DriftCauseTests
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothDatabases]
    public async Task Webhooks_that_cannot_tell_are_named_with_what_is_wrong_with_them(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db);
        var missing = "";
        foreach (var (cause, said, origin, change) in new[]
        {
            ("webhook-disabled", "WooCommerce has disabled the webhook after failed deliveries, and sends nothing of what happened since (6 failed in a row).", "http://203.0.113.9",
                "update wp_wc_webhooks set status = 'disabled', failure_count = 6"),
            ("webhook-disabled", "the webhook was paused by hand", "http://203.0.113.9", "update wp_wc_webhooks set status = 'paused'"),
            ("webhook-topic-missing", "order.updated: the shop has no webhook for it", "http://203.0.113.9", "delete from wp_wc_webhooks where topic = 'order.updated'"),
            ("webhook-url-refused", "its port 8443 is none of 80, 443 and 8080", "https://203.0.113.9:8443", ""),
            ("webhook-url-refused", "10.1.2.3 is an address of a private network", "http://10.1.2.3", ""),
            ("webhook-url-refused", "127.0.0.1 is an address of a private network", "http://127.0.0.1:8080", ""),
            ("webhook-url-refused", "the name partners.invalid has no IPv4 address", "https://partners.invalid", ""),
            ("webhook-sends-errors", "API version 1, which signs errors instead of orders", "http://203.0.113.9", "update wp_wc_webhooks set api_version = 1"),
            ("webhook-missing", "No webhook of the shop points to this sidecar.", "http://203.0.113.9", "delete from wp_wc_webhooks"),
        })
        {
            story.App.Clock.Advance(Hour);
            await story.WebhooksAsync(origin, change);
            var id = await story.CancelAsync();
            var commission = (await story.App.ShopOrderAsync(id))!["commission"]!.ToJsonString();
            var found = await story.NamesAsync(id, cause, said);
            Assert.Equal("different", (string?)found["kind"]);
            Assert.Equal(commission, found["at_stake"]!.ToJsonString().Replace("\"-", "\"", StringComparison.Ordinal));
            missing = id;
        }
        // Still without webhooks, a whole order.
        story.App.Clock.Advance(Hour);
        Assert.NotEqual(missing, await story.PlaceAsync());
        Assert.Equal("missing", (string?)(await story.NamesAsync(DriftStory.Held, "webhook-missing", "No webhook of the shop points to this sidecar."))["kind"]);
        await story.App.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Deliveries_that_arrived_and_were_of_no_use_are_named_with_the_reason(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db);
        story.App.Clock.Advance(Hour);
        var refused = await story.CancelAsync();
        Assert.Equal("ignored", await story.App.DeliverAsync("order.updated", SomeDelivery.Order(long.Parse(refused), currency: "XXY")));
        await story.NamesAsync(refused, "delivery-refused", "was not used: The currency XXY is not known.");

        // A shop that sends during the checkout has no order to send, and signs the error.
        story.App.Clock.Advance(Hour);
        using (var error = await story.App.Anonymous.SendAsync(SomeDelivery.Request("order.updated", """{"code":"rest_no_route","message":"No route","data":{"status":404}}""")))
            Assert.Equal(HttpStatusCode.OK, error.StatusCode);
        await story.NamesAsync(await story.CancelAsync(), "webhook-sends-errors", "remove the filter woocommerce_webhook_deliver_async");

        story.App.Clock.Advance(Hour);
        var forged = await story.CancelAsync();
        using (var answer = await story.App.Anonymous.SendAsync(SomeDelivery.Request("order.updated", "{}", secret: "another")))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        // Wrong signatures are written by and by.
        for (var i = 0; i < 200 && await SignaturesAsync(story.App) == 0; i++, await Task.Delay(50, Cancel))
            story.App.Clock.Advance(TimeSpan.FromSeconds(1));
        await story.NamesAsync(forged, "signature-wrong", "set the same secret in every webhook and in Sidecar:Shops:name:WebhookSecret");
    }

    [Theory, BothDatabases]
    public async Task What_the_queue_holds_what_nothing_announces_and_what_was_before_are_told_apart(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db);
        foreach (var (status, cause, said) in new[]
        {
            ("pending", "waiting-in-queue", "call wp-cron.php every minute"), ("failed", "failed-in-queue", "WooCommerce → Status → Scheduled Actions"),
            (null, "not-announced", "WooCommerce does not send again"),
        })
        {
            story.App.Clock.Advance(Hour);
            var id = await story.CancelAsync();
            if (status is not null)
                await story.Shop.ExecuteAsync("insert into wp_actionscheduler_actions (hook, status, scheduled_date_gmt, args) values "
                    + $$"""('woocommerce_deliver_webhook_async', '{{status}}', {{DriftStory.Sql(story.App.Clock.GetUtcNow())}}, '{"webhook_id":102,"arg":{{id}}}')""");
            story.App.Clock.Advance(TimeSpan.FromMinutes(20));
            await story.NamesAsync(id, cause, said);
            await story.Shop.ExecuteAsync("delete from wp_actionscheduler_actions");
        }
        await story.WebhooksAsync(change: "update wp_wc_webhooks set failure_count = 2");
        var failing = await story.CancelAsync();
        story.App.Clock.Advance(TimeSpan.FromMinutes(20));
        await story.NamesAsync(failing, "webhook-failing", "(2 failed in a row)");
        await story.NamesAsync(await story.CancelAsync("date_updated_gmt + interval 1 second"), "before-connection", "before the sidecar stood beside the shop");
        await story.NamesAsync(await story.CancelAsync("date_updated_gmt"), "edited-in-database", "directly in the shop's database: its content differs, its date does not");
    }

    [Theory, BothDatabases]
    public async Task What_may_still_be_under_way_is_not_called_lost_before_a_quarter_of_an_hour(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db);
        story.App.Clock.Advance(Hour);
        var id = await story.CancelAsync();
        await story.NamesAsync(id, "under-way", "may still be under way");
        Assert.Equal("ok", await ReadinessAsync(story.App));
        story.App.Clock.Advance(TimeSpan.FromMinutes(16));
        await story.App.SyncAsync();
        Assert.Equal("not-announced", (string?)(await story.App.DriftAsync())["recovered"]!["data"]!.AsArray().Single()!["cause"]);
        Assert.Equal("degraded", await ReadinessAsync(story.App));
    }

    [Theory, BothDatabases]
    public async Task What_was_sent_while_the_sidecar_was_down_says_from_when_to_when(Db db)
    {
        await using var story = await DriftStory.BeginAsync(db);
        var folder = Directory.CreateTempSubdirectory("sidecar-node-").FullName;
        var services = story.App.Services;
        var since = story.App.Clock.GetUtcNow();
        // The next start of the service, two hours after its last beat.
        using (var node = new Heartbeat(services.GetRequiredService<Database>(), new DataFolder(new ConfigurationBuilder().AddInMemoryCollection([new("data", folder)]).Build()),
            services.GetRequiredService<ShopDirectory>(), new FakeTimeProvider(since + 2 * Hour), NullLogger<Heartbeat>.Instance))
        {
            await node.StartAsync(Cancel);
            for (var i = 0; i < 200 && !node.HasBegun; i++)
                await Task.Delay(50, Cancel);
        }
        story.App.Clock.Advance(Hour);
        var id = await story.CancelAsync();
        story.App.Clock.Advance(2 * Hour);
        await story.NamesAsync(id, "sidecar-down", FormattableString.Invariant($"was not running from {since:yyyy-MM-dd HH:mm} to {since + 2 * Hour:yyyy-MM-dd HH:mm} UTC"));
        await story.NamesAsync(await story.CancelAsync(DriftStory.Sql(story.App.Clock.GetUtcNow() - TimeSpan.FromMinutes(20))), "not-announced", "No delivery of it arrived");
        Directory.Delete(folder, recursive: true);
    }

    [Theory, BothDatabases]
    public async Task In_posts_an_edit_of_lines_moves_no_date_either_and_both_are_named(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Legacy);
        await DriftStory.WebhooksAsync(shop);
        await using var app = await ConnectedApp.StartAsync(db, shop.ConnectionString, shop.Prefix);
        await app.SyncAsync();
        await shop.ExecuteAsync($"update {shop.Prefix}posts set post_status = 'wc-cancelled' where ID = 52");
        var found = Assert.Single((await app.DriftAsync())["data"]!.AsArray())!;
        Assert.Equal(("52", "edited-in-database"), ((string?)found["external_id"], (string?)found["cause"]));
        Assert.Contains("directly in the shop's database, or its lines in the order's screen", (string?)found["detail"]!.AsArray()[^1], StringComparison.Ordinal);
        // Where a webhook is switched off as well, that is the likelier reason.
        await shop.ExecuteAsync($"update {shop.Prefix}wc_webhooks set status = 'disabled', failure_count = 6");
        Assert.Equal("webhook-disabled", (string?)(await app.DriftAsync())["data"]![0]!["cause"]);
    }

    static async Task<string?> ReadinessAsync(SidecarApp app) =>
        (string?)(await app.GetAsync("/readyz"))["checks"]!.AsArray().Single(c => (string?)c!["name"] == "shop-database")!["status"];

    static async Task<int> SignaturesAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.DeliveryRefusals.CountAsync(r => r.Reason == WooCommerce.DeliveryLog.Signature, Cancel);
    }
}
