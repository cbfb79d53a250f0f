namespace AffiliateSidecar.Fraud;

/// <summary>Whole days, both included.</summary>
readonly record struct DaySpan(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    public static DaySpan Last(DateOnly to, int days) => new(to.AddDays(1 - days), to);

    /// <summary>The days before this one.</summary>
    public DaySpan Before(int days) => new(From.AddDays(-days), From.AddDays(-1));

    /// <summary>Only the days that the program has anything of.</summary>
    public DaySpan Since(DateOnly first) => From >= first ? this : this with { From = first };

    public bool Has(DateOnly day) => day >= From && day <= To;
}

static class PartnerSpans
{
    public static IEnumerable<DayFigures> DaysIn(this PartnerFigures partner, DaySpan span)
    {
        var days = partner.Days;
        for (var i = First(days, span.From, static d => d.Day); i < days.Count && days[i].Day <= span.To; i++)
            yield return days[i];
    }

    /// <summary>Orders placed in these days.</summary>
    public static IEnumerable<OrderFigures> OrdersIn(this PartnerFigures partner, DaySpan span)
    {
        var orders = partner.Orders;
        for (var i = First(orders, span.From, static o => o.Day); i < orders.Count && orders[i].Day <= span.To; i++)
            yield return orders[i];
    }

    /// <summary>
    /// Orders that followed clicks of these days within a day. That is final once the day after is over, while later orders of young clicks
    /// have not come yet.
    /// </summary>
    public static IEnumerable<OrderFigures> QuickOrders(this PartnerFigures partner, DaySpan clicked) =>
        partner.OrdersIn(new(clicked.From, clicked.To.AddDays(1))).Where(o => o.Click is { } click && clicked.Has(click.Day) && o.Lag <= TimeSpan.SecondsPerDay);

    public static long Clicks(this PartnerFigures partner, DaySpan span) => partner.DaysIn(span).Sum(d => (long)d.Clicks);

    static int First<T>(IReadOnlyList<T> items, DateOnly from, Func<T, DateOnly> day)
    {
        var (low, high) = (0, items.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = day(items[middle]) < from ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
