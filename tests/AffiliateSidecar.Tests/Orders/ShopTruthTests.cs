using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>The shop's own database is the truth; what else is said of an order is news.</summary>
public sealed class ShopTruthTests
{
    static readonly DateTimeOffset Changed = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Theory, BothDatabases]
    public async Task Whatever_arrives_when_the_last_reading_counts(Db db)
    {
        OrderNews delivery = new OrderStated(Order("completed", 85.71m) with { Refunds = [new() { ExternalId = "9", Amount = 20 }] });
        OrderNews first = Read(Order("completed", 85.705882m) with { Refunds = [Refund(17.5m)] }, minute: 1);
        OrderNews second = Read(Order("completed", 60m) with { Refunds = [] }, minute: 5);
        foreach (OrderNews[] arrivals in new[] { new[] { delivery, first, second }, [second, delivery, first], [first, second, delivery], [second, first, delivery] })
        {
            await using var app = await SidecarApp.StartAsync(db);
            await app.PartnerAsync("sara");
            foreach (var news in arrivals)
                await AcceptAsync(app, news);
            Assert.Equal(("completed", "60.00", "6.00", "0.00"), await StateAsync(app));
            await app.VerifyAsync();
        }
    }

    [Theory, BothDatabases]
    public async Task A_refund_that_is_not_in_the_shop_any_more_gives_back_what_it_took(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await AcceptAsync(app, Read(Order("completed", 100) with { Refunds = [Refund(50)] }, minute: 1));
        Assert.Equal(("completed", "100.00", "5.00", "20.00"), await StateAsync(app));
        var result = await AcceptAsync(app, Read(Order("completed", 100) with { Refunds = [] }, minute: 2));
        Assert.Equal(("completed", "100.00", "10.00", "0.00"), await StateAsync(app));
        Assert.True(result.Difference is { Kind: "different", OnlyRefundsGone: true, AtStake.Minor: 500 }, $"{result.Difference}");
    }

    [Theory, BothDatabases]
    public async Task A_reading_that_only_knows_more_digits_is_no_difference(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await AcceptAsync(app, new OrderStated(Order("completed", 86m) with { Rounded = true, Refunds = [new() { ExternalId = "9", Amount = 20 }] }));
        var result = await AcceptAsync(app, Read(Order("completed", 85.705882m) with { Refunds = [Refund(17.5m)] }, minute: 1));
        Assert.Equal(IntakeStatus.Accepted, result.Status);
        Assert.Null(result.Difference);
        // 8.570588 rounds to 8.57; 17.5 of 85.705882 were paid back.
        Assert.Equal(("completed", "85.71", "6.82", "20.00"), await StateAsync(app));
    }

    [Theory, BothDatabases]
    public async Task An_order_erased_in_the_shop_is_taken_back_and_an_old_delivery_does_not_bring_it_back(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var delivery = new OrderStated(Order("completed", 100));
        await AcceptAsync(app, delivery);
        var result = await AcceptAsync(app, Gone(minute: 3));
        Assert.Equal("gone", result.Difference?.Kind);
        Assert.Equal(("trash", "100.00", "0.00", "0.00"), await StateAsync(app));
        await AcceptAsync(app, delivery);
        await AcceptAsync(app, new OrderStated(Order("completed", 90)));
        Assert.Equal("trash", (await StateAsync(app)).Status);
        await AcceptAsync(app, Read(Order("completed", 100), minute: 9));
        Assert.Equal(("completed", "100.00", "10.00", "0.00"), await StateAsync(app));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task A_replica_that_lags_behind_does_not_undo_what_a_delivery_has_told(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await AcceptAsync(app, Read(Order("processing", 85.705882m), minute: 1));
        await AcceptAsync(app, new OrderStated(Order("completed", 85.71m) with { UpdatedAt = Changed.AddMinutes(3) }));
        await AcceptAsync(app, Read(Order("processing", 85.705882m), minute: 4));
        Assert.Equal("completed", (await StateAsync(app)).Status);
        // Minutes later it is no lag: a backup was restored, or somebody wrote into the database.
        await AcceptAsync(app, Read(Order("processing", 85.705882m) with { Coupons = ["x"] }, minute: 8));
        Assert.Equal("processing", (await StateAsync(app)).Status);
    }

    [Theory, BothDatabases]
    public async Task An_order_trashed_twice_is_in_the_trash_when_its_database_says_so(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await AcceptAsync(app, new OrderStated(Order("completed", 100)));
        await AcceptAsync(app, new OrderTrashed("main", "207"));
        await AcceptAsync(app, new OrderStated(Order("completed", 100) with { UpdatedAt = Changed.AddMinutes(2) }) { Restored = true });
        await AcceptAsync(app, new OrderTrashed("main", "207"));
        await AcceptAsync(app, Read(Order("trash", 100) with { UpdatedAt = Changed.AddMinutes(2) }, minute: 6));
        Assert.Equal(("trash", "100.00", "0.00", "0.00"), await StateAsync(app));
    }

    [Theory, BothDatabases]
    public async Task A_product_that_moves_to_another_category_does_not_change_what_was_sold(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await AcceptAsync(app, Read(InCategory("tea"), minute: 1));
        await AcceptAsync(app, Read(InCategory("coffee") with { Status = "processing" }, minute: 2));
        var order = await OrderAsync(app);
        Assert.Equal("processing", (string?)order["status"]);
        Assert.Equal("tea", (string?)order["lines"]![0]!["categories"]![0]);
    }

    [Theory, BothDatabases]
    public async Task Weighing_a_reading_changes_nothing(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        var results = await app.Services.GetRequiredService<OrderIntake>().WeighAsync([Read(Order("completed", 100), minute: 1)]);
        Assert.True(results[0].Difference is { Kind: "missing", AtStake.Minor: 1000 }, $"{results[0].Difference}");
        Assert.Empty((await app.GetAsync("/v1/orders"))["data"]!.AsArray());
    }

    static async Task<IntakeResult> AcceptAsync(SidecarApp app, OrderNews news) => (await app.Services.GetRequiredService<OrderIntake>().AcceptManyAsync([news]))[0];

    static async Task<System.Text.Json.Nodes.JsonNode> OrderAsync(SidecarApp app) => (await app.GetAsync("/v1/orders?shop=main&external_id=207"))["data"]![0]!;

    static async Task<(string? Status, string? Total, string? Commission, string? Refunded)> StateAsync(SidecarApp app)
    {
        var order = await OrderAsync(app);
        return ((string?)order["status"], (string?)order["total"]!["amount"], (string?)order["commission"]?["amount"], (string?)order["refunded"]!["amount"]);
    }

    static OrderRead Read(Order order, int minute) => new("main", "207", order, OrderBody.Write(order), $"{order.Status} {minute}", Changed.AddMinutes(minute));

    static OrderRead Gone(int minute) => new("main", "207", null, null, "gone", Changed.AddMinutes(minute));

    static Refund Refund(decimal line) => new() { ExternalId = "9", Amount = 20, Lines = [new() { ExternalId = "1", Amount = line }] };

    static Order InCategory(string category) => Order("completed", 100) is var order ? order with { Lines = [order.Lines[0] with { Categories = [category] }] } : order;

    static Order Order(string status, decimal net) => new()
    {
        Shop = "main", ExternalId = "207", Status = status, Currency = "EUR", PlacedAt = Changed.AddHours(-1), UpdatedAt = Changed, PartnerCode = "sara", PaymentMethod = "bacs",
        Total = net, Lines = [new OrderLine { ExternalId = "1", ProductId = "14", Subtotal = net, Total = net }], Refunds = [],
    };
}
