using CsCheck;
using Xunit;

namespace AffiliateSidecar.Commissions;

public sealed class CommissionEngineTests
{
    static readonly CommissionEngine Engine = new([]);

    [Theory]
    // Half-even, once a line: 0.25 → 2 cents of 2.5, 0.35 → 4 of 3.5.
    [InlineData("EUR", "0.25", "10", "0.02")]
    [InlineData("EUR", "0.35", "10", "0.04")]
    [InlineData("JPY", "1985", "10", "198")]
    [InlineData("JPY", "1995", "10", "200")]
    [InlineData("KWD", "12.345", "10", "1.234")]
    [InlineData("IRT", "4500000", "7.5", "337500")]
    [InlineData("IRR", "4500000.00", "10", "450000.00")]
    // A base from the database is not rounded before the rate is applied: 85.705882 × 15 % = 12.8558823.
    [InlineData("USD", "85.705882", "15", "12.86")]
    public void A_line_is_rounded_once_half_even_to_the_currency(string currency, string net, string rate, string expected) =>
        Assert.Equal(expected, Deserve(OrderOf(currency, Number(net)), [], rate).Amount.AmountText);

    [Fact]
    public void Two_lines_are_rounded_apart_and_summed()
    {
        // 2 × 0.25 would be 5 cents of 10 %; two roundings give 2 + 2.
        Assert.Equal("0.04", Deserve(OrderOf("EUR", 0.25m, 0.25m), []).Amount.AmountText);
    }

    [Fact]
    public void A_refund_of_an_amount_takes_goods_first_with_their_tax()
    {
        // 100 net + 20 tax + 12 shipping; 60 paid back are 50 net.
        var order = OrderOf("EUR", 100m) with { Total = 132, Tax = 20, Shipping = 12, Lines = [Line("1", 100m, tax: 20)] };
        Assert.Equal("5.00", Deserve(order, [Amount("r1", 60)]).Amount.AmountText);
        // Everything of the goods; what exceeds them was shipping.
        Assert.Equal("0.00", Deserve(order, [Amount("r1", 125)]).Amount.AmountText);
        Assert.True(Deserve(order, [Amount("r1", 125)]).FullyRefunded);
    }

    [Fact]
    public void A_line_keeps_its_rounded_commission_times_what_is_left_of_its_base()
    {
        // 33.33 earns 3.33; 16.66 of it left: 3.33 × 16.66 ÷ 33.33 = 1.6645…
        Assert.Equal("1.66", Deserve(OrderOf("EUR", 33.33m), [LineRefund("r1", "1", 16.67m)]).Amount.AmountText);
    }

    [Fact]
    public void A_cart_discount_that_no_line_shows_is_spread_exactly()
    {
        var order = OrderOf("EUR", 10m, 10m, 10m) with { Discount = 10, Total = 20 };
        var bases = LineBases.Of(order);
        Assert.Equal([6.66m, 6.67m, 6.67m], bases);
        Assert.Equal(20m, bases.Sum());
    }

    [Fact]
    public void Rounded_lines_of_a_shop_are_no_cart_discount()
    {
        var order = OrderOf("EUR", 9.99m, 10m) with { Discount = 0.01m, Total = 19.98m };
        Assert.Equal([9.99m, 10m], LineBases.Of(order));
    }

    [Fact]
    public void A_negative_line_earns_nothing_and_takes_nothing() =>
        Assert.Equal("1.00", Deserve(OrderOf("EUR", 10m, -4m), []).Amount.AmountText);

    [Fact]
    public void A_fixed_amount_is_one_an_order_however_many_lines_it_has()
    {
        var rules = new RuleSet { Rules = [new RuleData { Id = "flat", Kind = "fixed", Rate = new(5), Currency = "EUR" }] };
        var deserved = Engine.Deserve(OrderOf("EUR", 10m, 10m, 10m), [], rules, new Earner("sara"));
        Assert.Equal("5.00", deserved.Amount.AmountText);
        Assert.Equal(["1.67", "1.67", "1.66"], deserved.Explanation.Where(s => s.Step == "line").Select(s => s.Amount.AmountText));
        Assert.Equal("0", Engine.Deserve(OrderOf("JPY", 1000m), [], rules, new Earner("sara")).Amount.AmountText);
    }

