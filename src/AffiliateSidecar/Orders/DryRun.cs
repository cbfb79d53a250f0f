using AffiliateSidecar.Commissions;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>Replays stored orders, page by page in the order they were placed, and compares with what they earn.</summary>
sealed class DryRun(PartnerDirectory partners, RuleStore rules, CommissionEngine engine, WhatIf whatIf, TimeProvider clock)
{
    const int PageSize = 500;

    /// <param name="tried">Null: the rules that each order has.</param>
    public async Task<DryRunView> RunAsync(SidecarDb db, RuleSet? tried, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var snapshot = await partners.CurrentAsync(db, cancel);
        var (tally, caps) = (new DryRunTally(), tried is null ? null : new ReplayedCaps(tried));
        for (var after = new OrderPlace(from, "", ""); ;)
        {
            var rows = await db.Orders.Where(o => o.PlacedAt < to && (o.PlacedAt > after.PlacedAt || (o.PlacedAt == after.PlacedAt
                    && (string.Compare(o.Shop, after.Shop) > 0 || (o.Shop == after.Shop && string.Compare(o.ExternalId, after.ExternalId) > 0)))))
                .OrderBy(o => o.PlacedAt).ThenBy(o => o.Shop).ThenBy(o => o.ExternalId).Take(PageSize).ToListAsync(cancel);
            if (rows.Count == 0)
                return tally.View(from, to, snapshot);
            after = new(rows[^1].PlacedAt, rows[^1].Shop, rows[^1].ExternalId);
            var batch = await OrderBatch.ReadAsync(db, rows, cancel);
            var flags = await ClickFlagsOf.LoadAsync(db, rows.Select(r => batch.Of(r).Effective().Order), cancel);
            foreach (var row in rows)
                await ReplayAsync(db, batch.Of(row), tried, snapshot, flags, tally, caps, cancel);
        }
    }

    async Task ReplayAsync(SidecarDb db, OrderState state, RuleSet? tried, PartnerSnapshot snapshot, ClickFlagsOf flags, DryRunTally tally, ReplayedCaps? caps, CancellationToken cancel)
    {
        var (row, (order, refunds)) = (state.Row!, state.Effective());
        var was = await rules.GetAsync(db, row.RuleVersion, cancel);
        var set = tried ?? was;
        var decision = tried is null ? state.StoredDecision
            : await Binding.OverAsync(db, whatIf.Decide(state, was, set, snapshot, flags.Of, clock.GetUtcNow()), state.StoredDecision, order, row.CustomerKey, set, snapshot, cancel);
        var others = await OtherOrdersQuery.LoadAsync(db, order, row.Id, row.CustomerKey, decision.PartnerId, set, cancel);
        if (caps is not null && decision.PartnerId is { } partner)
            others = caps.Over(others, order, row.CustomerKey, partner);
        var deserved = engine.Deserve(order, refunds, set, Earner.Of(decision), others);
        if (caps is not null && decision.PartnerId is { } earner)
            caps.Add(deserved, order, row.CustomerKey, earner);
        // What a person took away for good stays away.
        var then = state.Commissions.Any(c => c.PartnerId == decision.PartnerId && c.Override == "reverse") ? 0 : deserved.Amount.Minor;
        tally.Add(order.Currency, row.PartnerId, state.Commissions, decision.PartnerId, then);
    }
}

/// <summary>What capped rules have paid in the replay, for the orders after.</summary>
sealed class ReplayedCaps(RuleSet rules)
{
    readonly Dictionary<(string Rule, int Partner, string Currency, string Of), long> paid = [];

    public OtherOrders Over(OtherOrders others, Order order, string? customer, int partner) => others with
    {
        PaidForCustomer = Paid(r => r.Caps?.PerCustomer is null ? null : customer, order, partner), PaidInPeriod = Paid(r => Period(r, order), order, partner),
    };

    public void Add(Deserved deserved, Order order, string? customer, int partner)
    {
        foreach (var rule in rules.Rules)
            foreach (var of in new[] { rule.Caps?.PerCustomer is null ? null : customer, Period(rule, order) }.OfType<string>())
                paid[(rule.Id, partner, order.Currency, of)] = paid.GetValueOrDefault((rule.Id, partner, order.Currency, of)) + deserved.ByRule.GetValueOrDefault(rule.Id);
    }

    static string? Period(RuleData rule, Order order) => rule.Caps?.PerPeriod is { } cap ? $"{RulePeriod.Of(order.PlacedAt, cap.Period, cap.Calendar).From:O}" : null;

    Dictionary<string, long> Paid(Func<RuleData, string?> of, Order order, int partner) => rules.Rules.Where(r => of(r) is not null)
        .ToDictionary(r => r.Id, r => paid.GetValueOrDefault((r.Id, partner, order.Currency, of(r)!)));
}
