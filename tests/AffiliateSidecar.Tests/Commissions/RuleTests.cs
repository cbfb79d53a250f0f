using System.Text.Json;
using AffiliateSidecar.Http;
using Xunit;

namespace AffiliateSidecar.Commissions;

/// <summary>Which rule decides a line, and what it pays.</summary>
public sealed class RuleTests
{
    static readonly CommissionEngine Engine = new([]);

    [Fact]
    public void The_most_specific_scope_decides()
    {
        var rules = Rules("""
            [ { "id": "program", "kind": "percent", "rate": "1" },
              { "id": "category", "kind": "percent", "rate": "2", "scope": { "category": "Tea" } },
              { "id": "product", "kind": "percent", "rate": "3", "scope": { "product": "TEA-1" } },
              { "id": "group", "kind": "percent", "rate": "4", "scope": { "group": "gold" } },
              { "id": "group-category", "kind": "percent", "rate": "5", "scope": { "group": "gold", "category": "tea" } },
              { "id": "group-product", "kind": "percent", "rate": "6", "scope": { "group": "gold", "product": "77" } },
              { "id": "partner", "kind": "percent", "rate": "7", "scope": { "partner": "SARA" } },
              { "id": "partner-category", "kind": "percent", "rate": "8", "scope": { "partner": "prt_1", "category": "tea" } },
              { "id": "partner-product", "kind": "percent", "rate": "9", "scope": { "partner": "sara", "product": "TEA-1" } } ]
            """);
        Assert.Equal("1.00", Earned(rules, Line("1", 100)));
        Assert.Equal("2.00", Earned(rules, Line("1", 100) with { Categories = ["tea"] }));
        Assert.Equal("3.00", Earned(rules, Line("1", 100) with { Categories = ["tea"], Sku = "TEA-1" }));
        Assert.Equal("4.00", Earned(rules, new Earner("tom", "prt_2", "gold"), Line("1", 100)));
        Assert.Equal("5.00", Earned(rules, new Earner("tom", "prt_2", "gold"), Line("1", 100) with { Categories = ["tea"] }));
        Assert.Equal("6.00", Earned(rules, new Earner("tom", "prt_2", "gold"), Line("1", 100) with { Categories = ["tea"], ProductId = "77" }));
        Assert.Equal("7.00", Earned(rules, Sara, Line("1", 100)));
        Assert.Equal("8.00", Earned(rules, Sara, Line("1", 100) with { Categories = ["tea"] }));
        Assert.Equal("9.00", Earned(rules, Sara, Line("1", 100) with { Categories = ["tea"], Sku = "TEA-1" }));
    }

    [Fact]
    public void A_product_of_two_categories_goes_by_the_later_rule_and_then_by_the_earlier_in_the_list()
    {
        const string Two = """
            [ { "id": "cups", "kind": "percent", "rate": "2", "scope": { "category": "cups" } },
              { "id": "tea", "kind": "percent", "rate": "3", "scope": { "category": "tea" } } ]
            """;
        var line = Line("1", 100) with { Categories = ["tea", "cups"] };
        Assert.Equal("2.00", Earned(Rules(Two), line));
        Assert.Equal("3.00", Earned(Rules(Two.Replace("{ \"category\": \"tea\" }", "{ \"category\": \"tea\" }, \"effective_from\": \"2026-01-01T00:00:00Z\"", StringComparison.Ordinal)), line));
    }

