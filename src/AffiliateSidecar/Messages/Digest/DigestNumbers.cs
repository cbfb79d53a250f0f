using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>One of the five numbers: seven whole days, and the seven before.</summary>
/// <param name="Name"><c>sales</c>, <c>commissions</c>, <c>new_customers</c>, <c>clicks</c> or <c>applications</c>.</param>
/// <param name="Value">Money where it is money, else a count.</param>
/// <param name="Before">Of the seven days before.</param>
/// <param name="Currency">Null where it is a count.</param>
/// <example>{"name":"sales","value":"1840.00","before":"1610.50","currency":"EUR"}</example>
public sealed record DigestNumber(string Name, string Value, string Before, string? Currency)
{
    internal static async Task<IReadOnlyList<DigestNumber>> LoadAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var end = new DateTimeOffset(context.Now.UtcDateTime.Date, TimeSpan.Zero);
        var (middle, start) = (end.AddDays(-7), end.AddDays(-14));
        var days = await db.SalesDays.Where(d => d.Day >= start && d.Day < end && d.Currency == context.Currency).GroupBy(d => d.Day >= middle)
            .Select(g => new { g.Key, Net = g.Sum(d => d.NetMinor), Commission = g.Sum(d => d.CommissionMinor), New = g.Sum(d => d.NewOrders) }).ToListAsync(cancel);
        var (today, day) = (DateOnly.FromDateTime(end.UtcDateTime).DayNumber, DateOnly.FromDateTime(start.UtcDateTime).DayNumber);
        var clicks = await db.LinkDays.Where(c => c.Day >= day && c.Day < today).GroupBy(c => c.Day >= today - 7).Select(g => new { g.Key, Sum = g.Sum(c => c.Clicks) }).ToListAsync(cancel);
        var applications = await db.Applications.Where(a => a.SubmittedAt >= start && a.SubmittedAt < end).GroupBy(a => a.SubmittedAt >= middle).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(cancel);
        DigestNumber Amount(string name, Func<bool, long> of) => new(name, new Money(of(true), context.Currency).AmountText, new Money(of(false), context.Currency).AmountText, context.Currency);
        static DigestNumber Count(string name, long now, long before) => new(name, $"{now}", $"{before}", null);
        return
        [
            Amount("sales", now => days.Where(d => d.Key == now).Sum(d => d.Net)), Amount("commissions", now => days.Where(d => d.Key == now).Sum(d => d.Commission)),
            Count("new_customers", days.Where(d => d.Key).Sum(d => d.New), days.Where(d => !d.Key).Sum(d => d.New)),
            Count("clicks", clicks.Where(c => c.Key).Sum(c => c.Sum), clicks.Where(c => !c.Key).Sum(c => c.Sum)),
            Count("applications", applications.Where(a => a.Key).Sum(a => a.Count), applications.Where(a => !a.Key).Sum(a => a.Count)),
        ];
    }
}
