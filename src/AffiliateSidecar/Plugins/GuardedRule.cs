namespace AffiliateSidecar.Plugins;

/// <summary>A plugin's commission rule. A failed call has nothing to say, so the program's own rules decide the line.</summary>
sealed class GuardedRule(ICommissionRule rule, string id, Guard guard) : ICommissionRule
{
    const decimal Most = 1_000_000_000_000;

    public string Id => id;

    public Guard Guard => guard;

    public RuleResult? Apply(RuleContext context) => guard.Call(() => rule.Apply(context) switch
    {
        null => null,
        { Commission: >= 0 and <= Most, Text: not null } result => result with { RuleId = id },
        var result => throw new InvalidOperationException($"Not a commission: {result}"),
    });
}
