using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>
/// A bonus for each partner and period whose target is reached by what was approved in it. Booked as a difference: once, however often it is looked
/// at, and taken back where the target is lost. The rules that held at the end of the period count, or today's while it lasts.
/// </summary>
static class Bonuses
{
    /// <param name="approvals">The order's approval before and after; what lies in the future is not reached yet.</param>
    /// <param name="asking">The rule versions among which those with bonuses are.</param>
    public static async Task BookAsync(SidecarDb db, OrderBatch batch, OrderState state, DateTimeOffset?[] approvals, RuleStore rules, IReadOnlyList<RuleSet> asking, PartnerSnapshot partners,
        DateTimeOffset now, CancellationToken cancel)
    {
        var periods = asking.SelectMany(s => s.Bonuses).Select(b => (b.Period, b.Calendar)).Distinct().ToList();
        foreach (var at in approvals.OfType<DateTimeOffset>().Where(a => a <= now).Distinct())
            foreach (var (period, calendar) in periods)
            {
                var days = RulePeriod.Of(at, period, calendar);
                // Truncated times: a version made in this very moment holds.
                var set = await rules.AtAsync(db, days.To < now ? days.To : now.AddSeconds(1), cancel);
                foreach (var bonus in set.Bonuses.Where(b => b.Period == period && b.Calendar == calendar))
                    foreach (var partner in state.Commissions.Select(c => c.PartnerId).Distinct())
                        batch.Save(await DifferenceAsync(db, bonus, days, partners.ById.GetValueOrDefault(partner), set, state, now, cancel));
            }
    }

    static async Task<IReadOnlyList<LedgerRow>> DifferenceAsync(SidecarDb db, Bonus bonus, RulePeriod days, PartnerEntry? partner, RuleSet set, OrderState state, DateTimeOffset now,
        CancellationToken cancel)
    {
        if (partner is null || (bonus.Group is not null && bonus.Group != partner.Group))
            return [];
        var reference = string.Create(CultureInfo.InvariantCulture, $"{bonus.Id}/{days.From:yyyy-MM-dd}");
        var approved = db.Commissions.Where(c => c.PartnerId == partner.Id && c.Currency == bonus.Currency && c.CountsAt >= days.From && c.CountsAt < days.To
            && c.CountsAt <= now && c.NetMinor > 0);
        var reached = bonus.Orders is { } orders ? await approved.CountAsync(cancel) >= orders
            : (await approved.SumAsync(c => (long?)c.NetMinor, cancel) ?? 0) >= Money.RoundToMinor(bonus.NetSales!.Value, bonus.Currency);
        var posted = await db.Ledger.Where(l => l.PartnerId == partner.Id && l.Kind == EntryKind.Bonus && l.Reference == reference && l.Account != Account.Program)
            .GroupBy(l => new { l.Currency, l.Account }).Select(g => new { g.Key.Currency, g.Key.Account, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel);
        Posting[] target = reached ? [new(partner.Id, bonus.Currency, Account.Approved, Money.RoundToMinor(bonus.Amount, bonus.Currency))] : [];
        return Booking.Difference([.. posted.Select(p => new Posting(partner.Id, p.Currency, p.Account, p.Sum))], target,
            new(null, reached ? $"target of the bonus {bonus.Id} reached" : $"target of the bonus {bonus.Id} no longer reached", state.Actor, set.Version, now, false)
            {
                Reference = reference, Kind = EntryKind.Bonus,
            });
    }
}
