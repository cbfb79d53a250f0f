using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Insights;

/// <summary>
/// Sums of orders by the day on which they were placed. A refund changes an old day: each night the days whose sums are not those of their orders are made
/// again, so nothing has to be noted when an order changes, and a lost night is caught up with.
/// </summary>
sealed class SalesDays(Database database)
{
    internal const long Day = 86_400_000_000;

    /// <returns>How many days were made again.</returns>
    public async Task<int> RefreshAsync(CancellationToken cancel)
    {
        long[] days;
        await using (var db = database.Open())
        {
            // The rollup first: an order that comes between the two questions makes a day once too often, not once too seldom.
            var known = await SumsAsync(db, "select day, cast(sum(orders) as signed) as orders, cast(sum(net_minor) as signed) as net_minor, cast(sum(commission_minor) as signed) as commission_minor from afs_sales_days group by day", cancel);
            var now = await SumsAsync(db, $"""
                select o.placed_at - o.placed_at % {Day} as day, count(*) as orders, cast(sum(c.net_minor) as signed) as net_minor, cast(sum(c.amount_minor) as signed) as commission_minor
                from afs_commissions c join afs_orders o on o.id = c.order_id where c.net_minor <> 0 or c.amount_minor <> 0 group by day
                """, cancel);
            days = [.. known.Keys.Union(now.Keys).Where(day => known.GetValueOrDefault(day) != now.GetValueOrDefault(day)).Order()];
        }
        foreach (var day in days)
            await RebuildAsync(day, cancel);
        return days.Length;
    }

    static async Task<Dictionary<long, (long, long, long)>> SumsAsync(SidecarDb db, string sql, CancellationToken cancel) =>
        (await db.QueryToListAsync<Sums>(sql, cancel)).ToDictionary(s => s.Day, s => (s.Orders, s.NetMinor, s.CommissionMinor));

    Task RebuildAsync(long day, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var (start, end) = (UnixTime.FromMicros(day), UnixTime.FromMicros(day + Day));
        var sold = await (from o in db.Orders
                          join c in db.Commissions on o.Id equals c.OrderId
                          where o.PlacedAt >= start && o.PlacedAt < end && (c.NetMinor != 0 || c.AmountMinor != 0)
                          select new Sale(c.PartnerId, c.Currency, c.NetMinor, c.AmountMinor, o.IsNewCustomer == true && o.LagSeconds != null, o.Method == AttributionMethod.Coupon, o.ShopBody ?? o.Body)).ToListAsync(token);
        var rows = sold.SelectMany(s => Parts(s, start)).GroupBy(r => (r.PartnerId, r.Currency, r.Category)).Select(g => g.First() with
        {
            Orders = g.Sum(r => r.Orders), NewOrders = g.Sum(r => r.NewOrders), NetMinor = g.Sum(r => r.NetMinor), NewNetMinor = g.Sum(r => r.NewNetMinor),
            CommissionMinor = g.Sum(r => r.CommissionMinor), DiscountMinor = g.Sum(r => r.DiscountMinor),
        }).ToList();
        await db.SalesDays.DeleteAsync(d => d.Day == start, token);
        await db.InsertManyAsync(rows, token);
    }, cancel);

    /// <summary>An order by categories: exact in the sum, each with its lines' share of it. The order itself is counted with the largest.</summary>
    static IEnumerable<SalesDayRow> Parts(Sale sale, DateTimeOffset day)
    {
        var order = sale.Body.Length > 0 ? OrderBody.Read(sale.Body) : null;
        var weights = (order?.Lines ?? []).GroupBy(l => l.Categories.Count > 0 ? l.Categories[0] : "").Select(g => (Category: g.Key, Weight: g.Sum(l => Math.Max(0, l.Total))))
            .OrderByDescending(w => w.Weight).ThenBy(w => w.Category, StringComparer.Ordinal).ToList();
        if (weights.Sum(w => w.Weight) == 0)
            weights = [(weights.Count > 0 ? weights[0].Category : "", 1)];
        var discount = sale.ByCoupon && order is not null ? Money.Round(order.Discount, sale.Currency).Minor : 0;
        var (net, commission, given) = (Spread(sale.NetMinor, weights), Spread(sale.AmountMinor, weights), Spread(discount, weights));
        return weights.Select((w, i) => new SalesDayRow
        {
            Day = day, PartnerId = sale.PartnerId, Currency = sale.Currency, Category = w.Category.Length > 190 ? w.Category[..190] : w.Category, Orders = i == 0 ? 1 : 0,
            NewOrders = i == 0 && sale.IsNew ? 1 : 0, NetMinor = net[i], NewNetMinor = sale.IsNew ? net[i] : 0, CommissionMinor = commission[i], DiscountMinor = given[i],
        });
    }

    /// <summary>What rounding leaves goes to the largest.</summary>
    static long[] Spread(long amount, List<(string Category, decimal Weight)> weights)
    {
        var whole = weights.Sum(w => w.Weight);
        var parts = weights.Select(w => decimal.ToInt64(decimal.Truncate(amount * w.Weight / whole))).ToArray();
        parts[0] += amount - parts.Sum();
        return parts;
    }

    sealed record Sale(int PartnerId, string Currency, long NetMinor, long AmountMinor, bool IsNew, bool ByCoupon, string Body);

    sealed class Sums
    {
        public long Day { get; init; }
        public long Orders { get; init; }
        public long NetMinor { get; init; }
        public long CommissionMinor { get; init; }
    }
}
