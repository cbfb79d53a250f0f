using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Insights;

/// <summary>The figures of every approved partner at the end of a day.</summary>
static class PartnerFigures
{
    public const int Days = 90, MonthDays = 30;

    /// <param name="end">Midnight UTC; later clicks and orders do not count.</param>
    public static async Task<IReadOnlyList<PartnerFigureRow>> ComputeAsync(SidecarDb db, DateTimeOffset end, string currency, CancellationToken cancel)
    {
        var (start, month) = (end.AddDays(-Days), end.AddDays(-MonthDays));
        var sales = (await db.QueryToListAsync<Sales>("""
            select partner_id, cast(sum(case when day >= @start then orders else 0 end) as signed) as orders, cast(sum(case when day >= @month then orders else 0 end) as signed) as orders_month,
                cast(sum(case when day >= @start and currency = @currency then net_minor else 0 end) as signed) as net_minor,
                cast(sum(case when day >= @month and currency = @currency then net_minor else 0 end) as signed) as net_month_minor, min(day) as first_order, max(day) as last_order
            from afs_sales_days where day < @end group by partner_id
            """, cancel, At("start", start), At("month", month), At("end", end), new DataParameter("currency", currency))).ToDictionary(s => s.PartnerId);
        var clicks = (await db.QueryToListAsync<Clicked>("""
            select partner_id, cast(sum(case when day >= @start then clicks else 0 end) as signed) as clicks, min(day) as first_click, max(day) as last_click
            from afs_link_days where clicks > 0 and day < @end group by partner_id
            """, cancel, Day("start", start), Day("end", end))).ToDictionary(c => c.PartnerId);
        var partners = await db.Partners.Where(p => p.Status == Partners.PartnerStatus.Approved).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);
        return [.. partners.Select(id =>
        {
            var (sold, clicked) = (sales.GetValueOrDefault(id), clicks.GetValueOrDefault(id));
            return new PartnerFigureRow
            {
                PartnerId = id, Day = end, Currency = currency, Clicks = clicked?.Clicks ?? 0, Orders = sold?.Orders ?? 0, OrdersMonth = sold?.OrdersMonth ?? 0,
                OrdersBefore = (sold?.Orders ?? 0) - (sold?.OrdersMonth ?? 0), NetMinor = sold?.NetMinor ?? 0, NetMonthMinor = sold?.NetMonthMinor ?? 0,
                NetBeforeMinor = (sold?.NetMinor ?? 0) - (sold?.NetMonthMinor ?? 0), FirstClick = LastHour(clicked?.FirstClick), LastClick = LastHour(clicked?.LastClick),
                FirstOrder = Time(sold?.FirstOrder), LastOrder = Time(sold?.LastOrder),
            };
        })];
    }

    static DataParameter At(string name, DateTimeOffset time) => new(name, UnixTime.ToMicros(time));

    static DataParameter Day(string name, DateTimeOffset time) => new(name, DateOnly.FromDateTime(time.UtcDateTime).DayNumber);

    // Clicks are known by the day; so many whole days before a midnight, whatever the hour was.
    static DateTimeOffset? LastHour(int? day) => day is { } d ? LinkDays.Start(d).AddHours(23) : null;

    static DateTimeOffset? Time(long? micros) => micros is { } m ? UnixTime.FromMicros(m) : null;

    sealed class Sales
    {
        public int PartnerId { get; init; }
        public long Orders { get; init; }
        public long OrdersMonth { get; init; }
        public long NetMinor { get; init; }
        public long NetMonthMinor { get; init; }
        public long FirstOrder { get; init; }
        public long LastOrder { get; init; }
    }

    sealed class Clicked
    {
        public int PartnerId { get; init; }
        public long Clicks { get; init; }
        public int FirstClick { get; init; }
        public int LastClick { get; init; }
    }
}
