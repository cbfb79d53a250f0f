using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Ledger;
using CsCheck;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>What holds for every history of an order, ten thousand times without a database.</summary>
public sealed class MoneyPropertyTests
{
    const int Cases = 10_000;

    static readonly DateTimeOffset Placed = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    static readonly CommissionEngine Engine = new([]);

    static readonly Gen<RuleSet> GenRules =
        from rate in Gen.Int[0, 10_000]
        from fixedCents in Gen.Int[1, 3_000]
        from cap in Gen.Int[0, 5_000]
        from per in Pick("order", "item")
        from shape in Gen.Int[0, 5]
        from shipping in Gen.Bool
        let euros = new DecimalText(cap / 100m)
        let percent = new RuleData { Id = "program", Kind = "percent", Rate = new(rate / 100m), Currency = "EUR", Caps = shape % 2 == 0 ? null : new() { PerOrder = euros } }
        let amount = new RuleData { Id = "amount", Kind = "fixed", Per = per, Rate = new(fixedCents / 100m), Currency = "EUR", Scope = new() { Category = "tea" } }
        select new RuleSet { Rules = shape < 2 ? [percent] : [percent, amount], Program = new() { IncludeShipping = shipping, IncludeFees = shape == 4 } };

    static readonly Gen<Order> GenOrder =
        from minute in Gen.Int[0, 8]
        from status in Pick("pending", "on-hold", "processing", "completed", "completed", "completed", "cancelled", "refunded", "failed", "trash", "shipped")
        from method in Pick("bacs", "cod")
        from lines in Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 4_000], Gen.Bool, Gen.Int[0, 4]).Array[1, 5].Where(l => l.Sum(x => x.Item1) > 6_000)
        from shipping in Gen.Int[0, 900]
        from discount in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 500]))
        from refunds in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 4]))
        let goods = lines.Sum(l => l.Item1 + l.Item2)
        select new Order
        {
            Shop = "main", ExternalId = "1", Status = status, Currency = "EUR", PlacedAt = Placed, UpdatedAt = Placed.AddMinutes(minute), PaymentMethod = method, PartnerCode = "sara",
            Total = Math.Max(0, goods + shipping - discount) / 100m, Tax = lines.Sum(l => l.Item2) / 100m, Shipping = shipping / 100m, Discount = discount / 100m,
            Lines = [.. lines.Select((l, i) => new OrderLine
            {
                ExternalId = $"{i}", Total = l.Item1 / 100m, Subtotal = l.Item1 / 100m, Tax = l.Item2 / 100m, Quantity = l.Item4, Categories = l.Item3 ? ["tea"] : [],
            })],
            Refunds = refunds == 0 ? null : [.. Enumerable.Range(1, refunds - 1).Select(RefundOf)],
        };

    /// <summary>One refund id is one refund: its content follows from the id.</summary>
    static Refund RefundOf(int id) => new()
    {
        ExternalId = $"r{id}", Amount = id * 7.77m, Lines = (id % 3) switch { 0 => null, 1 => [], _ => [new RefundLine { ExternalId = "0", Amount = id * 5.01m }] },
    };

    static readonly Gen<OrderNews> GenNews = Gen.Frequency(
        (6, from order in GenOrder from restored in Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))) select (OrderNews)new OrderStated(order) { Restored = restored }),
        (3, Gen.Int[1, 6].Select(OrderNews (id) => new RefundReported("main", "1", RefundOf(id) with { Amount = id }))),
        (1, Gen.Const<OrderNews>(new OrderTrashed("main", "1"))));

    [Fact]
    public void A_history_in_any_order_with_repetitions_deserves_the_same() => (
        from history in GenNews.List[1, 8]
        from shuffled in Gen.Shuffle(history.Concat(history.Take(3)).ToArray())
        from rules in GenRules
        select (history, shuffled, rules)).Sample(example => Assert.Equal(Outcome(example.history, example.rules), Outcome(example.shuffled, example.rules)), iter: Cases, threads: 1);

    static string Outcome(IEnumerable<OrderNews> history, RuleSet rules)
    {
        var state = new OrderState("main", "1", null, null, [], []);
        foreach (var news in history)
            state.Apply(news, Placed.AddMinutes(3));
        if (!state.IsKnown)
            return "unknown";
        var (order, refunds) = state.Effective();
        var deserved = Engine.Deserve(order, refunds, rules, new Earner("sara"));
        return $"{order.Status} {deserved.Amount} {deserved.Base} {deserved.Refunded} {deserved.NetSales} {deserved.FullyRefunded}";
    }

    [Fact]
    public void Lines_sum_to_the_total_and_a_full_refund_to_zero() => (from order in GenOrder from rules in GenRules select (order, rules)).Sample(example =>
    {
        var (order, refunds) = (example.order, example.order.Refunds ?? []);
        var deserved = Engine.Deserve(order, refunds, example.rules, new Earner("sara"));
        var steps = deserved.Explanation;
        var lines = steps.Where(s => s.Step is "line" or "refund").GroupBy(s => s.Line).Sum(g => g.Last().Amount.Minor);
        var sum = lines + steps.Where(s => s.Step == "cap").Sum(s => s.Amount.Minor);
        Assert.Equal(OrderStatus.Earns(order.Status, order.PaymentMethod) ? sum : 0, deserved.Amount.Minor);
        Assert.Equal(deserved.Amount.Minor, deserved.ByRule.Values.Sum());
        Assert.Equal(deserved.Amount, steps[^1].Amount);
        if (order.Total > 0)
            Assert.Equal(0, Engine.Deserve(order, [new Refund { ExternalId = "all", Amount = order.Total }], example.rules, new Earner("sara")).Amount.Minor);
        var byLine = order.Lines.Select((l, i) => new Refund { ExternalId = $"l{i}", Amount = l.Total + l.Tax + (i == 0 ? order.Shipping : 0), Lines = [new() { ExternalId = l.ExternalId, Amount = l.Total }] });
        Assert.Equal(0, Engine.Deserve(order, [.. byLine], example.rules, new Earner("sara")).Amount.Minor);
    }, iter: Cases, threads: 1);

    [Fact]
    public void Nobody_gains_by_splitting_or_ordering_refunds() => (
        from order in GenOrder
        from rules in GenRules
        from parts in Gen.Int[1, 3_000].Array[1, 5]
        from shuffled in Gen.Shuffle(parts)
        select (order: order with { Status = "completed", Refunds = null }, rules, parts, shuffled)).Sample(example =>
        {
            Money With(params Refund[] refunds) => Engine.Deserve(example.order, refunds, example.rules, new Earner("sara")).Amount;
            Refund Part(int cents, int i) => new() { ExternalId = $"r{i}", Amount = cents / 100m };
            Refund OfLine(int cents, int i) => Part(cents, i) with { Lines = [new() { ExternalId = "0", Amount = cents / 100m }] };
            var (all, amount, line) = (With(), With(Part(example.parts.Sum(), 0)), With(OfLine(example.parts.Sum(), 0)));
            Assert.Equal(amount, With([.. example.shuffled.Select(Part)]));
            Assert.InRange(amount.Minor, 0, all.Minor);
            // Shipping that counts is what exceeds the line, refund by refund.
            if (!example.rules.Program.IncludeShipping && !example.rules.Program.IncludeFees)
                Assert.Equal(line, With([.. example.shuffled.Select(OfLine)]));
            Assert.InRange(line.Minor, 0, all.Minor);
        }, iter: Cases, threads: 1);

    [Fact]
    public void The_ledger_sums_to_zero_and_ends_where_the_last_state_says() => (
        from walk in Gen.Select(Gen.Int[1, 3], Pick(Account.Pending, Account.Held, Account.Approved), Gen.Int[-5_000, 20_000]).List[1, 10]
        select walk).Sample(walk =>
        {
            var posted = new List<Posting>();
            foreach (var (partner, account, amount) in walk)
            {
                var rows = Booking.Difference(posted, [new(partner, "EUR", account, amount)], new("ord_1", "", "", 1, Placed, false));
                Assert.Equal(0, rows.Sum(r => r.AmountMinor));
                posted.AddRange(rows.Where(r => r.Account != Account.Program).Select(r => new Posting(r.PartnerId, r.Currency, r.Account, r.AmountMinor)));
            }
            var sums = posted.GroupBy(p => (p.PartnerId, p.Account)).Where(g => g.Sum(p => p.AmountMinor) != 0).ToDictionary(g => g.Key, g => g.Sum(p => p.AmountMinor));
            var (who, where, what) = walk[^1];
            Assert.Equal(what == 0 ? [] : new Dictionary<(int, string), long> { [(who, where)] = what }, sums);
        }, iter: Cases, threads: 1);

    static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