    [Theory]
    [InlineData("""{ "customer": "new" }""", "new", "2.00")]
    [InlineData("""{ "customer": "new" }""", "returning", "1.00")]
    [InlineData("""{ "customer": "returning" }""", "returning", "2.00")]
    [InlineData("""{ "customer": "returning" }""", "", "1.00")]
    [InlineData("""{ "countries": ["AT", "de"] }""", "new", "2.00")]
    [InlineData("""{ "countries": ["FR"] }""", "new", "1.00")]
    [InlineData("""{ "minimum_order": "100" }""", "new", "2.00")]
    [InlineData("""{ "minimum_order": "100.01" }""", "new", "1.00")]
    [InlineData("""{ "coupons": ["sara10"] }""", "new", "2.00")]
    [InlineData("""{ "coupons": ["TOM10"] }""", "new", "1.00")]
    [InlineData("""{ "first_months": 3 }""", "new", "2.00")]
    [InlineData("""{ "first_months": 3 }""", "returning", "1.00")]
    public void A_rule_holds_where_all_its_conditions_do(string conditions, string customer, string expected)
    {
        var rules = Rules($$"""
            [ { "id": "special", "kind": "percent", "rate": "2", "currency": "EUR", "conditions": {{conditions}} }, { "id": "program", "kind": "percent", "rate": "1" } ]
            """);
        var order = OrderOf(Line("1", 100)) with
        {
            Coupons = ["SARA10"], Customer = new() { Country = "DE", IsNew = customer switch { "new" => true, "returning" => false, _ => null } },
        };
        Assert.Equal(expected, Engine.Deserve(order, [], rules, Sara).Amount.AmountText);
    }

    [Fact]
    public void Rules_hold_from_their_first_moment_until_before_their_last()
    {
        var rules = Rules("""
            [ { "id": "november", "kind": "percent", "rate": "2", "effective_from": "2026-11-01T00:00:00Z", "effective_to": "2026-12-01T00:00:00Z" },
              { "id": "program", "kind": "percent", "rate": "1" } ]
            """);
        string At(int month, int day, int hour) => Engine.Deserve(OrderOf(Line("1", 100)) with { PlacedAt = new(2026, month, day, hour, 0, 0, TimeSpan.Zero) }, [], rules, Sara).Amount.AmountText;
        Assert.Equal(("1.00", "2.00", "2.00", "1.00"), (At(10, 31, 23), At(11, 1, 0), At(11, 30, 23), At(12, 1, 0)));
    }

    [Fact]
    public void A_fixed_amount_is_for_an_order_or_for_each_piece()
    {
        Assert.Equal("6.00", Earned(Rules("""[ { "id": "piece", "kind": "fixed", "per": "item", "rate": "1.50", "currency": "EUR" } ]"""),
            Line("1", 100) with { Quantity = 3 }, Line("2", 20)));
        // The two lines of the category share it; the other line earns nothing.
        Assert.Equal("5.00", Earned(Rules("""[ { "id": "tea", "kind": "fixed", "rate": "5", "currency": "EUR", "scope": { "category": "tea" } } ]"""),
            Line("1", 100) with { Categories = ["tea"] }, Line("2", 20), Line("3", 50) with { Categories = ["tea"] }));
    }

    [Fact]
    public void A_cap_holds_the_rule_back_and_says_so()
    {
        var rules = Rules("""[ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR", "caps": { "per_order": "12" } } ]""");
        var deserved = Engine.Deserve(OrderOf(Line("1", 100), Line("2", 50)), [], rules, Sara);
        Assert.Equal("12.00", deserved.Amount.AmountText);
        Assert.Equal("-3.00", Assert.Single(deserved.Explanation, s => s.Step == "cap").Amount.AmountText);
        // Half of it back: what is left deserves 7.50, which the cap does not touch.
        Assert.Equal("7.50", Engine.Deserve(OrderOf(Line("1", 100), Line("2", 50)), [new Refund { ExternalId = "r", Amount = 75 }], rules, Sara).Amount.AmountText);
    }

    [Fact]
    public void Tiers_go_by_what_was_approved_before_the_order()
    {
        var rules = Rules("""
            [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR",
                "tiers": { "period": "quarter", "calendar": "jalali", "steps": [ { "from": "1000", "rate": "12" }, { "from": "5000", "rate": "15" } ] } } ]
            """);
        string With(decimal sales) => Engine.Deserve(OrderOf(Line("1", 100)), [], rules, Sara,
            new() { SalesSoFar = new Dictionary<string, decimal> { ["jalali-quarter"] = sales } }).Amount.AmountText;
        Assert.Equal(("10.00", "12.00", "12.00", "15.00"), (With(999.99m), With(1000), With(4999), With(9000)));
    }

