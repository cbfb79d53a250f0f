using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using CsCheck;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>Any permutation, repetition and interleaving of an order's history ends in the same balances.</summary>
public sealed class ConvergenceTests
{
    static readonly DateTimeOffset Placed = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    static readonly Gen<Refund> GenRefund =
        from id in Gen.Int[1, 4]
        from lines in Gen.Int[0, 2]
        select new Refund
        {
            // One refund id is one refund: its content follows from the id.
            ExternalId = $"r{id}",
            Amount = id * 3.33m,
            Lines = (id % 3) switch { 0 => null, 1 => [], _ => [new RefundLine { ExternalId = "1", Amount = id * 2.17m }] },
        };

    static readonly Gen<OrderNews> GenStated =
        from minute in Gen.Int[0, 6]
        from status in Pick("pending", "on-hold", "processing", "completed", "completed", "cancelled", "refunded", "failed", "trash", "shipped")
        from cents in Gen.Int[2000, 9999]
        from second in Gen.Int[0, 5000]
        from partner in Pick<string?>(null, "sara", "tom")
        from rounded in Gen.Frequency((4, Gen.Const(false)), (1, Gen.Const(true)))
        from restored in Gen.Frequency((6, Gen.Const(false)), (1, Gen.Const(true)))
        from refunds in Gen.OneOf(Gen.Const((IReadOnlyList<Refund>?)null), GenRefund.List[0, 2].Select(r => (IReadOnlyList<Refund>?)r.DistinctBy(x => x.ExternalId).ToList()))
        select (OrderNews)new OrderStated(OrderOf(Placed.AddMinutes(minute), status, cents, second, partner, rounded, refunds)) { Restored = restored };

    // One moment of the shop's database is one state: all of it follows from the moment. Dates move backwards too.
    static readonly Gen<OrderNews> GenRead = Gen.Int[0, 8].Select(OrderNews (moment) =>
    {
        var order = OrderOf(Placed.AddMinutes(moment * 5 % 8), moment % 4 == 3 ? "cancelled" : "completed", 3000 + (moment * 777), moment * 31, moment % 3 == 0 ? null : "tom", false,
            [.. Enumerable.Range(1, moment % 3).Select(id => new Refund { ExternalId = $"r{id}", Amount = id * 3.33m, Lines = [new RefundLine { ExternalId = "1", Amount = id * 1.11m }] })]);
        return new OrderRead("main", "x", order, OrderBody.Write(order), $"digest {moment}", Placed.AddMinutes(moment));
    });

    static readonly Gen<OrderNews> GenNews = Gen.Frequency(
        (3, GenRead),
        (8, GenStated),
        (3, GenRefund.Select(OrderNews (r) => new RefundReported("main", "x", r))),
        (1, Gen.Const<OrderNews>(new OrderTrashed("main", "x"))));

    [Theory, BothDatabases]
    public async Task Any_order_of_arrival_ends_in_the_same_balances(Db db)
    {
        // Three installations: the hash that settles two statements of one moment covers the order's id.
        await using var first = await SidecarApp.StartAsync(db);
        await using var second = await SidecarApp.StartAsync(db);
        await using var third = await SidecarApp.StartAsync(db);
        SidecarApp[] apps = [first, second, third];
        foreach (var app in apps)
        {
            await app.PartnerAsync("sara");
            await app.PartnerAsync("tom");
        }
        var intakes = apps.Select(app => app.Services.GetRequiredService<OrderIntake>()).ToArray();
        var number = 0;
        await Check.SampleAsync(
            from history in GenNews.List[1, 8]
            from shuffled in Gen.Shuffle(history.Concat(history.Take(3)).ToArray())
            select (history, shuffled),
            async example =>
            {
                var id = $"{++number}";
                // One by one, as they happened.
                foreach (var news in example.history)
                    await intakes[0].AcceptManyAsync([To(news, id)]);
                // Shuffled and doubled, all at once.
                await Task.WhenAll(example.shuffled.Select(news => intakes[1].AcceptAsync(To(news, id))));
                // Shuffled and doubled, in one transaction.
                await intakes[2].AcceptManyAsync([.. example.shuffled.Reverse().Select(news => To(news, id))]);
                var expected = await StateAsync(first, id);
                Assert.Equal(expected, await StateAsync(second, id));
                Assert.Equal(expected, await StateAsync(third, id));
            }, iter: db == Db.Sqlite ? 400 : 150, threads: 1);
        foreach (var app in apps)
            await app.VerifyAsync();
    }

    static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>What the order shows and what the ledger holds for it.</summary>
    static async Task<string> StateAsync(SidecarApp app, string id)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var order = await db.Orders.FirstOrDefaultAsync(o => o.ExternalId == id);
        if (order is null)
            return "unknown";
        var ledger = await db.Ledger.Where(l => l.OrderId == order.Id && l.Account != Account.Program).GroupBy(l => new { l.PartnerId, l.Currency, l.Account })
            .Select(g => new { g.Key.PartnerId, g.Key.Currency, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).Where(g => g.Sum != 0).ToListAsync();
        return $"{order.Status} {order.TotalMinor} {order.BaseMinor} {order.RefundedMinor} {order.PartnerId} {order.Method} {order.UpdatedAt:O} | "
            + string.Join(", ", ledger.Select(l => $"{l.PartnerId} {l.Account} {l.Sum} {l.Currency}").Order());
    }

    static OrderNews To(OrderNews news, string id) => news switch
    {
        OrderRead read when read.Order! with { ExternalId = id } is var order => read with { ExternalId = id, Order = order, Body = OrderBody.Write(order) },
        OrderStated stated => stated with { ExternalId = id, Order = stated.Order with { ExternalId = id } },
        _ => news with { ExternalId = id },
    };

    static Order OrderOf(DateTimeOffset updated, string status, int cents, int second, string? partner, bool rounded, IReadOnlyList<Refund>? refunds)
    {
        decimal Amount(int minor) => rounded ? Math.Round(minor / 100m, MidpointRounding.AwayFromZero) : minor / 100m;
        return new Order
        {
            Shop = "main", ExternalId = "x", Status = status, Currency = "EUR", PlacedAt = Placed, UpdatedAt = updated, PartnerCode = partner,
            Total = Amount(cents + second), Rounded = rounded, Refunds = refunds, PaymentMethod = "bacs",
            Lines =
            [
                new OrderLine { ExternalId = "1", Total = Amount(cents), Subtotal = Amount(cents) },
                new OrderLine { ExternalId = "2", Total = Amount(second), Subtotal = Amount(second) },
            ],
        };
    }
}
