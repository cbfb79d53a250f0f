namespace AffiliateSidecar;

public static class CommissionStatus
{
    public const string Pending = "pending";
    public const string Approved = "approved";
    public const string Held = "held";
    public const string Paid = "paid";
    public const string Reversed = "reversed";

    public static readonly IReadOnlyList<string> All = [Pending, Approved, Held, Paid, Reversed];
}

/// <summary>What a commission rule may look at.</summary>
/// <param name="Order">The order with its exact amounts.</param>
/// <param name="Line">The line to be rated.</param>
/// <param name="LineBase">Net base of the line in major units, before refunds, never negative.</param>
/// <param name="PartnerCode">The partner who earns.</param>
public sealed record RuleContext(Order Order, OrderLine Line, decimal LineBase, string PartnerCode);

/// <summary>What a rule says of one line.</summary>
/// <param name="RuleId">Kebab-case id of the rule.</param>
/// <param name="Commission">Major units, not rounded: the engine rounds once, half-even.</param>
/// <param name="Text">One plain sentence for the partner, such as <c>10 % of 95.00 EUR</c>.</param>
public sealed record RuleResult(string RuleId, decimal Commission, string Text);

/// <summary>
/// A commission rule. Rules are asked in their order from the most to the least specific; the first that answers decides the line.
/// A rule is a pure function: the same context gives the same answer.
/// </summary>
public interface ICommissionRule
{
    /// <summary>Kebab-case, unique.</summary>
    string Id { get; }

    /// <summary>The commission of the line, or null where this rule has nothing to say.</summary>
    RuleResult? Apply(RuleContext context);
}
