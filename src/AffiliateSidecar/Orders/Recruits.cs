using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>
/// A percentage of a recruit's commission for the partner who recruited him. Its entries name the commission and follow it: pending, held,
/// approved and taken back with it.
/// </summary>
static class Recruits
{
    public static async Task BookAsync(SidecarDb db, OrderBatch batch, OrderState state, Order order, CommissionState commission, RuleSet rules, PartnerSnapshot partners,
        DateTimeOffset now, CancellationToken cancel)
    {
        var ids = state.Commissions.Select(c => c.Id).ToArray();
        if (ids.Length == 0)
            return;
        var posted = (await db.Ledger.Where(l => ids.Contains(l.Reference) && l.Kind == EntryKind.Recruit && l.Account != Account.Program)
            .GroupBy(l => new { l.Reference, l.PartnerId, l.Currency, l.Account })
            .Select(g => new { g.Key.Reference, g.Key.PartnerId, g.Key.Currency, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel))
            .ToLookup(p => p.Reference!, p => new Posting(p.PartnerId, p.Currency, p.Account, p.Sum));
        var (recruiter, earned) = await EarnedAsync(db, order, commission.Row, rules, partners, cancel);
        if (rules.Recruiting?.Most is not null && recruiter is not null)
            batch.Save(RuleAmounts.Row(state.Row!, Recruiting.RuleId, earned));
        foreach (var id in ids)
        {
            var before = posted[id].ToList();
            Posting[] target = id != commission.Row?.Id || recruiter is null || (!recruiter.Earns && before.Count == 0) ? []
                : [new(recruiter.Id, order.Currency, commission.Account, earned)];
            batch.Save(Booking.Difference(before, target, new(null, $"recruited partner's order {order.Shop}/{order.ExternalId} {order.Status}", state.Actor, rules.Version, now, false)
            {
                Reference = id, Kind = EntryKind.Recruit,
            }));
        }
    }

    static async Task<(PartnerEntry? Recruiter, long Minor)> EarnedAsync(SidecarDb db, Order order, CommissionRow? commission, RuleSet rules, PartnerSnapshot partners,
        CancellationToken cancel)
    {
        if (rules.Recruiting is not { } recruiting || commission is null || partners.ById.GetValueOrDefault(commission.PartnerId) is not { ReferredBy: { } by } recruit
            || partners.ById.GetValueOrDefault(by) is not { } recruiter
            || (recruiting.Months is { } months && order.PlacedAt >= Months.After(recruit.JoinedAt, months))
            || (recruiting.Currency is { } currency && currency != order.Currency))
            return (null, 0);
        var earned = decimal.ToInt64(decimal.Round(commission.AmountMinor * recruiting.Rate.Value / 100, 0, MidpointRounding.ToEven));
        if (recruiting.Most is { } most)
        {
            var paid = await OtherOrdersQuery.Before(db, order, recruit.Id, Recruiting.RuleId).SumAsync(a => (long?)a.AmountMinor, cancel) ?? 0;
            earned = Math.Min(earned, Math.Max(0, Money.RoundToMinor(most, order.Currency) - paid));
        }
        return (recruiter, earned);
    }
}
