using AffiliateSidecar.Commissions;

namespace AffiliateSidecar.Site;

/// <summary>The worked example of the pages: an order of two lines with a discount, of which one is sent back later.</summary>
sealed record Example(Money Goods, Money Discount, Money Base, Money Shipping, Money Tax, Money Commission, Money Returned, Money Left)
{
    public static Example Of(RuleSet rules, RuleData shown, CommissionEngine engine, DateTimeOffset now)
    {
        var (unit, order, earner) = (Unit(rules.Program.MinimumPayout), Order(rules, shown, now), Earner(shown));
        order = order with
        {
            Total = 125 * unit, Tax = 20 * unit, Shipping = 5 * unit, Discount = 20 * unit,
            Lines =
            [
                Line(shown, "kept", 70 * unit, 60 * unit) with { Tax = 12 * unit },
                Line(shown, "returned", 50 * unit, 40 * unit) with { Tax = 8 * unit },
            ],
        };
        var refund = new Refund { ExternalId = "example", Amount = 48 * unit, Lines = [new RefundLine { ExternalId = "returned", Amount = 40 * unit }] };
        var earned = engine.Deserve(order, [], rules, earner);
        Money Of(decimal units) => Money.Round(units * unit, order.Currency);
        return new(Of(120), Of(20), earned.Base, Of(5), Of(20), earned.Amount, Of(40), engine.Deserve(order, [refund], rules, earner).Amount);
    }

    /// <summary>An order of one line and nothing else.</summary>
    /// <param name="size">In units of the example above, which is one of 100.</param>
    public static (Money Base, Money Commission) Sale(RuleSet rules, RuleData shown, CommissionEngine engine, DateTimeOffset now, decimal size)
    {
        var price = size * Unit(rules.Program.MinimumPayout);
        var earned = engine.Deserve(Order(rules, shown, now) with { Total = price, Lines = [Line(shown, "one", price, price)] }, [], rules, Earner(shown));
        return (earned.Base, earned.Amount);
    }

    /// <summary>One that the shown rule is for.</summary>
    static Order Order(RuleSet rules, RuleData shown, DateTimeOffset now)
    {
        var conditions = shown.Conditions ?? new();
        return new()
        {
            Shop = "example", ExternalId = "example", Status = OrderStatus.Completed, Currency = shown.Currency ?? rules.Program.Currency, PlacedAt = now, UpdatedAt = now, Coupons = conditions.Coupons ?? [],
            Customer = new() { IsNew = conditions.Customer != RuleConditions.Returning, Country = conditions.Countries is [var country, ..] ? country : null },
        };
    }

    static OrderLine Line(RuleData shown, string id, decimal before, decimal after) => new()
    {
        ExternalId = id, ProductId = shown.Scope?.Product, Categories = shown.Scope?.Category is { } category ? [category] : [], Subtotal = before, Total = after,
    };

    static Earner Earner(RuleData shown) => new(shown.Scope?.Partner ?? "", shown.Scope?.Partner, shown.Scope?.Group);

    /// <summary>A power of ten, so that the order is of the size people of this currency know: twice the usual minimum payout.</summary>
    static decimal Unit(decimal minimumPayout) =>
        minimumPayout <= 0 ? 1 : (decimal)Math.Pow(10, Math.Max(0, Math.Round(Math.Log10((double)minimumPayout / 50))));
}
