using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Commissions;

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

    /// <summary>Days between the announcement of a change of the rules and the first order that it holds for.</summary>
    [Range(0, 90), DefaultValue(0)]
    public int NoticeDays { get; init; }

    /// <summary>Shipping counts like goods: as a line of its own that no category or product rule covers.</summary>
    [DefaultValue(false)]
    public bool IncludeShipping { get; init; }

    /// <summary>Fees count like goods, in the same way.</summary>
    [DefaultValue(false)]
    public bool IncludeFees { get; init; }

    /// <summary>Whether a customer stays with the partner who brought him, where an order has no click, coupon or name of its own.</summary>
    public CustomerBinding CustomerBinding { get; init; } = new();

    /// <summary>What differs for a group or for one partner; the partner's goes before the group's.</summary>
    [MaxLength(200)]
    public IReadOnlyList<PolicyOverride> Policies { get; init; } = [];

    /// <summary>As it holds for one partner.</summary>
    internal ProgramPolicy For(Earner earner)
    {
        // Every click asks.
        if (Policies.Count == 0)
            return this;
        var policy = this;
        foreach (var group in Policies.Where(p => p.Partner is null && p.Group is not null && p.Group == earner.Group))
            policy = group.Over(policy);
        foreach (var partner in Policies.Where(p => p.Partner is not null && earner.Is(p.Partner)))
            policy = partner.Over(policy);
        return policy;
    }

    internal ProgramPolicy For(PartnerEntry partner) => Policies.Count == 0 ? this : For(Earner.Of(partner));
}

/// <summary>How long a customer stays with the partner who brought him.</summary>
public sealed record CustomerBinding
{
    internal const string Off = "off", FirstOrder = "first_order", Months = "months", Life = "life";

    /// <summary>
    /// <c>off</c>; <c>first_order</c>: only the customer's first order is his; <c>months</c> from that order, or <c>life</c>: later
    /// orders, too, where nobody else brought them.
    /// </summary>
    [OneOf(Off, FirstOrder, Months, Life), DefaultValue(FirstOrder)]
    public string Mode { get; init; } = FirstOrder;

    /// <summary>How many, with <c>months</c>.</summary>
    [Range(1, 120)]
    public int? Count { get; init; }

    internal bool Lasts => Mode is Months or Life;
}

/// <summary>A policy of one group or one partner: what is left out is as in the program.</summary>
public sealed record PolicyOverride
{
    /// <summary>A group's name. Either this or <c>partner</c>.</summary>
    [MaxLength(60)]
    public string? Group { get; init; }

    /// <summary>A partner's code or id.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }

    [Range(1, 365)]
    public int? WindowDays { get; init; }

    /// <summary>Of coupons that belong to this partner: <c>coupon_first</c>, <c>link_first</c> or <c>link_required</c>.</summary>
    [OneOf("coupon_first", "link_first", "link_required")]
    public string? CouponPolicy { get; init; }

    [Range(0, 365)]
    public int? HoldDays { get; init; }

    public CustomerBinding? CustomerBinding { get; init; }

    internal ProgramPolicy Over(ProgramPolicy policy) => policy with
    {
        WindowDays = WindowDays ?? policy.WindowDays, CouponPolicy = CouponPolicy ?? policy.CouponPolicy, HoldDays = HoldDays ?? policy.HoldDays,
        CustomerBinding = CustomerBinding ?? policy.CustomerBinding,
    };
}
