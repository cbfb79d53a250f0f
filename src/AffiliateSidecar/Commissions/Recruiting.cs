using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Commissions;

/// <summary>What a partner earns on the commissions of those he recruited: of one level, never of theirs.</summary>
public sealed record Recruiting
{
    internal const string RuleId = ":recruiting";

    /// <summary>Percent of the recruit's commission.</summary>
    public required DecimalText Rate { get; init; }

    /// <summary>For orders placed within so many months after the recruit joined; left out: without end.</summary>
    [Range(1, 120)]
    public int? Months { get; init; }

    /// <summary>The most for one recruit, in <c>currency</c>; commissions in another currency earn nothing then.</summary>
    public DecimalText? Most { get; init; }

    [StringLength(4, MinimumLength = 3)]
    public string? Currency { get; init; }
}

/// <summary>A fixed amount for reaching a target in a calendar month or quarter, UTC. It is approved at once, and taken back where the target is lost again.</summary>
public sealed record Bonus
{
    /// <summary>Kebab-case, unique within the set.</summary>
    [Pattern("^[a-z0-9][a-z0-9-]{0,39}$", ErrorMessage = "Kebab-case, at most 40 characters.")]
    public required string Id { get; init; }

    /// <summary>Partners of this group only; left out: all.</summary>
    [MaxLength(60)]
    public string? Group { get; init; }

    /// <summary>Net sales approved in the period, in <c>currency</c>. Either this or <c>orders</c>.</summary>
    public DecimalText? NetSales { get; init; }

    /// <summary>Orders approved in the period.</summary>
    [Range(1, 1_000_000)]
    public int? Orders { get; init; }

    /// <summary><c>month</c> or <c>quarter</c>.</summary>
    [OneOf(RulePeriod.Month, RulePeriod.Quarter)]
    public required string Period { get; init; }

    /// <summary><c>gregorian</c> or <c>jalali</c>.</summary>
    [OneOf(RulePeriod.Gregorian, RulePeriod.Jalali), DefaultValue(RulePeriod.Gregorian)]
    public string Calendar { get; init; } = RulePeriod.Gregorian;

    public required DecimalText Amount { get; init; }

    /// <summary>Of the amount; orders in another currency do not count.</summary>
    [StringLength(4, MinimumLength = 3)]
    public required string Currency { get; init; }
}
