using System.Globalization;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>
/// What the program earns: net sales × margin − commissions − bonuses − discounts by partners' codes − fees − tools − hours × hourly cost. Read twice: as attributed,
/// and cautiously, where only new customers who clicked count as brought by the program.
/// </summary>
public sealed record RoiReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required string Currency { get; init; }

    /// <summary>What must be set before the figures mean something; empty where all is.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Everything together.</summary>
    public required RoiRow Total { get; init; }

    /// <summary>The same month by month (UTC).</summary>
    public required IReadOnlyList<RoiRow> Months { get; init; }

    /// <summary>By category of the goods, the largest first.</summary>
    public required IReadOnlyList<RoiCategory> Categories { get; init; }

    internal static async Task<RoiReport> LoadAsync(SidecarDb db, RoiSettings settings, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel)
    {
        var sales = (await db.SalesDays.Where(d => d.Day >= from && d.Day < to && d.Currency == currency).GroupBy(d => new { d.Day, d.Category })
            .Select(g => new { g.Key.Day, g.Key.Category, Net = g.Sum(d => d.NetMinor), New = g.Sum(d => d.NewNetMinor), Commission = g.Sum(d => d.CommissionMinor), Discount = g.Sum(d => d.DiscountMinor) }).ToListAsync(cancel))
            .Select(s => new Sold(s.Day, s.Category, s.Net, s.New, s.Commission, s.Discount)).ToList();
        string[] kinds = [EntryKind.Bonus, EntryKind.Recruit];
        var bonuses = await db.Ledger.Where(l => l.At >= from && l.At < to && l.Currency == currency && l.Account == Account.Program && kinds.Contains(l.Kind)).Select(l => new { l.At, l.AmountMinor }).ToListAsync(cancel);
        var paid = await db.PayoutLines.Where(l => l.Status == LineStatus.Paid && l.SettledAt >= from && l.SettledAt < to).Select(l => l.SettledAt).ToListAsync(cancel);
        var work = await WorkHours.LoadAsync(db, from, to, cancel);
        RoiRow Row(DateTimeOffset start, DateTimeOffset end) => RoiRow.Of(start, end, currency, settings, [.. sales.Where(s => s.Day >= start && s.Day < end)],
            -bonuses.Where(b => b.At >= start && b.At < end).Sum(b => b.AmountMinor), paid.Count(p => p >= start && p < end), work.Where(w => w.At >= start && w.At < end).Sum(w => w.Time.TotalHours));
        var total = Row(from, to);
        return new()
        {
            From = from, To = to, Currency = currency, Missing = Lacking(settings, sales), Total = total, Months = [.. MonthsOf(from, to).Select(m => Row(m.From, m.To))],
            Categories = [.. sales.GroupBy(s => s.Category).Where(g => g.Sum(s => s.Net) > 0).OrderByDescending(g => g.Sum(s => s.Net)).Select(g => RoiCategory.Of(g.Key, [.. g], settings, total, currency))],
        };
    }

    static List<string> Lacking(RoiSettings settings, List<Sold> sales)
    {
        var missing = sales.Select(s => s.Category).Distinct().Where(c => settings.Of(c) is null).Order(StringComparer.Ordinal).Take(5)
            .Select(c => c.Length == 0 ? "Sidecar:Insights:Margin: what is left of a net sale after buying the goods, 0 to 1." : $"Sidecar:Insights:Margins:{c}, or Sidecar:Insights:Margin for all categories.").ToList();
        if (settings.HourlyCost == 0)
            missing.Add("Sidecar:Insights:HourlyCost: what an hour of work on the program costs.");
        return missing;
    }

    static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> MonthsOf(DateTimeOffset from, DateTimeOffset to)
    {
        for (var start = from; start < to;)
        {
            var end = new DateTimeOffset(start.Year, start.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
            yield return (start, end < to ? end : to);
            start = end;
        }
    }

    internal sealed record Sold(DateTimeOffset Day, string Category, long Net, long New, long Commission, long Discount);
}

