using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>The recorded shop with a service that knows its whole history, and changes of its orders of which no delivery comes.</summary>
sealed class DriftStory : IAsyncDisposable
{
    const string Path = "/v1/shops/main/webhooks/woocommerce";

    readonly Queue<string> orders;

    DriftStory(RecordedDatabase shop, SidecarApp app, IEnumerable<string> orders) => (Shop, App, this.orders) = (shop, app, new(orders));

    public RecordedDatabase Shop { get; }

    public SidecarApp App { get; }

    /// <summary>The shop's id of an order that the service has never seen; <see cref="PlaceAsync"/> brings it back.</summary>
    public const string Held = "38";

    /// <summary>Begins with the history read and four webhooks that work, an hour after the service was first started.</summary>
    public static async Task<DriftStory> BeginAsync(Db db, DateTimeOffset? now = null)
    {
        var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await shop.ExecuteAsync($"""
            update wp_options set option_value = 'https://shop.example' where option_name in ('home', 'siteurl');
            create table held as select * from wp_wc_orders where id = {Held};
            delete from wp_wc_orders where id = {Held};
            """);
        var names = new HostNames((name, _) => name == "partners.invalid" ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult(new[] { IPAddress.Parse("203.0.113.9") }));
        var app = await ConnectedApp.StartAsync(db, shop.ConnectionString, names: names, now: now);
        foreach (var partner in DemoShop.Partners)
            await app.PartnerAsync(partner.Code, [.. partner.Aliases]);
        await app.SyncAsync();
        var known = (await app.GetAsync("/v1/orders?shop=main&limit=200"))["data"]!.AsArray().Where(o => o!["commission"] is { } c && (string?)c["amount"] is not "0.00");
        var story = new DriftStory(shop, app, known.Select(o => (string)o!["external_id"]!));
        await story.WebhooksAsync();
        return story;
    }

    /// <summary>Four that work, and then <paramref name="change"/>.</summary>
    public async Task WebhooksAsync(string origin = "http://203.0.113.9", string change = "")
    {
        await WebhooksAsync(Shop, origin);
        if (change.Length > 0)
            await Shop.ExecuteAsync(change);
    }

    public static async Task WebhooksAsync(RecordedDatabase shop, string origin = "http://203.0.113.9")
    {
        await shop.ExecuteAsync($"delete from {shop.Prefix}wc_webhooks; delete from {shop.Prefix}actionscheduler_actions");
        foreach (var (topic, i) in new[] { "order.created", "order.updated", "order.deleted", "order.restored" }.Select((t, i) => (t, i)))
            await shop.ExecuteAsync($"insert into {shop.Prefix}wc_webhooks (webhook_id, status, name, user_id, delivery_url, secret, topic, api_version, failure_count) "
                + $"values ({101 + i}, 'active', '', 1, '{origin}{Path}', 'never-read', '{topic}', 3, 0)");
    }

    /// <summary>An order that has earned is cancelled in the shop.</summary>
    /// <param name="date">When, in SQL; by the service's clock where nothing is said.</param>
    /// <returns>Its id in the shop.</returns>
    public async Task<string> CancelAsync(string? date = null)
    {
        var id = orders.Dequeue();
        await Shop.ExecuteAsync($"update wp_wc_orders set status = 'wc-cancelled', date_updated_gmt = {date ?? Sql(App.Clock.GetUtcNow())} where id = {id}");
        return id;
    }

    /// <summary>The order that was held back is placed now.</summary>
    public async Task<string> PlaceAsync()
    {
        var now = Sql(App.Clock.GetUtcNow());
        await Shop.ExecuteAsync($"update held set date_created_gmt = {now}, date_updated_gmt = {now}; insert into wp_wc_orders select * from held");
        return Held;
    }

    public static string Sql(DateTimeOffset time) => $"'{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}'";

    /// <summary>The only difference is this order's, with its cause; after a sync nothing differs, and what was recovered says the same.</summary>
    public async Task<JsonNode> NamesAsync(string id, string cause, string said)
    {
        var drift = await App.DriftAsync();
        Assert.False((bool)drift["in_step"]!);
        var found = Assert.Single(drift["data"]!.AsArray())!;
        AssertIs(found, id, cause, said);
        Assert.Null(found["recovered_at"]);
        await App.SyncAsync(new { sweep = true });
        drift = await App.DriftAsync();
        Assert.True((bool)drift["in_step"]!);
        Assert.Empty(drift["data"]!.AsArray());
        var recovered = drift["recovered"]!["data"]![0]!;
        AssertIs(recovered, id, cause, said);
        Assert.NotNull(recovered["recovered_at"]);
        Assert.Equal(((string?)found["kind"], found["at_stake"]?.ToJsonString(), found["total"]?.ToJsonString()),
            ((string?)recovered["kind"], recovered["at_stake"]?.ToJsonString(), recovered["total"]?.ToJsonString()));
        return found;
    }

    static void AssertIs(JsonNode order, string id, string cause, string said)
    {
        Assert.Equal((id, cause), ((string?)order["external_id"], (string?)order["cause"]));
        Assert.Contains(said, (string)order["detail"]!.AsArray()[^1]!, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Shop.DisposeAsync();
    }
}
