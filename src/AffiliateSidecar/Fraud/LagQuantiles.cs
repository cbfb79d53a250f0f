using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Fraud;

/// <summary>Seconds from click to order of one partner: exact, as a spreadsheet's QUARTILE.INC gives them.</summary>
/// <param name="OthersMedian">Of all other partners' orders together; null where there are none.</param>
sealed record LagQuantiles(long Orders, double Lower, double Median, double Upper, double? OthersMedian)
{
    // Every clicked order with its place among all (place) and among its partner's (own). One order of rows a step: MariaDB 10.11
    // sorts once for two windows that sort differently and numbers the one by the other's order.
    const string Ranked = """
        with placed as (
            select partner_id, lag_seconds, row_number() over (order by lag_seconds, id) as place
            from afs_orders where partner_id is not null and lag_seconds is not null and placed_at >= @from and placed_at < @to),
        ranked as (
            select partner_id, lag_seconds, place, row_number() over (partition by partner_id order by place) as own,
                count(*) over (partition by partner_id) as orders, count(*) over () as total from placed)
        """;

    public static async Task<IReadOnlyDictionary<int, LagQuantiles>> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        DataParameter[] period = [new("from", UnixTime.ToMicros(from)), new("to", UnixTime.ToMicros(to))];
        // The rows less than one place away from a quarter, a half and three quarters of the way; the server sorts, a few rows come back.
        var near = await db.QueryToListAsync<Near>(Ranked + """

            select partner_id, lag_seconds as lag, own, orders from ranked
            where abs((own - 1) * 4 - (orders - 1)) < 4 or abs((own - 1) * 4 - (orders - 1) * 2) < 4 or abs((own - 1) * 4 - (orders - 1) * 3) < 4
            """, cancel, period);
        var others = await OthersMediansAsync(db, period, cancel);
        return near.GroupBy(n => n.PartnerId).ToDictionary(g => g.Key, g =>
        {
            var lags = g.ToDictionary(n => n.Own, n => n.Lag);
            var orders = g.First().Orders;
            return new LagQuantiles(orders, At(lags, orders, 1), At(lags, orders, 2), At(lags, orders, 3), others.GetValueOrDefault(g.Key));
        });
    }

    static double At(Dictionary<long, long> lags, long orders, int quarter)
    {
        var (place, part) = Math.DivRem((orders - 1) * quarter, 4);
        return part == 0 ? lags[place + 1] : lags[place + 1] + (lags[place + 2] - lags[place + 1]) * part / 4.0;
    }

    /// <summary>
    /// The median of everybody but one, for each one, without sorting once a partner: the k-th of the others has the place k plus the
    /// number of own orders before it, and an own order is before it where fewer than k others are before the own order.
    /// </summary>
    static async Task<Dictionary<int, double?>> OthersMediansAsync(SidecarDb db, DataParameter[] period, CancellationToken cancel)
    {
        var shifts = await db.QueryToListAsync<Shift>(Ranked + """

            select partner_id, total - orders as others,
                cast(sum(case when 2 * (place - own + 1) <= total - orders + 1 then 1 else 0 end) as signed) as before_lower,
                cast(sum(case when 2 * (place - own + 1) <= total - orders + 2 then 1 else 0 end) as signed) as before_upper
            from ranked group by partner_id, total, orders
            """, cancel, period);
        var wanted = shifts.Where(s => s.Others > 0).SelectMany(s => new[] { s.LowerPlace, s.UpperPlace }).Distinct().ToList();
        if (wanted.Count == 0)
            return [];
        var lags = (await db.QueryToListAsync<Near>(Ranked + $" select place as own, lag_seconds as lag from ranked where place in ({string.Join(',', wanted)})", cancel, period))
            .ToDictionary(n => n.Own, n => n.Lag);
        return shifts.Where(s => s.Others > 0).ToDictionary(s => s.PartnerId, s => (double?)((lags[s.LowerPlace] + lags[s.UpperPlace]) / 2.0));
    }

    sealed class Near
    {
        public int PartnerId { get; init; }
        public long Lag { get; init; }
        public long Own { get; init; }
        public long Orders { get; init; }
    }

    sealed class Shift
    {
        public int PartnerId { get; init; }
        public long Others { get; init; }
        public long BeforeLower { get; init; }
        public long BeforeUpper { get; init; }
        public long LowerPlace => (Others + 1) / 2 + BeforeLower;
        public long UpperPlace => Others / 2 + 1 + BeforeUpper;
    }
}
