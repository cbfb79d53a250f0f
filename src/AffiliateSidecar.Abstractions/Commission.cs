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
public sealed record RuleContext(Order Order, OrderLine Line, decimal LineBase, string PartnerCode)
{
    /// <summary>The partner's id, <c>prt_…</c>; null where nobody is credited.</summary>
    public string? PartnerId { get; init; }

    /// <summary>The partner's group when the order was credited.</summary>
    public string? PartnerGroup { get; init; }

    /// <summary>All lines that are rated, this one among them: the order's own, and shipping and fees where the program counts them.</summary>
    public IReadOnlyList<RatedLine> Lines { get; init; } = [];

    /// <summary>Null where neither the shop nor earlier orders tell.</summary>
    public bool? CustomerIsNew { get; init; }

    /// <summary>When the customer's first order that is processing or completed was placed; this order's time where it is the first. Null: not known.</summary>
    public DateTimeOffset? CustomerSince { get; init; }

    /// <summary>
    /// The partner's approved net sales in major units of the order's currency, before this order, in the period in which it was placed:
    /// <c>month</c>, <c>quarter</c>, <c>jalali-month</c>, <c>jalali-quarter</c>. Only those that a rule of the program asks for.
    /// </summary>
    public IReadOnlyDictionary<string, decimal> SalesSoFar { get; init; } = new Dictionary<string, decimal>();
}

/// <summary>A line and its net base in major units, before refunds.</summary>
public sealed record RatedLine(OrderLine Line, decimal Base);

/// <summary>What a rule says of one line.</summary>
/// <param name="RuleId">Kebab-case id of the rule.</param>
/// <param name="Commission">Major units, not rounded: the engine rounds once, half-even.</param>
/// <param name="Text">One plain sentence for the partner, such as <c>10 % of 95.00 EUR</c>.</param>
public sealed record RuleResult(string RuleId, decimal Commission, string Text);

/// <summary>
/// A commission rule. Plugins' rules are asked first, then the program's from the most to the least specific; the first that answers decides
/// the line. A rule is a pure function: the same context gives the same answer.
/// </summary>
public interface ICommissionRule
{
    /// <summary>Kebab-case, unique.</summary>
    string Id { get; }

    /// <summary>The commission of the line, or null where this rule has nothing to say.</summary>
    RuleResult? Apply(RuleContext context);

    /// <summary>Why <see cref="Apply"/> has nothing to say: half a sentence for the preview, such as <c>for another group</c>.</summary>
    string? WhyNot(RuleContext context) => null;
}
