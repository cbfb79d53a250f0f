using AffiliateSidecar.Commissions;

namespace AffiliateSidecar.Site;

/// <summary>The worked example of the pages: an order of two lines with a discount, of which one is sent back later.</summary>
sealed record Example(Money Goods, Money Discount, Money Base, Money Shipping, Money Tax, Money Commission, Money Returned, Money Left)
{
    public static Example Of(RuleSet rules, RuleData shown, CommissionEngine engine, DateTimeOffset now)
    {
        // The order is one that the shown rule is for.
        var currency = shown.Currency ?? rules.Program.Currency;
        var (scope, conditions) = (shown.Scope ?? new(), shown.Conditions ?? new());
        var earner = new Earner(scope.Partner ?? "", scope.Partner, scope.Group);
        string[] categories = scope.Category is { } category ? [category] : [];
        var unit = Unit(rules.Program.MinimumPayout);
        var order = new Order
        {
            Shop = "example", ExternalId = "example", Status = OrderStatus.Completed, Currency = currency, PlacedAt = now, UpdatedAt = now, Coupons = conditions.Coupons ?? [],
            Customer = new() { IsNew = conditions.Customer != RuleConditions.Returning, Country = conditions.Countries is [var country, ..] ? country : null },
            Total = 125 * unit, Tax = 20 * unit, Shipping = 5 * unit, Discount = 20 * unit,
            Lines =
            [
                new OrderLine { ExternalId = "kept", ProductId = scope.Product, Categories = categories, Subtotal = 70 * unit, Total = 60 * unit, Tax = 12 * unit },
                new OrderLine { ExternalId = "returned", ProductId = scope.Product, Categories = categories, Subtotal = 50 * unit, Total = 40 * unit, Tax = 8 * unit },
            ],
        };
        var refund = new Refund { ExternalId = "example", Amount = 48 * unit, Lines = [new RefundLine { ExternalId = "returned", Amount = 40 * unit }] };
        var earned = engine.Deserve(order, [], rules, earner);
        Money Of(decimal units) => Money.Round(units * unit, currency);
        return new(Of(120), Of(20), earned.Base, Of(5), Of(20), earned.Amount, Of(40), engine.Deserve(order, [refund], rules, earner).Amount);
    }

    /// <summary>A power of ten, so that the order is of the size people of this currency know: twice the usual minimum payout.</summary>
    static decimal Unit(decimal minimumPayout) =>
        minimumPayout <= 0 ? 1 : (decimal)Math.Pow(10, Math.Max(0, Math.Round(Math.Log10((double)minimumPayout / 50))));
}
