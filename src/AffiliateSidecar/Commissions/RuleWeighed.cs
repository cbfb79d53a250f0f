namespace AffiliateSidecar.Commissions;

/// <summary>What became of one rule at one line.</summary>
/// <param name="Line">The order line's id.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Outcome"><c>won</c>, <c>lost</c> (would have applied, but another goes first) or <c>not_applied</c>.</param>
/// <param name="Reason">Half a sentence.</param>
public sealed record RuleWeighed(string Line, string Rule, string Outcome, string Reason)
{
    internal static RuleWeighed Of(ICommissionRule rule, RuleContext context, RuleResult? winner) =>
        winner?.RuleId == rule.Id ? new(context.Line.ExternalId, rule.Id, "won", winner.Text)
        : (winner is null ? null : rule.Apply(context)) is { } other ? new(context.Line.ExternalId, rule.Id, "lost", $"{other.Text}, but {winner!.RuleId} goes first")
        : new(context.Line.ExternalId, rule.Id, "not_applied", rule.WhyNot(context) ?? "it has nothing to say of this line");
}
