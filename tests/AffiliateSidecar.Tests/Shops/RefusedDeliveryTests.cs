using System.Net;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>A delivery that arrived and was not used is remembered, since the shop takes it for delivered.</summary>
public sealed class RefusedDeliveryTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Theory, BothDatabases]
    public async Task A_delivery_that_is_not_used_is_remembered_with_its_order_and_its_reason(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var strange = SomeDelivery.Order(53, currency: "XXY");
        Assert.Equal("ignored", await app.DeliverAsync("order.created", strange));
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("ignored", await app.DeliverAsync("order.updated", strange));
        await SendAsync(app, "order.created", """{"code":"rest_no_route","message":"No route was found","data":{"status":404}}""");
        await SendAsync(app, "order.updated", """{"id":111,"amount":"20.00","refunded_by":1}""");
        await SendAsync(app, "order.updated", "{");
        // Of these nobody needs to know.
        await SendAsync(app, "product.deleted", """{"id":53}""");
        await SendAsync(app, "order.exported", """{"id":53}""");
        Assert.Equal("accepted", await app.DeliverAsync("order.created", SomeDelivery.Order(54)));
        var rows = await RowsAsync(app);
        Assert.Equal(
        [
            ("", "The body cannot be read as JSON.", 1), ("", "The body is a refund, which does not say of which order.", 1),
            ("", "The shop signed an error instead of an order: rest_no_route.", 1), ("53", "The currency XXY is not known.", 2),
        ], rows.Select(r => (r.ExternalId, r.Reason, r.Count)));
        Assert.Equal((Noon, Noon.AddMinutes(5)), (rows[^1].FirstAt, rows[^1].LastAt));
        Assert.All(rows, r => Assert.Equal("main", r.Shop));
        // That it was used later does not make it unheard of.
        Assert.Equal("accepted", await app.DeliverAsync("order.updated", SomeDelivery.Order(53)));
        Assert.Contains(await RowsAsync(app), r => r.ExternalId == "53");
    }

    [Theory, BothDatabases]
    public async Task Wrong_signatures_are_one_number_a_shop_however_many_come(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        for (var i = 0; i < 50; i++)
        {
            using var forged = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", SomeDelivery.Order(i).ToJsonString(), secret: i % 2 == 0 ? "guessed" : "again"));
            Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        }
        using var unsigned = await app.Anonymous.PostAsync("/v1/shops/main/webhooks/woocommerce", new StringContent("{}"));
        using var ping = await app.Anonymous.PostAsync("/v1/shops/main/webhooks/woocommerce", new StringContent("webhook_id=1", null, "application/x-www-form-urlencoded"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (unsigned.StatusCode, ping.StatusCode));
        Assert.Empty(await RowsAsync(app));
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        var row = Assert.Single(await UntilAsync(app, rows => rows.Count > 0));
        Assert.Equal(("main", "", DeliveryLog.Signature, 51L), (row.Shop, row.ExternalId, row.Reason, row.Count));
    }

    [Theory, BothDatabases]
    public async Task While_the_database_is_away_the_answers_go_on_and_nothing_is_forgotten(Db db)
    {
        await using var outage = await Outage.PrepareAsync(db);
        await using var app = await SidecarApp.StartAsync(db, connectionString: outage.ConnectionString);
        await SendAsync(app, "order.created", """{"code":"rest_no_route"}""");
        await outage.BeginAsync(app);
        await SendAsync(app, "order.created", """{"code":"rest_no_route"}""");
        await SendAsync(app, "order.created", """{"code":"rest_no_route"}""");
        using var forged = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", "{}", secret: "guessed"));
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        await outage.EndAsync();
        var rows = await UntilAsync(app, rows => rows.Count == 2 && rows.Sum(r => r.Count) == 4);
        Assert.Equal([1, 3], rows.Select(r => r.Count).Order());
    }

    [Theory, BothDatabases]
    public async Task A_refusal_is_forgotten_after_ninety_days(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await using (var connection = app.Services.GetRequiredService<Database>().Open())
            foreach (var days in new[] { 89, 91 })
                await connection.InsertAsync(new DeliveryRefusalRow
                {
                    Shop = "main", ExternalId = days.ToString(), Reason = "x", Count = 1, FirstAt = Noon.AddDays(-200), LastAt = Noon.AddDays(-days),
                }, token: TestContext.Current.CancellationToken);
        Assert.Equal("89", Assert.Single(await UntilAsync(app, rows => rows.Count == 1)).ExternalId);
    }

    [Theory, BothDatabases]
    public async Task When_the_last_delivery_was_of_use_is_known(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.DeliverAsync("order.created", SomeDelivery.Order(1));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.DeliverAsync("order.created", SomeDelivery.Order(1));
        await SendAsync(app, "order.created", "{}");
        Assert.Equal(Noon.AddMinutes(10), await LastArrivedAsync(app));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await SendAsync(app, "order.created", "{}");
        Assert.Equal(Noon.AddMinutes(10), await LastArrivedAsync(app));
    }

    static async Task<DateTimeOffset?> LastArrivedAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await DeliveryLog.LastArrivedAsync(db, "main", TestContext.Current.CancellationToken);
    }

    static async Task SendAsync(SidecarApp app, string topic, string body)
    {
        using var response = await app.Anonymous.SendAsync(SomeDelivery.Request(topic, body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    static async Task<List<DeliveryRefusalRow>> RowsAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.DeliveryRefusals.OrderBy(r => r.ExternalId).ThenBy(r => r.Reason).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Rows are written by and by: turn the clock until they are as expected.</summary>
    static async Task<List<DeliveryRefusalRow>> UntilAsync(SidecarApp app, Func<List<DeliveryRefusalRow>, bool> expected)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await RowsAsync(app) is var rows && expected(rows))
                return rows;
            app.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        return await RowsAsync(app);
    }
}
