using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>WooCommerce never sends a delivery again, so none may be lost while the database is away.</summary>
public sealed class WebhookSpoolTests
{
    [Theory, BothDatabases]
    public async Task Deliveries_of_an_outage_are_accepted_at_once_and_stored_when_the_database_is_back(Db db)
    {
        await using var outage = await Outage.PrepareAsync(db);
        await using var app = await SidecarApp.StartAsync(db, connectionString: outage.ConnectionString);
        var sara = await app.PartnerAsync("sara");
        await app.DeliverAsync("order.created", SomeDelivery.Order(206));
        await outage.BeginAsync(app);
        Assert.Equal("accepted", await app.DeliverAsync("order.created", SomeDelivery.Order()));
        Assert.Equal("accepted", await app.DeliverAsync("order.updated", SomeDelivery.Order(206, status: "cancelled", modified: "2026-11-23T11:00:00")));
        Assert.Equal("accepted", await app.DeliverAsync("order.deleted", new JsonObject { ["id"] = 205 }));
        Assert.Equal("ignored", await app.DeliverAsync("product.updated", new JsonObject { ["id"] = 205 }));
        Assert.Equal(3, Spooled(app.DataFolder).Length);
        using var ready = await app.Anonymous.GetAsync("/readyz");
        Assert.Contains("3 deliveries wait", await ready.Content.ReadAsStringAsync());
        await outage.EndAsync();
        await DrainedAsync(app);
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
        Assert.Equal("cancelled", (string?)(await app.OrderAsync("206"))["status"]);
        Assert.Equal("duplicate", await app.DeliverAsync("order.created", SomeDelivery.Order()));
    }

    [Theory, BothDatabases]
    public async Task A_killed_process_loses_no_delivery_that_it_accepted(Db db)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        using (var process = await SidecarProcess.StartAsync(folder, "Server=127.0.0.1;Port=1;Database=away;User ID=nobody;Connection Timeout=1",
            ("Sidecar__Shops__main__Kind", "woocommerce"), ("Sidecar__Shops__main__WebhookSecret", SomeDelivery.Secret)))
        {
            for (var id = 1; id <= 20; id++)
            {
                using var response = await process.Http.SendAsync(SomeDelivery.Request("order.created", SomeDelivery.Order(id).ToJsonString()));
                Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
            }
            process.Kill();
        }
        // What a process leaves that is killed while it writes: never answered, so no promise is broken.
        await File.WriteAllTextAsync(Path.Combine(folder, "spool", "webhooks", Guid.CreateVersion7().ToString("N")), """{"Shop":"ma""");
        await using var app = await SidecarApp.StartAsync(db, dataFolder: folder);
        await DrainedAsync(app);
        Assert.Equal(20, (await app.GetAsync("/v1/orders"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_set_aside_and_holds_nobody_up()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var spool = Directory.CreateDirectory(Path.Combine(folder, "spool", "webhooks")).FullName;
        await File.WriteAllTextAsync(Path.Combine(spool, "0.json"), "not json");
        await using var app = await SidecarApp.StartAsync(dataFolder: folder);
        await DrainedAsync(app);
        Assert.Equal(1, app.Services.GetRequiredService<WebhookSpool>().Failed);
        Assert.Equal("accepted", await app.DeliverAsync("order.created", SomeDelivery.Order()));
        Assert.Empty(Spooled(folder));
    }

    [Fact]
    public async Task A_delivery_that_nothing_can_take_is_not_called_accepted()
    {
        await using var outage = await Outage.PrepareAsync(Db.MariaDb);
        await using var app = await SidecarApp.StartAsync(Db.MariaDb, connectionString: outage.ConnectionString);
        await outage.BeginAsync(app);
        Directory.Delete(Path.Combine(app.DataFolder, "spool"), recursive: true);
        using var response = await app.Anonymous.SendAsync(SomeDelivery.Request("order.created", SomeDelivery.Order().ToJsonString()));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await outage.EndAsync();
        Assert.Equal("accepted", await app.DeliverAsync("order.created", SomeDelivery.Order()));
    }

    static string[] Spooled(string folder) => Directory.GetFiles(Path.Combine(folder, "spool", "webhooks"), "*.json");

    static async Task DrainedAsync(SidecarApp app)
    {
        for (var i = 0; i < 100 && app.Services.GetRequiredService<WebhookSpool>().Waiting > 0; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(100);
        }
        Assert.Empty(Spooled(app.DataFolder));
    }
}
