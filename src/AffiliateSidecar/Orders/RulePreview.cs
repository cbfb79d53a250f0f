using AffiliateSidecar.Commissions;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>One order under rules that are tried, with everything that was weighed.</summary>
sealed class RulePreview(RuleStore rules, CommissionEngine engine, Attribution attribution, WhatIf whatIf, PersonalData personal, TimeProvider clock)
{
    public async Task<PreviewView> OfNewAsync(SidecarDb db, Order order, RuleSet? tried, PartnerSnapshot partners, CancellationToken cancel)
    {
        var set = tried ?? await rules.CurrentAsync(db, cancel);
        var flags = await ClickFlagsOf.LoadAsync(db, [order], cancel);
        return await ViewAsync(db, order, null, [], attribution.Decide(order, partners, flags.Of, set, clock.GetUtcNow()), null, set, partners, cancel);
    }

    public async Task<PreviewView> OfKnownAsync(SidecarDb db, OrderRow row, RuleSet? tried, PartnerSnapshot partners, CancellationToken cancel)
    {
        var state = (await OrderBatch.ReadAsync(db, [row], cancel)).Of(row);
        var (order, refunds) = state.Effective();
        var was = await rules.GetAsync(db, row.RuleVersion, cancel);
        var flags = await ClickFlagsOf.LoadAsync(db, [order], cancel);
        var decision = tried is null ? Binding.Own(state.StoredDecision) : whatIf.Decide(state, was, tried, partners, flags.Of, clock.GetUtcNow());
        return await ViewAsync(db, order, row.Id, refunds, decision, state.StoredDecision, tried ?? was, partners, cancel);
    }

    async Task<PreviewView> ViewAsync(SidecarDb db, Order order, string? orderId, IReadOnlyCollection<Refund> refunds, Decision own, Decision? stored, RuleSet set, PartnerSnapshot partners,
        CancellationToken cancel)
    {
        var customer = OrderRows.CustomerKey(order, personal);
        var decision = await Binding.OverAsync(db, own, stored, order, customer, set, partners, cancel);
        var weighed = new List<RuleWeighed>();
        var deserved = engine.Deserve(order, refunds, set, Earner.Of(decision), await OtherOrdersQuery.LoadAsync(db, order, orderId, customer, decision.PartnerId, set, cancel), weighed);
        return new(decision.PartnerCode, decision.Method, deserved.Base, deserved.Amount, deserved.Explanation, weighed, decision.Candidates);
    }
}
