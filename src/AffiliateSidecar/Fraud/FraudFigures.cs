using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Fraud;

/// <summary>Counts, in the database, what the signals compare: rollups by hour and orders by time to sale. Clicks are never read.</summary>
static class FraudFigures
{
    // "End of the step" of a lag as a SQL expression, from the one list of steps.
    static readonly string LagStepSql = "case " + string.Concat(LagStep.Limits.SkipLast(1).Select(s => $"when o.lag_seconds <= {s} then {s} "))
        + $"else {LagStep.Longer} end";

    public static async Task<ProgramFigures> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var orders = db.Orders.Where(o => o.PartnerId != null && o.PlacedAt >= from && o.PlacedAt < to);
        var currency = await orders.GroupBy(o => o.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefaultAsync(cancel) ?? "EUR";
        var totals = await orders.GroupBy(o => o.PartnerId!.Value).Select(g => new
        {
            PartnerId = g.Key, Orders = g.Count(), New = g.Sum(o => o.IsNewCustomer == true ? 1 : 0), Clicked = g.Sum(o => o.LagSeconds != null ? 1 : 0),
            Sales = g.Sum(o => o.Currency == currency ? o.BaseMinor : 0),
        }).ToDictionaryAsync(t => t.PartnerId, cancel);
        var unpaid = await orders.Join(db.Commissions.Where(c => c.Currency == currency && c.Status != CommissionStatus.Paid && c.Status != CommissionStatus.Reversed),
                o => o.Id, c => c.OrderId, (o, c) => c)
            .GroupBy(c => c.PartnerId).Select(g => new { g.Key, Sum = g.Sum(c => c.AmountMinor) }).ToDictionaryAsync(g => g.Key, g => g.Sum, cancel);
        var lags = (await LagsAsync(db, from, to, currency, cancel)).ToLookup(l => l.PartnerId, l => new LagStep(l.Step, l.Orders, l.NewCustomers, l.Unpaid));
        var hours = (await HoursAsync(db, from, to, currency, cancel)).ToLookup(h => h.PartnerId,
            h => new HourFigures(UnixTime.FromMicros(h.Hour), h.Clicks, h.Invalid, h.Impressions, h.Orders, h.Unpaid));
        var reporting = (await db.ImpressionsHourly.Where(i => i.Hour >= from && i.Hour < to).Select(i => i.PartnerId).Distinct().ToListAsync(cancel)).ToHashSet();
        var partners = await db.Partners.OrderBy(p => p.Id).Select(p => new { p.Id, p.Code }).ToListAsync(cancel);
        return new ProgramFigures
        {
            From = from,
            To = to,
            Currency = currency,
            Partners = [.. partners.Where(p => totals.ContainsKey(p.Id) || hours.Contains(p.Id)).Select(p => new PartnerFigures
            {
                PartnerId = p.Id,
                Code = p.Code,
                Clicks = hours[p.Id].Sum(h => h.Clicks),
                InvalidClicks = hours[p.Id].Sum(h => h.InvalidClicks),
                Impressions = reporting.Contains(p.Id) ? hours[p.Id].Sum(h => h.Impressions) : null,
                Orders = totals.GetValueOrDefault(p.Id)?.Orders ?? 0,
                NewCustomerOrders = totals.GetValueOrDefault(p.Id)?.New ?? 0,
                ClickedOrders = totals.GetValueOrDefault(p.Id)?.Clicked ?? 0,
                Lags = [.. lags[p.Id].OrderBy(l => l.UpToSeconds)],
                Hours = [.. hours[p.Id]],
                SalesMinor = totals.GetValueOrDefault(p.Id)?.Sales ?? 0,
                UnpaidCommissionMinor = unpaid.GetValueOrDefault(p.Id),
            })],
        };
    }

    static Task<List<LagCount>> LagsAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel) =>
        db.QueryToListAsync<LagCount>($"""
            select o.partner_id, {LagStepSql} as step, count(*) as orders,
                cast(sum(case when o.is_new_customer = 1 then 1 else 0 end) as signed) as new_customers,
                cast(coalesce(sum(c.amount_minor), 0) as signed) as unpaid
            from afs_orders o left join afs_commissions c on c.order_id = o.id and c.partner_id = o.partner_id
                and c.currency = @currency and c.status not in ('paid', 'reversed')
            where o.partner_id is not null and o.lag_seconds is not null and o.placed_at >= @from and o.placed_at < @to
            group by o.partner_id, {LagStepSql}
            """, cancel, Period(from, to, currency));

    /// <summary>Clicks, impressions, and the orders that followed within a day, side by side in the hour of the click.</summary>
    static Task<List<HourCount>> HoursAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel) =>
        db.QueryToListAsync<HourCount>("""
            select partner_id, hour, cast(sum(clicks) as signed) as clicks, cast(sum(invalid) as signed) as invalid,
                cast(sum(impressions) as signed) as impressions, cast(sum(orders) as signed) as orders, cast(sum(unpaid) as signed) as unpaid
            from (select partner_id, hour, clicks, bots + prefetches + duplicates as invalid, 0 as impressions, 0 as orders, 0 as unpaid
                  from afs_clicks_hourly where hour >= @from and hour < @to
                  union all
                  select partner_id, hour, 0, 0, impressions, 0, 0 from afs_impressions_hourly where hour >= @from and hour < @to
                  union all
                  select o.partner_id, (o.placed_at - o.lag_seconds * 1000000) - (o.placed_at - o.lag_seconds * 1000000) % 3600000000, 0, 0, 0, 1,
                      coalesce(c.amount_minor, 0)
                  from afs_orders o left join afs_commissions c on c.order_id = o.id and c.partner_id = o.partner_id
                      and c.currency = @currency and c.status not in ('paid', 'reversed')
                  where o.partner_id is not null and o.lag_seconds <= 86400 and o.placed_at >= @from and o.placed_at < @to
                      and o.placed_at - o.lag_seconds * 1000000 >= @from) as counted
            group by partner_id, hour order by partner_id, hour
            """, cancel, Period(from, to, currency));

    static DataParameter[] Period(DateTimeOffset from, DateTimeOffset to, string currency) =>
        [new("from", UnixTime.ToMicros(from)), new("to", UnixTime.ToMicros(to)), new("currency", currency)];

    sealed class LagCount
    {
        public int PartnerId { get; init; }
        public long Step { get; init; }
        public int Orders { get; init; }
        public int NewCustomers { get; init; }
        public long Unpaid { get; init; }
    }

    sealed class HourCount
    {
        public int PartnerId { get; init; }
        public long Hour { get; init; }
        public long Clicks { get; init; }
        public long Invalid { get; init; }
        public long Impressions { get; init; }
        public int Orders { get; init; }
        public long Unpaid { get; init; }
    }
}
