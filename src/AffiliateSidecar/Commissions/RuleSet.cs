using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AffiliateSidecar.Commissions;

/// <summary>The program's rules as data. A version never changes: an order keeps the one it was first seen under.</summary>
/// <example>
/// {"program":{"currency":"EUR","window_days":30,"attribution_model":"last","coupon_policy":"coupon_first","hold_days":30,"minimum_payout":"50.00",
/// "customer_binding":{"mode":"months","count":12},"policies":[{"group":"gold","hold_days":14}]},
/// "rules":[{"id":"program","kind":"percent","rate":"10","currency":"EUR","caps":{"per_order":"50.00"},"tiers":{"period":"month","steps":[{"from":"5000.00","rate":"12"}]}},
/// {"id":"new-customers","kind":"percent","rate":"15","conditions":{"customer":"new"},"effective_from":"2026-12-01T00:00:00Z"},
/// {"id":"gold-mugs","kind":"fixed","per":"item","rate":"2","currency":"EUR","scope":{"group":"gold","category":"mugs"}}],
/// "recruiting":{"rate":"10","months":12},"bonuses":[{"id":"busy-month","net_sales":"5000.00","period":"month","amount":"100.00","currency":"EUR"}]}
/// </example>
public sealed record RuleSet
{
    /// <summary>The newest layout of rule files that this program understands.</summary>
    internal const int KnownFormat = 1;

    /// <summary>Layout of this file; a larger number comes from a newer version of the program and is refused.</summary>
    [DefaultValue(KnownFormat)]
    public int Format { get; init; } = KnownFormat;

    /// <summary>Counts up with every change; left out in a request.</summary>
    public int Version { get; init; }

    /// <summary>
    /// From when on orders are decided under this version; left out or past: at once. Never before the notice is over that the rules in force promise
    /// (<c>program.notice_days</c>).
    /// </summary>
    public DateTimeOffset? AppliesAt { get; init; }

    public ProgramPolicy Program { get; init; } = new();

    /// <summary>What a partner earns on those he recruited; left out: nothing.</summary>
    public Recruiting? Recruiting { get; init; }

    /// <summary>Once for each partner and period whose target is reached.</summary>
    [MaxLength(50)]
    public IReadOnlyList<Bonus> Bonuses { get; init; } = [];

    /// <summary>Whether an order needs to know of others. Where it does not, nothing is asked.</summary>
    internal bool AsksOtherOrders => Rules.Any(r => r.AsksOtherOrders) || Program.CustomerBinding.Lasts || Program.Policies.Any(p => p.CustomerBinding is { Lasts: true })
        || Recruiting is not null || Bonuses.Count > 0;

    /// <summary>
    /// The rule with the most specific scope decides a line; of several, the one with the later <c>effective_from</c>; of those, the earlier in
    /// this list.
    /// </summary>
    [MinLength(1), MaxLength(200)]
    public IReadOnlyList<RuleData> Rules { get; init; } = [new RuleData { Id = "program", Kind = "percent", Rate = new(10) }];
}
