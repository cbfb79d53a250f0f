using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>A rule in the words of one language: what it pays, for what, on which conditions, and at most how much.</summary>
sealed class RuleWords(Language language, ProgramPolicy program)
{
    public string Rate(RuleData rule) => Rate(rule, rule.Rate);

    public static string Kind(RuleData rule) => rule.Per == RuleData.PerItem ? "item" : rule.Kind;

    public string Of(RuleData rule) => string.Join(language.Texts["rule.and"], Parts(rule));

    /// <summary>What a group or partner has otherwise than the program; nothing of it names a partner.</summary>
    public string Whose(PolicyOverride policy) => policy.Group is { } group ? Fill("rule.group", "name", group) : language.Texts["rule.partner"];

    public string Of(Recruiting recruiting) => string.Join(language.Texts["rule.and"], new[]
    {
        Fill("rule.recruiting", "rate", language.Percent(recruiting.Rate)),
        recruiting.Months is { } months ? Fill("rule.recruiting_months", "n", language.Number(months)) : null,
        recruiting.Most is { } most ? Fill("rule.recruiting_most", "amount", language.Of(Money.Round(most, recruiting.Currency ?? program.Currency))) : null,
    }.OfType<string>());

    public string Of(Bonus bonus)
    {
        var text = Fill(bonus.Orders is null ? "rule.bonus_sales" : "rule.bonus_orders", "amount", language.Of(Money.Round(bonus.Amount, bonus.Currency)))
            .Replace("{period}", Period(bonus.Period, bonus.Calendar), StringComparison.Ordinal)
            .Replace("{n}", language.Number(bonus.Orders ?? 0), StringComparison.Ordinal)
            .Replace("{target}", language.Of(Money.Round(bonus.NetSales ?? new(0), bonus.Currency)), StringComparison.Ordinal);
        return bonus.Group is { } group ? text + language.Texts["rule.and"] + Fill("rule.group", "name", group) : text;
    }

    IEnumerable<string> Parts(RuleData rule)
    {
        yield return Fill($"rule.{Kind(rule)}", "rate", Rate(rule));
        foreach (var part in Scope(rule.Scope ?? new()).Concat(Conditions(rule, rule.Conditions ?? new())).Concat(Caps(rule, rule.Caps ?? new())).Concat(Tiers(rule)))
            yield return part;
    }

    IEnumerable<string> Scope(RuleScope scope)
    {
        if (scope.Category is { } category)
            yield return Fill("rule.category", "name", category);
        if (scope.Product is { } product)
            yield return Fill("rule.product", "name", product);
        if (scope.Group is { } group)
            yield return Fill("rule.group", "name", group);
        if (scope.Partner is not null)
            yield return language.Texts["rule.partner"];
    }

    IEnumerable<string> Conditions(RuleData rule, RuleConditions conditions)
    {
        if (conditions.Customer is { } kind)
            yield return language.Texts[$"rule.customer_{kind}"];
        if (conditions.Countries is { Count: > 0 } countries)
            yield return Fill("rule.countries", "list", List(countries));
        if (conditions.MinimumOrder is { } minimum)
            yield return Fill("rule.minimum", "amount", Amount(rule, minimum));
        if (conditions.Coupons is { Count: > 0 } coupons)
            yield return Fill("rule.coupons", "list", List(coupons));
        if (conditions.FirstMonths is { } months)
            yield return Fill("rule.first_months", "n", language.Number(months));
    }

    IEnumerable<string> Caps(RuleData rule, RuleCaps caps)
    {
        if (caps.PerOrder is { } order)
            yield return Fill("rule.cap_order", "amount", Amount(rule, order));
        if (caps.PerCustomer is { } customer)
            yield return Fill("rule.cap_customer", "amount", Amount(rule, customer));
        if (caps.PerPeriod is { } period)
            yield return Fill("rule.cap_period", "amount", Amount(rule, period.Amount)).Replace("{period}", Period(period.Period, period.Calendar), StringComparison.Ordinal);
    }

    IEnumerable<string> Tiers(RuleData rule) => (rule.Tiers?.Steps ?? []).Select(step => Fill("rule.tier", "rate", Rate(rule, step.Rate))
        .Replace("{amount}", Amount(rule, step.From), StringComparison.Ordinal)
        .Replace("{period}", Period(rule.Tiers!.Period, rule.Tiers.Calendar), StringComparison.Ordinal));

    string Period(string period, string calendar) => language.Texts[$"rule.{calendar}_{period}"];

    string Rate(RuleData rule, decimal rate) => rule.Kind == RuleData.Fixed ? Amount(rule, rate) : language.Percent(rate);

    string Amount(RuleData rule, decimal amount) => language.Of(Money.Round(amount, rule.Currency ?? program.Currency));

    /// <summary>Names from outside, with this language's digits.</summary>
    string List(IEnumerable<string> names) => string.Join(language.Texts["rule.or"], names.Select(language.Digits));

    string Fill(string key, string name, string value) =>
        language.Texts[key].Replace($"{{{name}}}", name is "name" ? language.Digits(value) : value, StringComparison.Ordinal);
}
