using System.Globalization;

namespace AffiliateSidecar.Commissions;

/// <summary>A calendar month or quarter, UTC.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="To">The first moment after it.</param>
sealed record RulePeriod(DateTimeOffset From, DateTimeOffset To)
{
    public const string Month = "month", Quarter = "quarter", Gregorian = "gregorian", Jalali = "jalali";

    static readonly Calendar Persian = new PersianCalendar(), Western = new GregorianCalendar();

    /// <summary>The period that contains the time.</summary>
    public static RulePeriod Of(DateTimeOffset at, string period, string calendar)
    {
        var days = calendar == Jalali ? Persian : Western;
        var (year, month, length) = (days.GetYear(at.UtcDateTime), days.GetMonth(at.UtcDateTime), period == Quarter ? 3 : 1);
        var from = days.ToDateTime(year, month - (month - 1) % length, 1, 0, 0, 0, 0);
        return new(new(from, TimeSpan.Zero), new(days.AddMonths(from, length), TimeSpan.Zero));
    }

    /// <summary>How <see cref="RuleContext.SalesSoFar"/> names a kind of period: <c>month</c>, <c>jalali-quarter</c>.</summary>
    public static string Name(string period, string calendar) => calendar == Jalali ? $"{Jalali}-{period}" : period;
}