/// <summary>What the program earned in a time.</summary>
public sealed record RoiRow
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Every sale that partners are credited with.</summary>
    public required RoiReading Attributed { get; init; }

    /// <summary>Only sales to new customers who had clicked. The costs are the same.</summary>
    public required RoiReading Cautious { get; init; }

    /// <summary>Measured on what was done, and what people said they spent beside that.</summary>
    public required double Hours { get; init; }

    internal static RoiRow Of(DateTimeOffset from, DateTimeOffset to, string currency, RoiSettings settings, List<RoiReport.Sold> sales, long bonuses, int payments, double hours)
    {
        Money Amount(decimal major) => Money.Round(major, currency);
        decimal Major(long minor) => new Money(minor, currency).Amount;
        // A month's tools cost their part of a month that is only touched.
        var months = (decimal)(to - from).TotalDays / 30.436875m;
        if (from.Day == 1 && from.AddMonths(1) == to)
            months = 1;
        List<RoiStep> costs =
        [
            new("commissions", "Commissions on these sales, net of refunds", Amount(-Major(sales.Sum(s => s.Commission)))),
            new("bonuses", "Bonuses and recruiting commissions", Amount(-Major(bonuses))),
            new("discounts", "Discounts by partners' coupon codes", Amount(-Major(sales.Sum(s => s.Discount)))),
            new("fees", string.Create(CultureInfo.InvariantCulture, $"{payments} payments × {settings.PayoutFee}"), Amount(-payments * settings.PayoutFee)),
            new("tools", $"Tools: {(settings.Tools.Count > 0 ? string.Join(", ", settings.Tools.Keys.Order(StringComparer.Ordinal)) : "none")}", Amount(-settings.Tools.Values.Sum() * months)),
            new("hours", string.Create(CultureInfo.InvariantCulture, $"{hours:0.0} hours × {settings.HourlyCost}"), Amount(-(decimal)hours * settings.HourlyCost)),
        ];
        RoiReading Read(Func<RoiReport.Sold, long> net, string text)
        {
            var margin = Amount(sales.GroupBy(s => s.Category).Sum(g => Major(g.Sum(net)) * (settings.Of(g.Key) ?? 0)));
            var cost = costs.Sum(c => c.Amount.Minor);
            return new()
            {
                NetSales = new(sales.Sum(net), currency), Margin = margin, Costs = new(-cost, currency), Profit = new(margin.Minor + cost, currency),
                Return = cost < 0 ? Math.Round((margin.Minor + cost) / (double)-cost, 4) : null, Working = [new("margin", text, margin), .. costs],
            };
        }
        return new()
        {
            From = from, To = to, Hours = Math.Round(hours, 2), Attributed = Read(s => s.Net, "Margin of all credited net sales"),
            Cautious = Read(s => s.New, "Margin of net sales to new customers who clicked"),
        };
    }
}

/// <summary>One way to read the figures.</summary>
public sealed record RoiReading
{
    public required Money NetSales { get; init; }
    public required Money Margin { get; init; }
    public required Money Costs { get; init; }

    /// <summary>Margin less costs; below zero where the program costs more than it brings.</summary>
    public required Money Profit { get; init; }

    /// <summary>Profit for each unit of cost: 0.5 is 50 %. Null without costs.</summary>
    public double? Return { get; init; }

    /// <summary>What is added up to the profit.</summary>
    public required IReadOnlyList<RoiStep> Working { get; init; }
}

/// <summary>One summand of the profit.</summary>
/// <param name="Step"><c>margin</c>, <c>commissions</c>, <c>bonuses</c>, <c>discounts</c>, <c>fees</c>, <c>tools</c> or <c>hours</c>.</param>
/// <param name="Text">In words.</param>
/// <param name="Amount">Costs are negative.</param>
public sealed record RoiStep(string Step, string Text, Money Amount);

/// <summary>A category of goods.</summary>
/// <param name="Category">Its name; empty where the shop names none.</param>
/// <param name="NetSales">Net of refunds.</param>
/// <param name="CommissionPercent">What partners get of them.</param>
/// <param name="MarginPercent">As the owner says; null where he has not.</param>
/// <param name="BreakEvenPercent">The commission at which the category's profit is zero, when it bears its part of the other costs by its sales. Below zero: it loses without any commission.</param>
public sealed record RoiCategory(string Category, Money NetSales, decimal CommissionPercent, decimal? MarginPercent, decimal? BreakEvenPercent)
{
    internal static RoiCategory Of(string category, List<RoiReport.Sold> sales, RoiSettings settings, RoiRow total, string currency)
    {
        var net = (decimal)sales.Sum(s => s.Net);
        var others = -total.Attributed.Working.Where(w => w.Step is "bonuses" or "fees" or "tools" or "hours").Sum(w => (decimal)w.Amount.Minor);
        var overhead = total.Attributed.NetSales.Minor > 0 ? others / total.Attributed.NetSales.Minor : 0;
        var margin = settings.Of(category);
        return new(category, new((long)net, currency), Percent(sales.Sum(s => s.Commission) / net), margin is { } m ? Percent(m) : null,
            margin is { } known ? Percent(known - sales.Sum(s => s.Discount) / net - overhead) : null);
    }

    static decimal Percent(decimal share) => decimal.Round(share * 100, 2);
}

/// <summary>A month of the spreadsheet.</summary>
public sealed record RoiMonth(DateTimeOffset From, DateTimeOffset To, Money NetSales, Money Margin, Money Costs, Money Profit, double? Return, Money CautiousNetSales, Money CautiousProfit, double? CautiousReturn, double Hours)
{
    internal static RoiMonth Of(RoiRow row) => new(row.From, row.To, row.Attributed.NetSales, row.Attributed.Margin, row.Attributed.Costs, row.Attributed.Profit, row.Attributed.Return,
        row.Cautious.NetSales, row.Cautious.Profit, row.Cautious.Return, row.Hours);
}
