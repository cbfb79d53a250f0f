using System.Text.Json.Nodes;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using CsCheck;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>Where an order's commission depends on others, deliveries of all of them in any order end in the same balances, too.</summary>
public sealed class SeveralOrdersTests
{
    const string Rules = """
        { "program": { "hold_days": 0, "customer_binding": { "mode": "life" } },
          "recruiting": { "rate": "10", "most": "60", "currency": "EUR" },
          "bonuses": [ { "id": "two", "orders": 2, "period": "quarter", "amount": "5", "currency": "EUR" },
                       { "id": "big", "net_sales": "150", "period": "quarter", "calendar": "jalali", "amount": "7", "currency": "EUR" } ],
          "rules": [ { "id": "first", "kind": "percent", "rate": "20", "currency": "EUR", "conditions": { "first_months": 1 }, "caps": { "per_customer": "25" } },
                     { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "tiers": { "period": "quarter", "steps": [ { "from": "60", "rate": "15" } ] },
                       "caps": { "per_period": { "amount": "30", "period": "quarter" } } } ] }
        """;

    sealed record Said(int Order, int Minute, int PlacedDay, string Status, int Cents, string? Partner, int Customer, int Refund);

    static readonly Gen<Said> GenSaid =
        from order in Gen.Int[0, 3]
        from minute in Gen.Int[0, 3]
        from day in Gen.Int[0, 3]
        from status in Gen.Frequency((1, Gen.Const("pending")), (6, Gen.Const("completed")), (1, Gen.Const("cancelled")))
        from cents in Gen.Int[4000, 15_000]
        from partner in Gen.Frequency((1, Gen.Const((string?)null)), (3, Gen.Const((string?)"sara")), (1, Gen.Const((string?)"tom")))
        from customer in Gen.Int[0, 1]
        from refund in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[500, 4000]))
        select new Said(order, minute, day, status, cents, partner, customer, refund);

    [Theory, BothDatabases]
    public async Task Any_order_of_arrival_of_several_orders_ends_in_the_same_balances(Db db)
    {
        await using var first = await StartAsync(db);
        await using var second = await StartAsync(db);
        await using var third = await StartAsync(db);
        SidecarApp[] apps = [first, second, third];
        var intakes = apps.Select(app => app.Services.GetRequiredService<OrderIntake>()).ToArray();
        var number = 0;
        await Check.SampleAsync(
            from history in GenSaid.List[2, 9]
            from shuffled in Gen.Shuffle(history.Concat(history.Take(3)).ToArray())
            select (history, shuffled),
            async example =>
            {
                var n = ++number;
                foreach (var said in example.history)
                    await intakes[0].AcceptManyAsync([News(said, n)]);
                await Task.WhenAll(example.shuffled.Select((said, i) => i % 2 == 0 ? (Task)intakes[1].AcceptAsync(News(said, n)) : Task.Run(() => intakes[1].AcceptManyAsync([News(said, n)]))));
                await intakes[2].AcceptManyAsync([.. example.shuffled.Reverse().Select(said => News(said, n))]);
                var expected = await StateAsync(first, n);
                Assert.Equal(expected, await StateAsync(second, n));
                Assert.Equal(expected, await StateAsync(third, n));
            }, iter: db == Db.Sqlite ? 60 : 20, threads: 1);
        foreach (var app in apps)
            await app.VerifyAsync();
    }

    static async Task<SidecarApp> StartAsync(Db db)
    {
        var app = await SidecarApp.StartAsync(db);
        var tom = await app.PartnerAsync("tom");
        var sara = await app.PostAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@partner.example", referred_by = (string?)tom["id"] });
        await app.PostAsync($"/v1/partners/{sara["id"]}/approve", new { });
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules)!);
        return app;
    }

    /// <summary>Each example has a quarter of its own.</summary>
    static OrderStated News(Said said, int example)
    {
        var placed = new DateTimeOffset(1995, 1, 2, 0, 0, 0, TimeSpan.Zero).AddMonths(3 * example).AddDays((5 * said.Order) + (9 * said.PlacedDay));
        return new(new Order
        {
            Shop = "main", ExternalId = $"{example}-{said.Order}", Status = said.Status, Currency = "EUR", PlacedAt = placed, UpdatedAt = placed.AddMinutes(said.Minute), PartnerCode = said.Partner,
            Customer = new Customer { ExternalId = $"{example}-{said.Customer}" }, Total = said.Cents / 100m, PaymentMethod = "bacs",
            Refunds = said.Refund == 0 ? [] : [new Refund { ExternalId = "r", Amount = said.Refund / 100m }],
            Lines = [new OrderLine { ExternalId = "1", Total = said.Cents / 100m, Subtotal = said.Cents / 100m }],
        });
    }

    static async Task<string> StateAsync(SidecarApp app, int example)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var orders = await db.Orders.Where(o => o.ExternalId.StartsWith($"{example}-")).OrderBy(o => o.ExternalId).ToListAsync();
        var lines = new List<string>();
        foreach (var order in orders)
        {
            var posted = await db.Ledger.Where(l => l.OrderId == order.Id && l.Account != Account.Program).GroupBy(l => new { l.PartnerId, l.Account })
                .Select(g => new { g.Key.PartnerId, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).Where(g => g.Sum != 0).ToListAsync();
            lines.Add($"{order.ExternalId} {order.Status} {order.PartnerId} {order.Method} {order.PlacedAt:O} {order.BaseMinor} {order.RefundedMinor}: "
                + string.Join(", ", posted.Select(p => $"{p.PartnerId} {p.Account} {p.Sum}").Order()));
        }
        // Recruiting and bonuses of everything so far.
        var others = await db.Ledger.Where(l => l.OrderId == null && l.Account != Account.Program).GroupBy(l => new { l.PartnerId, l.Account, l.Kind })
            .Select(g => new { g.Key.PartnerId, g.Key.Account, g.Key.Kind, Sum = g.Sum(l => l.AmountMinor) }).Where(g => g.Sum != 0).ToListAsync();
        return string.Join("\n", lines.Concat(others.Select(o => $"{o.PartnerId} {o.Account} {o.Kind} {o.Sum}").Order()));
    }
}