    [Theory]
    [InlineData("processing", "bacs", "9.50")]
    [InlineData("processing", "cod", "0.00")]
    [InlineData("completed", "cod", "9.50")]
    [InlineData("on-hold", "bacs", "0.00")]
    [InlineData("cancelled", "bacs", "0.00")]
    [InlineData("shipped", "bacs", "0.00")]
    public void Only_states_that_are_paid_earn(string status, string method, string expected) =>
        Assert.Equal(expected, Deserve(OrderOf("EUR", 95m) with { Status = status, PaymentMethod = method }, []).Amount.AmountText);

    [Fact]
    public void Nobody_gains_by_splitting_or_ordering_refunds() => (
        from cents in Gen.Int[1, 100_000].Array[1, 5]
        from parts in Gen.Int[1, 5_000].Array[1, 6]
        from shuffled in Gen.Shuffle(parts)
        select (cents, parts, shuffled)).Sample(example =>
        {
            var order = OrderOf("EUR", [.. example.cents.Select(c => c / 100m)]);
            var whole = Deserve(order, [LineRefund("r", "1", example.parts.Sum() / 100m)]);
            var split = Deserve(order, [.. example.shuffled.Select((p, i) => LineRefund($"r{i}", "1", p / 100m))]);
            var amount = Deserve(order, [Amount("r", example.parts.Sum() / 100m)]);
            var amounts = Deserve(order, [.. example.shuffled.Select((p, i) => Amount($"r{i}", p / 100m))]);
            Assert.Equal(whole.Amount, split.Amount);
            Assert.Equal(amount.Amount, amounts.Amount);
            Assert.InRange(whole.Amount.Minor, 0, Deserve(order, []).Amount.Minor);
            Assert.Equal(0, Deserve(order, [Amount("all", order.Total)]).Amount.Minor);
        }, iter: 2_000, threads: 1);

    [Fact]
    public void A_total_is_spread_to_the_last_unit() => (
        from total in Gen.Long[0, 1_000_000]
        from weights in Gen.Int[0, 10_000].Array[1, 20]
        select (total, weights)).Sample(example =>
        {
            var parts = Spread.LargestRemainder(example.total, [.. example.weights.Select(w => w / 100m)]);
            Assert.Equal(example.weights.Sum() == 0 ? 0 : example.total, parts.Sum());
            Assert.All(parts, p => Assert.True(p >= 0));
        }, iter: 2_000, threads: 1);

    static Deserved Deserve(Order order, IReadOnlyCollection<Refund> refunds, string rate = "10") => Engine.Deserve(order, refunds,
        new RuleSet { Rules = [new RuleData { Id = "program", Kind = "percent", Rate = new(Number(rate)) }] }, new Earner("sara"));

    static Order OrderOf(string currency, params decimal[] nets) => new()
    {
        Shop = "main", ExternalId = "1", Status = "completed", Currency = currency, PlacedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch,
        Total = nets.Sum(), PaymentMethod = "bacs", Lines = [.. nets.Select((n, i) => Line($"{i + 1}", n))],
    };

    static OrderLine Line(string id, decimal net, decimal tax = 0) => new() { ExternalId = id, Subtotal = net, Total = net, Tax = tax };

    static Refund Amount(string id, decimal amount) => new() { ExternalId = id, Amount = amount };

    static Refund LineRefund(string id, string line, decimal amount) =>
        new() { ExternalId = id, Amount = amount, Lines = [new RefundLine { ExternalId = line, Amount = amount }] };

    static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
