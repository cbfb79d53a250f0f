using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Commissions;

/// <summary>Rules that can never decide a line, because another one goes first wherever they hold.</summary>
static class RuleShadows
{
    /// <summary>Places in the list, with a sentence that names the other rule.</summary>
    public static IEnumerable<(int Index, string Message)> Of(IReadOnlyList<RuleData> rules)
    {
        var ranked = RuleChain.Ranked(rules).ToList();
        for (var i = 0; i < rules.Count; i++)
        {
            var rule = rules[i];
            if (ranked.TakeWhile(r => !ReferenceEquals(r, rule)).FirstOrDefault(r => Covers(r, rule)) is { } first)
                yield return (i, Covers(rule, first)
                    ? $"The rule '{first.Id}' has the same scope, conditions and dates. One of the two is never used."
                    : $"This rule can never decide: '{first.Id}' goes first and holds wherever it does.");
        }
    }

    /// <summary>Wherever the second holds, the first does too. A rule of a wider scope never goes first.</summary>
    static bool Covers(RuleData first, RuleData second) => Same(first.Scope, second.Scope)
        && (first.EffectiveFrom is null || first.EffectiveFrom <= second.EffectiveFrom)
        && (first.EffectiveTo is null || first.EffectiveTo >= second.EffectiveTo)
        && (first.Currency is null || first.Currency == second.Currency)
        && Covers(first.Conditions ?? new(), second.Conditions ?? new());

    static bool Same(RuleScope? first, RuleScope? second) => (Text(first?.Category), Text(first?.Product), first?.Group, Text(first?.Partner))
        == (Text(second?.Category), Text(second?.Product), second?.Group, Text(second?.Partner));

    static string? Text(string? text) => text is null ? null : CodeText.Fold(text);

    static bool Covers(RuleConditions first, RuleConditions second) => (first.Customer is null || first.Customer == second.Customer)
        && (first.MinimumOrder is null || first.MinimumOrder.Value <= (second.MinimumOrder ?? new(-1)))
        && (first.FirstMonths is null || first.FirstMonths >= second.FirstMonths)
        && Contains(first.Countries, second.Countries) && Contains(first.Coupons, second.Coupons);

    /// <summary>An absent list holds everything.</summary>
    static bool Contains(IReadOnlyList<string>? first, IReadOnlyList<string>? second) => first is null or []
        || (second is { Count: > 0 } && second.All(s => first.Any(f => CodeText.Fold(f) == CodeText.Fold(s))));
}
