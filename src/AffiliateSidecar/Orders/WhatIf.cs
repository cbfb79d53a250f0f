using AffiliateSidecar.Commissions;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Orders;

/// <summary>
/// Who would be credited with a known order under other rules. What was decided stays, unless a policy of attribution differs and the evidence that is
/// kept leads to the stored decision under the rules it was made by: history that was imported, or edited since, proves nothing.
/// </summary>
sealed class WhatIf(Attribution attribution)
{
    public Decision Decide(OrderState state, RuleSet was, RuleSet rules, PartnerSnapshot partners, KnownFlag flags, DateTimeOffset now)
    {
        var stored = Binding.Own(state.StoredDecision);
        if (Same(was.Program, rules.Program))
            return stored;
        var order = state.Newest ?? state.Truth!.Order!;
        return attribution.Decide(order, partners, flags, was, now).PartnerId != stored.PartnerId ? stored
            : attribution.Decide(order, partners, flags, rules, now, partner => rules.Program.For(partner).WindowDays is var days && days != was.Program.For(partner).WindowDays ? days : null)
                is var decision && decision.PartnerId == stored.PartnerId ? stored : decision;
    }

    static bool Same(ProgramPolicy was, ProgramPolicy now) => (was.WindowDays, was.AttributionModel, was.CouponPolicy) == (now.WindowDays, now.AttributionModel, now.CouponPolicy)
        && was.Policies.Select(Of).SequenceEqual(now.Policies.Select(Of));

    static (string?, string?, int?, string?) Of(PolicyOverride policy) => (policy.Group, policy.Partner, policy.WindowDays, policy.CouponPolicy);
}
