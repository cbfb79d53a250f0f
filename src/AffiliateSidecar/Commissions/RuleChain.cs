using System.Runtime.CompilerServices;
using AffiliateSidecar.Commissions.Rules;

namespace AffiliateSidecar.Commissions;

/// <summary>
/// The program's rules in the order in which they are asked: the more specific scope first, then the later <c>effective_from</c>, then the place
/// in the list. So a product of two categories with rules of their own goes by the later of them.
/// </summary>
static class RuleChain
{
    // Versions never change, and every order asks.
    static readonly ConditionalWeakTable<RuleSet, IReadOnlyList<ScopedRule>> Chains = [];

    public static IReadOnlyList<ScopedRule> Of(RuleSet rules) => Chains.GetValue(rules, set => [.. Ranked(set.Rules).Select(r => new ScopedRule(r, Rate(r)))]);

    public static IEnumerable<RuleData> Ranked(IEnumerable<RuleData> rules) =>
        rules.OrderByDescending(r => Specificity(r.Scope)).ThenByDescending(r => r.EffectiveFrom ?? DateTimeOffset.MinValue);

    /// <summary>From 0 for the whole program to 8 for one product of one partner.</summary>
    public static int Specificity(RuleScope? scope) => scope is null ? 0
        : (scope.Partner is not null ? 6 : scope.Group is not null ? 3 : 0) + (scope.Product is not null ? 2 : scope.Category is not null ? 1 : 0);

    static ICommissionRule Rate(RuleData rule) => rule switch
    {
        { Kind: RuleData.Percent } => new PercentRule(rule),
        { Per: RuleData.PerItem } => new ItemRule(rule),
        _ => new FixedRule(rule),
    };
}
