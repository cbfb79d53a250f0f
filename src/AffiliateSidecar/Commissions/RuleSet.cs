using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Commissions;

/// <summary>The program's rules as data. A version never changes: an order keeps the one it was first seen under.</summary>
public sealed record RuleSet
{
    /// <summary>Counts up with every change; left out in a request.</summary>
    public int Version { get; init; }

    public ProgramPolicy Program { get; init; } = new();

    /// <summary>From the most to the least specific; the first that applies decides a line.</summary>
    [MinLength(1), MaxLength(200)]
    public IReadOnlyList<RuleData> Rules { get; init; } = [new RuleData { Id = "program", Kind = "percent", Rate = new(10) }];
}

/// <summary>What holds for the whole program.</summary>
public sealed record ProgramPolicy
{
    /// <summary>Currency of the minimum payout.</summary>
    [StringLength(4, MinimumLength = 3)]
    public string Currency { get; init; } = "EUR";

    /// <summary>Days from click to order, inclusive. Travels with each click.</summary>
    [Range(1, 365), DefaultValue(30)]
    public int WindowDays { get; init; } = 30;

    /// <summary>Which click wins: <c>last</c> or <c>first</c>.</summary>
    [OneOf("last", "first"), DefaultValue("last")]
    public string AttributionModel { get; init; } = "last";

    /// <summary>
    /// <c>coupon_first</c>, <c>link_first</c>, or <c>link_required</c>: a coupon pays only with a click by the same partner inside the window.
    /// </summary>
    [OneOf("coupon_first", "link_first", "link_required"), DefaultValue("coupon_first")]
    public string CouponPolicy { get; init; } = "coupon_first";

    /// <summary>Days from the order until its commission is approved.</summary>
    [Range(0, 365), DefaultValue(30)]
    public int HoldDays { get; init; } = 30;

    /// <summary>Decimal string in the program's currency: below it nothing is paid out yet.</summary>
    public DecimalText MinimumPayout { get; init; } = new(50);

    /// <summary>Decimal strings by currency, for balances in other currencies than the program's; left out: no minimum there.</summary>
    public IReadOnlyDictionary<string, DecimalText>? MinimumPayouts { get; init; }

    /// <summary>Major units.</summary>
    internal decimal MinimumIn(string currency) => MinimumPayouts?.TryGetValue(currency, out var own) == true ? own : currency == Currency ? MinimumPayout : 0;
}

/// <summary>One rule.</summary>
public sealed record RuleData
{
    /// <summary>Kebab-case, unique within the set.</summary>
    [Pattern("^[a-z0-9][a-z0-9-]{0,39}$", ErrorMessage = "Kebab-case, at most 40 characters.")]
    public required string Id { get; init; }

    /// <summary><c>percent</c> of the net base of each line, or <c>fixed</c>: one amount an order, spread over its lines.</summary>
    [OneOf("percent", "fixed")]
    public required string Kind { get; init; }

    /// <summary>Decimal string: percent (0 to 100), or an amount in <c>currency</c>.</summary>
    public required DecimalText Rate { get; init; }

    /// <summary>Of a fixed amount; orders in another currency are not covered by the rule.</summary>
    [StringLength(4, MinimumLength = 3)]
    public string? Currency { get; init; }

    /// <summary>Orders placed before are not covered; left out: all orders.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }
}
