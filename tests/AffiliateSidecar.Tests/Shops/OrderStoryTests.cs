using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>What shops do that the recorded one did not: the order of arrival must not matter.</summary>
public sealed class OrderStoryTests
{
    [Theory, BothDatabases]
    public async Task An_order_in_the_trash_earns_nothing_and_comes_back_whole(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.DeliverAsync("order.created", SomeDelivery.Order());
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
        Assert.Equal("accepted", await app.DeliverAsync("order.deleted", new JsonObject { ["id"] = 207 }));
        Assert.Equal(0m, await app.EarnedAsync(sara));
        Assert.Equal("trash", (string?)(await app.OrderAsync("207"))["status"]);
        await app.DeliverAsync("order.restored", SomeDelivery.Order(modified: "2026-11-23T11:00:00"));
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
        Assert.Equal("completed", (string?)(await app.OrderAsync("207"))["status"]);
    }

    [Theory, BothDatabases]
    public async Task An_order_that_came_back_stays_although_its_deletion_is_heard_of_later(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.DeliverAsync("order.created", SomeDelivery.Order());
        await app.DeliverAsync("order.restored", SomeDelivery.Order(modified: "2026-11-23T11:00:00"));
        await app.DeliverAsync("order.deleted", new JsonObject { ["id"] = 207 });
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
        Assert.Equal("completed", (string?)(await app.OrderAsync("207"))["status"]);
    }

    [Theory, BothDatabases]
    public async Task An_order_whose_deletion_is_heard_of_first_is_in_the_trash_when_it_arrives(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        Assert.Equal("accepted", await app.DeliverAsync("order.deleted", new JsonObject { ["id"] = 207 }));
        await app.DeliverAsync("order.created", SomeDelivery.Order());
        Assert.Equal(0m, await app.EarnedAsync(sara));
        await app.DeliverAsync("order.restored", SomeDelivery.Order(modified: "2026-11-23T11:00:00"));
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
    }

    [Theory, BothDatabases]
    public async Task A_rounded_delivery_brings_its_news_but_not_its_amounts(Db db)
    {
        var exact = SomeDelivery.Order(status: "processing");
        var rounded = SomeDelivery.Order(total: "139", line: "120", tax: "11", shipping: "8", modified: "2026-11-23T11:00:00");
        foreach (var deliveries in new[] { new[] { exact, rounded }, [rounded, exact] })
        {
            await using var app = await SidecarApp.StartAsync(db);
            var sara = await app.PartnerAsync("sara");
            foreach (var delivery in deliveries)
                await app.DeliverAsync("order.updated", delivery);
            var order = await app.OrderAsync("207");
            Assert.Equal(("completed", "138.81", "11.31"), ((string?)order["status"], (string?)order["total"]!["amount"], (string?)order["tax"]!["amount"]));
            Assert.Equal(12.00m, await app.EarnedAsync(sara));
        }
    }

    [Theory, BothDatabases]
    public async Task Two_webhooks_with_one_address_and_replays_of_old_deliveries_change_nothing(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        var old = SomeDelivery.Order(status: "completed", line: "900.00", total: "918.81");
        var now = SomeDelivery.Order(status: "cancelled", modified: "2026-11-23T11:00:00");
        Assert.Equal("accepted", await app.DeliverAsync("order.created", old));
        Assert.Equal("duplicate", await app.DeliverAsync("order.updated", old));
        Assert.Equal("accepted", await app.DeliverAsync("order.updated", now));
        Assert.Equal("stale", await app.DeliverAsync("order.updated", old));
        Assert.Equal("stale", await app.DeliverAsync("order.created", old));
        Assert.Equal("duplicate", await app.DeliverAsync("order.created", now));
        Assert.Equal("cancelled", (string?)(await app.OrderAsync("207"))["status"]);
        Assert.Equal(0m, await app.EarnedAsync(sara));
    }

    [Theory, BothDatabases]
    public async Task Two_different_deliveries_of_one_second_end_alike_in_both_orders(Db db)
    {
        var one = SomeDelivery.Order(status: "processing");
        var other = SomeDelivery.Order(status: "completed", line: "110.00", total: "128.81");
        var ends = new List<(string?, string?, decimal)>();
        foreach (var deliveries in new[] { new[] { one, other }, [other, one], [one, other, one], [other, one, other] })
        {
            await using var app = await SidecarApp.StartAsync(db);
            var sara = await app.PartnerAsync("sara");
            foreach (var delivery in deliveries)
                await app.DeliverAsync("order.updated", delivery);
            var order = await app.OrderAsync("207");
            ends.Add(((string?)order["status"], (string?)order["total"]!["amount"], await app.EarnedAsync(sara)));
        }
        Assert.Single(ends.Distinct());
    }

    [Theory, BothDatabases]
    public async Task A_refund_inside_the_order_takes_its_part_and_gives_it_back_when_it_is_deleted(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        // Half of the line with its tax: (120.00 + 11.31) / 2.
        var refunded = SomeDelivery.Order(modified: "2026-11-23T11:00:00")
            .With("refunds", new JsonArray(new JsonObject { ["id"] = 9, ["total"] = "-65.66" }, new JsonObject { ["id"] = 10, ["total"] = "-0.00" }));
        await app.DeliverAsync("order.updated", refunded);
        await app.DeliverAsync("order.created", SomeDelivery.Order());
        Assert.Equal(6.00m, await app.EarnedAsync(sara));
        Assert.Equal("65.66", (string?)(await app.OrderAsync("207"))["refunded"]!["amount"]);
        await app.DeliverAsync("order.updated", SomeDelivery.Order(modified: "2026-11-23T12:00:00"));
        Assert.Equal(12.00m, await app.EarnedAsync(sara));
    }

    [Theory, BothDatabases]
    public async Task The_same_number_in_two_shops_is_two_orders(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?>
        {
            ["Sidecar:Shops:second:Kind"] = "woocommerce",
            ["Sidecar:Shops:second:WebhookSecret"] = SomeDelivery.Secret,
        });
        var sara = await app.PartnerAsync("sara");
        await app.DeliverAsync("order.created", SomeDelivery.Order());
        await app.DeliverAsync("order.created", SomeDelivery.Order(), "second");
        Assert.Equal(24.00m, await app.EarnedAsync(sara));
    }
}