    [Theory]
    [InlineData("2026-11-30T23:59:59Z", "month", "gregorian", "2026-11-01", "2026-12-01")]
    [InlineData("2026-11-30T23:59:59Z", "quarter", "gregorian", "2026-10-01", "2027-01-01")]
    // Azar 1405 and the autumn of 1405.
    [InlineData("2026-11-30T23:59:59Z", "month", "jalali", "2026-11-22", "2026-12-22")]
    [InlineData("2026-11-30T23:59:59Z", "quarter", "jalali", "2026-09-23", "2026-12-22")]
    // Esfand 1403 had thirty days.
    [InlineData("2025-03-20T12:00:00Z", "month", "jalali", "2025-02-19", "2025-03-21")]
    public void A_period_is_a_calendar_month_or_quarter(string at, string period, string calendar, string from, string to)
    {
        var found = RulePeriod.Of(DateTimeOffset.Parse(at, null), period, calendar);
        Assert.Equal((from, to), (found.From.ToString("yyyy-MM-dd", null), found.To.ToString("yyyy-MM-dd", null)));
    }

    [Fact]
    public void Shipping_counts_where_the_program_says_so_and_goods_are_refunded_first()
    {
        var rules = Rules("""[ { "id": "program", "kind": "percent", "rate": "10" }, { "id": "tea", "kind": "percent", "rate": "20", "scope": { "category": "tea" } } ]""");
        var shipping = rules with { Program = new() { IncludeShipping = true } };
        var order = OrderOf(Line("1", 100) with { Categories = ["tea"] }) with { Shipping = 10, Fees = 5, Total = 115 };
        string Left(RuleSet set, params Refund[] refunds) => Engine.Deserve(order, refunds, set, Sara).Amount.AmountText;
        Assert.Equal(("20.00", "21.00", "21.50"), (Left(rules), Left(shipping), Left(shipping with { Program = new() { IncludeShipping = true, IncludeFees = true } })));
        Assert.Equal("11.00", Left(shipping, new Refund { ExternalId = "r", Amount = 50 }));
        Assert.Equal("0.40", Left(shipping, new Refund { ExternalId = "r", Amount = 106 }));
        Assert.Equal("20.40", Left(shipping, new Refund { ExternalId = "r", Amount = 6, Lines = [] }));
        Assert.Equal("1.00", Left(shipping, new Refund { ExternalId = "r", Amount = 100, Lines = [new() { ExternalId = "1", Amount = 100 }] }));
        Assert.Equal("0.00", Left(shipping, new Refund { ExternalId = "r", Amount = 115, Lines = [new() { ExternalId = "1", Amount = 100 }] }));
    }

    static readonly Earner Sara = new("sara", "prt_1");

    static string Earned(RuleSet rules, params OrderLine[] lines) => Earned(rules, new Earner("mia", "prt_3"), lines);

    static string Earned(RuleSet rules, Earner earner, params OrderLine[] lines) => Engine.Deserve(OrderOf(lines), [], rules, earner).Amount.AmountText;

    static RuleSet Rules(string rules) => JsonSerializer.Deserialize<RuleSet>($$"""{ "rules": {{rules}} }""", Json.Options)!;

    static Order OrderOf(params OrderLine[] lines) => new()
    {
        Shop = "main", ExternalId = "1", Status = "completed", Currency = "EUR", PlacedAt = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero), UpdatedAt = DateTimeOffset.UnixEpoch,
        Total = lines.Sum(l => l.Total), PaymentMethod = "bacs", Lines = lines,
    };

    static OrderLine Line(string id, decimal net) => new() { ExternalId = id, Subtotal = net, Total = net };
}
