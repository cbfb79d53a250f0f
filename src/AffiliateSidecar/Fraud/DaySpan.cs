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
    public static ArraySegment<DayFigures> DaysIn(this PartnerFigures partner, DaySpan span) => In(partner.Days, span, static d => d.Day);

    /// <summary>Orders placed in these days.</summary>
    public static ArraySegment<OrderFigures> OrdersIn(this PartnerFigures partner, DaySpan span) => In(partner.Orders, span, static o => o.Day);

    /// <summary>
    /// Orders that followed clicks of these days within a day. That is final once the day after is over, while later orders of young clicks
    /// have not come yet.
    /// </summary>
    public static ArraySegment<OrderFigures> QuickOrders(this PartnerFigures partner, DaySpan clicked) => In(partner.QuickOrders, clicked, static o => o.Click!.Day);

    public static long Clicks(this PartnerFigures partner, DaySpan span)
    {
        var clicks = 0L;
        foreach (var day in partner.DaysIn(span))
            clicks += day.Clicks;
        return clicks;
    }

    static ArraySegment<T> In<T>(IReadOnlyList<T> items, DaySpan span, Func<T, DateOnly> day)
    {
        // A history's figures are arrays; whoever makes its own may use any list.
        var array = items as T[] ?? [.. items];
        // Most spans end with what is newest.
        var (from, to) = (First(array, span.From, day), array.Length == 0 || day(array[^1]) <= span.To ? array.Length : First(array, span.To.AddDays(1), day));
        return new(array, from, Math.Max(0, to - from));
    }

    static int First<T>(T[] items, DateOnly from, Func<T, DateOnly> day)
    {
        var (low, high) = (0, items.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = day(items[middle]) < from ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
