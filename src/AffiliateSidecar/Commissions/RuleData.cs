using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Commissions;

/// <summary>One rule.</summary>
/// <example>
/// {"id":"mugs-new-customers","kind":"percent","rate":"15","currency":"EUR","scope":{"category":"mugs"},"conditions":{"customer":"new","countries":["DE","AT"]},
/// "caps":{"per_order":"40.00"},"effective_from":"2026-12-01T00:00:00Z"}
/// </example>
public sealed record RuleData
{
    internal const string Percent = "percent", Fixed = "fixed", PerOrder = "order", PerItem = "item";

    /// <summary>Kebab-case, unique within the set.</summary>
    [Pattern("^[a-z0-9][a-z0-9-]{0,39}$", ErrorMessage = "Kebab-case, at most 40 characters.")]
    public required string Id { get; init; }

    /// <summary><c>percent</c> of the net base of each line, or a <c>fixed</c> amount.</summary>
    [OneOf(Percent, Fixed)]
    public required string Kind { get; init; }

    /// <summary>Decimal string: percent (0 to 100), or an amount in <c>currency</c>.</summary>
    public required DecimalText Rate { get; init; }

    /// <summary>
    /// Of a fixed amount: <c>order</c>, spread over the lines in the rule's scope by their net base, or <c>item</c>: for each piece.
    /// </summary>
    [OneOf(PerOrder, PerItem)]
    public string? Per { get; init; }

    /// <summary>Of every amount in the rule; orders in another currency are not covered by it.</summary>
    [StringLength(4, MinimumLength = 3)]
    public string? Currency { get; init; }

    /// <summary>What the rule is for; left out: the whole program.</summary>
    public RuleScope? Scope { get; init; }

    /// <summary>All of them must hold.</summary>
    public RuleConditions? Conditions { get; init; }

    /// <summary>The most that the rule pays, net of refunds.</summary>
    public RuleCaps? Caps { get; init; }

    /// <summary>Other rates from a volume of sales on.</summary>
    public RuleTiers? Tiers { get; init; }

    /// <summary>Orders placed before are not covered; left out: all orders.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>Orders placed then or later are not covered; left out: without end.</summary>
    public DateTimeOffset? EffectiveTo { get; init; }

    /// <summary>Whether another order can change what this rule pays for one.</summary>
    internal bool AsksOtherOrders => Tiers is not null || Caps is { PerCustomer: not null } or { PerPeriod: not null } || Conditions is { Customer: not null } or { FirstMonths: not null };
}

/// <summary>
/// From the least to the most specific: program, category, product, group, group and category, group and product, partner, partner and
/// category, partner and product.
/// </summary>
public sealed record RuleScope
{
    /// <summary>One of the line's categories.</summary>
    [MaxLength(200)]
    public string? Category { get; init; }

    /// <summary>The line's <c>product_id</c> or <c>sku</c>. Not together with <c>category</c>.</summary>
    [MaxLength(100)]
    public string? Product { get; init; }

    /// <summary>The partner's group.</summary>
    [MaxLength(60)]
    public string? Group { get; init; }

    /// <summary>The partner's code or id. Not together with <c>group</c>.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }
}

/// <summary>When a rule holds.</summary>
public sealed record RuleConditions
{
    internal const string New = "new", Returning = "returning";

    /// <summary>
    /// <c>new</c> or <c>returning</c>: as the shop says; where it says nothing, a customer is new who has no earlier order that is processing or completed.
    /// </summary>
    [OneOf(New, Returning)]
    public string? Customer { get; init; }

    /// <summary>The customer's country, ISO 3166-1 alpha-2.</summary>
    [MaxLength(250)]
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>The least net base of the order before refunds, in the rule's currency.</summary>
    public DecimalText? MinimumOrder { get; init; }

    /// <summary>The order has one of these coupons.</summary>
    [MaxLength(200)]
    public IReadOnlyList<string>? Coupons { get; init; }

    /// <summary>Months from the customer's first order that is processing or completed; that order itself is inside.</summary>
    [Range(1, 120)]
    public int? FirstMonths { get; init; }
}

/// <summary>The most that a rule pays to one partner, in the rule's currency. What was paid back makes room again.</summary>
public sealed record RuleCaps
{
    public DecimalText? PerOrder { get; init; }

    /// <summary>For all orders of one customer.</summary>
    public DecimalText? PerCustomer { get; init; }

    public PeriodCap? PerPeriod { get; init; }
}

/// <summary>The most for all orders placed in one calendar month or quarter, UTC.</summary>
public sealed record PeriodCap
{
    public required DecimalText Amount { get; init; }

    /// <summary><c>month</c> or <c>quarter</c>.</summary>
    [OneOf(RulePeriod.Month, RulePeriod.Quarter)]
    public required string Period { get; init; }

    /// <summary><c>gregorian</c> or <c>jalali</c>.</summary>
    [OneOf(RulePeriod.Gregorian, RulePeriod.Jalali), DefaultValue(RulePeriod.Gregorian)]
    public string Calendar { get; init; } = RulePeriod.Gregorian;
}

/// <summary>
/// Rates by the partner's approved net sales of the month or quarter in which the order is placed: those approved before it. A sale that is
/// paid back is no sale. Orders placed before a step was reached keep their rate.
/// </summary>
public sealed record RuleTiers
{
    /// <summary><c>month</c> or <c>quarter</c>, UTC.</summary>
    [OneOf(RulePeriod.Month, RulePeriod.Quarter)]
    public required string Period { get; init; }

    /// <summary><c>gregorian</c> or <c>jalali</c>.</summary>
    [OneOf(RulePeriod.Gregorian, RulePeriod.Jalali), DefaultValue(RulePeriod.Gregorian)]
    public string Calendar { get; init; } = RulePeriod.Gregorian;

    /// <summary>Ascending. Below the first the rule's own <c>rate</c> holds.</summary>
    [MinLength(1), MaxLength(20)]
    public required IReadOnlyList<RuleTier> Steps { get; init; }
}

/// <summary>One step of a rule's tiers.</summary>
/// <param name="From">Approved net sales in the rule's currency, inclusive.</param>
/// <param name="Rate">In the place of the rule's <c>rate</c>.</param>
public sealed record RuleTier(DecimalText From, DecimalText Rate);
