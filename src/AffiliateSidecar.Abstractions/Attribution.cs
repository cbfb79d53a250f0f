namespace AffiliateSidecar;

/// <summary>How an order is credited.</summary>
public static class AttributionMethod
{
    public const string Click = "click";
    public const string Coupon = "coupon";
    public const string Binding = "binding";
    public const string Explicit = "explicit";
    public const string Witness = "witness";
}

/// <summary>Who is credited with an order and why: written once, stored with the order, never derived again.</summary>
public sealed record Decision
{
    /// <summary>The winner's number, or null where nobody is credited.</summary>
    public int? PartnerId { get; init; }

    public string? PartnerCode { get; init; }

    /// <summary>The group that the partner was in.</summary>
    public string? PartnerGroup { get; init; }
    public string? Method { get; init; }
    public string? ClickId { get; init; }
    public DateTimeOffset? ClickedAt { get; init; }
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>The version of the commission rules and policies in force.</summary>
    public int RuleVersion { get; init; }

    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>Where our click and the shop's own order attribution do not say the same: what each says. It changes nothing, and is worth a look.</summary>
    public string? Disagreement { get; init; }
}

/// <summary>One piece of evidence that was weighed.</summary>
/// <param name="PartnerCode">The partner it speaks for; null where it names nobody we know.</param>
/// <param name="Method">See <see cref="AttributionMethod"/>.</param>
/// <param name="Outcome"><c>won</c>, <c>unqualified</c> (would have counted, but lost) or <c>refused</c> (does not count).</param>
/// <param name="Reason">One sentence.</param>
public sealed record Candidate(string? PartnerCode, string Method, string Outcome, string Reason);
