using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Commissions.Rules;

/// <summary>Asks a rule only where its scope, dates and conditions hold.</summary>
/// <param name="rate">What it pays then.</param>
sealed class ScopedRule(RuleData data, ICommissionRule rate) : ICommissionRule
{
    readonly string? category = data.Scope?.Category is { } name ? CodeText.Fold(name) : null;
    readonly HashSet<string>? coupons = data.Conditions?.Coupons is { Count: > 0 } codes ? [.. codes.Select(CodeText.Fold)] : null;

    public string Id => data.Id;

    public RuleData Data => data;

    public RuleResult? Apply(RuleContext context) => WhyNot(context) is null ? rate.Apply(context with { Lines = Covered(context) }) : null;

    public string? WhyNot(RuleContext context) => WhyNotOrder(context) ?? (Covers(context.Line) ? null
        : data.Scope!.Product is { } product ? $"for the product {product} only" : $"for the category {data.Scope.Category} only");

    string? WhyNotOrder(RuleContext context)
    {
        var (order, scope) = (context.Order, data.Scope);
        if (data.EffectiveFrom is { } from && order.PlacedAt < from)
            return $"for orders from {from:yyyy-MM-dd} on";
        if (data.EffectiveTo is { } to && order.PlacedAt >= to)
            return $"for orders before {to:yyyy-MM-dd}";
        if (data.Currency is { } currency && currency != order.Currency)
            return $"for orders in {currency}";
        if (scope?.Group is { } group && group != context.PartnerGroup)
            return $"for the group {group} only";
        if (scope?.Partner is { } partner && !new Earner(context.PartnerCode, context.PartnerId).Is(partner))
            return $"for the partner {partner} only";
        return data.Conditions is { } conditions ? WhyNot(conditions, context) : null;
    }

    string? WhyNot(RuleConditions conditions, RuleContext context)
    {
        var order = context.Order;
        if (conditions.Customer is { } kind && context.CustomerIsNew != (kind == RuleConditions.New))
            return context.CustomerIsNew is null ? "it is not known whether the customer is new" : $"for {kind} customers only";
        if (conditions.FirstMonths is { } months && !(context.CustomerSince is { } since && order.PlacedAt < Months.After(since, months)))
            return context.CustomerSince is null ? "it is not known since when the customer buys" : $"for the first {months} months of a customer only";
        if (conditions.Countries is { Count: > 0 } countries && !countries.Contains(order.Customer.Country, StringComparer.OrdinalIgnoreCase))
            return $"for {string.Join(", ", countries)} only";
        if (conditions.MinimumOrder is { } minimum && context.Lines.Sum(l => l.Base) < minimum)
            return $"for orders of at least {Money.Round(minimum, order.Currency)}";
        return coupons is not null && !order.Coupons.Any(c => coupons.Contains(CodeText.Fold(c))) ? "for orders with one of its coupons" : null;
    }

    /// <summary>Its own lines; the others are not for it.</summary>
    IReadOnlyList<RatedLine> Covered(RuleContext context) =>
        data.Scope is { Category: not null } or { Product: not null } ? [.. context.Lines.Where(l => Covers(l.Line))] : context.Lines;

    bool Covers(OrderLine line) => data.Scope is not { } scope
        || ((scope.Product is not { } product || product.Equals(line.ProductId, StringComparison.OrdinalIgnoreCase) || product.Equals(line.Sku, StringComparison.OrdinalIgnoreCase))
            && (category is null || line.Categories.Any(c => CodeText.Fold(c) == category)));
}
