using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Insights;

/// <summary>Orders that a partner's coupon brought him, with and without a click.</summary>
public sealed record CouponReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Of all partners' coupon orders, how many had no click of the same partner: 0 to 1; null without coupon orders.</summary>
    public double? WithoutClickShare { get; init; }

    /// <summary>One row a partner and currency with coupon orders, the most without a click first.</summary>
    public required IReadOnlyList<CouponRow> Partners { get; init; }

    const int LeastOrders = 10;

    internal static async Task<CouponReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        DataParameter[] period = [new("from", UnixTime.ToMicros(from)), new("to", UnixTime.ToMicros(to))];
        var sums = (await db.QueryToListAsync<Sums>("""
            select partner_id, currency, count(*) as orders, cast(sum(case when method = 'coupon' then 1 else 0 end) as signed) as coupon_orders,
                cast(sum(case when method = 'coupon' and lag_seconds is null then 1 else 0 end) as signed) as without_click,
                cast(sum(case when method = 'coupon' and lag_seconds is null and is_new_customer = 0 then 1 else 0 end) as signed) as known_customers,
                cast(sum(case when method = 'coupon' and lag_seconds is null then total_minor else 0 end) as signed) as sales_minor
            from afs_orders where partner_id is not null and placed_at >= @from and placed_at < @to group by partner_id, currency
            """, cancel, period)).ToList();
        await TakeOutClickedAsync(db, sums, from, to, cancel);
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        var (coupons, without) = (sums.Sum(s => s.CouponOrders), sums.Sum(s => s.WithoutClick));
        return new()
        {
            From = from,
            To = to,
            WithoutClickShare = Share(without, coupons),
            Partners = [.. sums.Where(s => s.CouponOrders > 0 && codes.ContainsKey(s.PartnerId)).Select(s => new CouponRow
            {
                Partner = PublicId.Of(PublicId.Partner, s.PartnerId), PartnerCode = codes[s.PartnerId], Currency = s.Currency, Orders = s.Orders, CouponOrders = s.CouponOrders,
                WithoutClick = s.WithoutClick, WithoutClickShare = Share(s.WithoutClick, s.CouponOrders), OthersWithoutClickShare = Share(without - s.WithoutClick, coupons - s.CouponOrders),
                KnownCustomers = s.KnownCustomers, Sales = new(s.SalesMinor, s.Currency), State = s.CouponOrders < LeastOrders ? FindingState.NotEnoughData : "ok",
            }).OrderByDescending(r => r.WithoutClick).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }

    /// <summary>
    /// Where the coupon went before a link, the decision names the click of the same partner among the candidates. Few decisions have a loser, so only those are read.
    /// </summary>
    static async Task TakeOutClickedAsync(SidecarDb db, List<Sums> sums, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var rivals = await db.Orders.Where(o => o.PlacedAt >= from && o.PlacedAt < to && o.PartnerId != null && o.Method == AttributionMethod.Coupon && o.LagSeconds == null && o.Decision.Contains("\"unqualified\""))
            .Select(o => new { o.PartnerId, o.Currency, o.IsNewCustomer, o.TotalMinor, o.Decision }).ToListAsync(cancel);
        var byKey = sums.ToDictionary(s => (s.PartnerId, s.Currency));
        foreach (var order in rivals)
        {
            var decision = JsonSerializer.Deserialize<Decision>(order.Decision, Json.Options)!;
            if (!decision.Candidates.Any(c => c is { Outcome: "unqualified", Method: AttributionMethod.Click or AttributionMethod.Witness } && c.PartnerCode == decision.PartnerCode))
                continue;
            var sum = byKey[(order.PartnerId!.Value, order.Currency)];
            sum.WithoutClick--;
            sum.SalesMinor -= order.TotalMinor;
            if (order.IsNewCustomer == false)
                sum.KnownCustomers--;
        }
    }

    static double? Share(long part, long of) => of > 0 ? Math.Round((double)part / of, 4) : null;

    sealed class Sums
    {
        public int PartnerId { get; init; }
        public string Currency { get; init; } = "";
        public long Orders { get; init; }
        public long CouponOrders { get; init; }
        public long WithoutClick { get; set; }
        public long KnownCustomers { get; set; }
        public long SalesMinor { get; set; }
    }
}

/// <summary>One partner's coupon orders in one currency.</summary>
public sealed record CouponRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required string Currency { get; init; }

    /// <summary>All orders credited to the partner.</summary>
    public required long Orders { get; init; }

    /// <summary>Of these, credited by a coupon.</summary>
    public required long CouponOrders { get; init; }

    /// <summary>Of these, without a click of the same partner: the code was found elsewhere, or said aloud.</summary>
    public required long WithoutClick { get; init; }

    /// <summary>Of the coupon orders, 0 to 1.</summary>
    public double? WithoutClickShare { get; init; }

    /// <summary>The same of all other partners' coupon orders together; null where there are none.</summary>
    public double? OthersWithoutClickShare { get; init; }

    /// <summary>Of the orders without a click, from customers whom the shop knew already.</summary>
    public required long KnownCustomers { get; init; }

    /// <summary>What the orders without a click came to, with tax.</summary>
    public required Money Sales { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below ten coupon orders.</summary>
    public required string State { get; init; }
}
