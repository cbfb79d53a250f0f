using System.Linq.Expressions;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>The later orders that have to be looked at again because what they may ask of one has changed.</summary>
static class Followers
{
    public static async Task<IReadOnlyList<OrderPlace>> OfAsync(SidecarDb db, OrderFacts? before, OrderFacts after, IReadOnlyList<RuleSet> asking, CancellationToken cancel)
    {
        var found = new SortedSet<OrderPlace>();
        OrderFacts[] both = before is null ? [after] : [before, after];
        var since = both.Min(f => f.Place.PlacedAt);
        if (Changed(before, after, f => (f.Place, f.CustomerKey, f.Counts, f.Own, f.PartnerId, f.AmountsText)))
            foreach (var key in both.Select(f => f.CustomerKey).OfType<string>().Distinct())
                await AddAsync(o => o.CustomerKey == key && o.PlacedAt >= since);
        if (Changed(before, after, f => (f.Place, f.PartnerId, f.Currency, f.AmountsText)) && await Caps.OfAsync(db, both, asking, cancel) is { } until)
            foreach (var partner in both.Select(f => f.PartnerId).OfType<int>().Distinct())
                await AddAsync(o => o.PartnerId == partner && o.PlacedAt >= since && o.PlacedAt < until);
        if (Changed(before, after, f => (f.PartnerId, f.Currency, f.CountsAt, f.NetMinor)) && Tiers(both, asking) is var (from, to))
            foreach (var partner in both.Select(f => f.PartnerId).OfType<int>().Distinct())
                await AddAsync(o => o.PartnerId == partner && o.PlacedAt > from && o.PlacedAt < to);
        found.Remove(after.Place);
        return [.. found];

        async Task AddAsync(Expression<Func<OrderRow, bool>> which)
        {
            var versions = asking.Select(s => s.Version).ToArray();
            foreach (var row in await db.Orders.Where(which).Where(o => versions.Contains(o.RuleVersion)).Select(o => new { o.PlacedAt, o.Shop, o.ExternalId }).ToListAsync(cancel))
                found.Add(new(row.PlacedAt, row.Shop, row.ExternalId));
        }
    }

    static bool Changed<T>(OrderFacts? before, OrderFacts after, Func<OrderFacts, T> part) => before is null || !EqualityComparer<T>.Default.Equals(part(before), part(after));

    /// <summary>From the earliest approval to the end of the last period that an approval lies in; null where no sale counts for any step.</summary>
    static (DateTimeOffset From, DateTimeOffset To)? Tiers(OrderFacts[] both, IReadOnlyList<RuleSet> asking)
    {
        var tiers = asking.SelectMany(s => s.Rules).Select(r => r.Tiers).OfType<RuleTiers>().Select(t => (t.Period, t.Calendar)).Distinct().ToList();
        var approvals = both.Where(f => f.NetMinor != 0).Select(f => f.CountsAt).OfType<DateTimeOffset>().ToList();
        return tiers.Count == 0 || approvals.Count == 0 ? null
            : (approvals.Min(), tiers.Max(t => approvals.Max(a => RulePeriod.Of(a, t.Period, t.Calendar).To)));
    }

    static class Caps
    {
        /// <summary>The end of the last period in which a cap may hold later orders back; null where none does.</summary>
        public static async Task<DateTimeOffset?> OfAsync(SidecarDb db, OrderFacts[] both, IReadOnlyList<RuleSet> asking, CancellationToken cancel)
        {
            if (both.Any(f => f.Amounts.ContainsKey(Recruiting.RuleId)))
                return DateTimeOffset.MaxValue;
            DateTimeOffset? until = null;
            var caps = asking.SelectMany(s => s.Rules).Where(r => r.Caps?.PerPeriod is not null && both.Any(f => f.Amounts.ContainsKey(r.Id)));
            foreach (var rule in caps.GroupBy(r => r.Id))
            {
                var periods = rule.SelectMany(r => both.Select(f => RulePeriod.Of(f.Place.PlacedAt, r.Caps!.PerPeriod!.Period, r.Caps.PerPeriod.Calendar))).ToList();
                var (from, to) = (periods.Min(p => p.From), periods.Max(p => p.To));
                if (await MayHoldBackAsync(db, rule, both, from, to, cancel) && (until is null || until < to))
                    until = to;
            }
            return until;
        }

        /// <summary>Nobody is held back while all of the period together stays below the cap, before the change and after it.</summary>
        static async Task<bool> MayHoldBackAsync(SidecarDb db, IGrouping<string, RuleData> rule, OrderFacts[] both, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
        {
            foreach (var partner in both.Select(f => f.PartnerId).OfType<int>().Distinct())
            {
                var currency = both[^1].Currency;
                var now = await db.RuleAmounts.Where(a => a.PartnerId == partner && a.RuleId == rule.Key && a.PlacedAt >= from && a.PlacedAt < to)
                    .SumAsync(a => (long?)a.AmountMinor, cancel) ?? 0;
                var changed = both.Sum(f => f.Amounts.GetValueOrDefault(rule.Key));
                if (rule.Any(r => r.Currency == currency && now + changed >= Money.RoundToMinor(r.Caps!.PerPeriod!.Amount, currency)))
                    return true;
            }
            return false;
        }
    }
}
