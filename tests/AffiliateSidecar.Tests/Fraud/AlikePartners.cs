using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>Partners who are all alike: some clicks every day, of which one buys after some minutes. A test changes one thing.</summary>
static class AlikePartners
{
    public static readonly DateOnly First = new(2026, 10, 1);

    public const int Days = 45;

    public static IReadOnlyList<PartnerRisk> Look(int partners, Func<int, DayFigures, DayFigures>? clicks = null, Func<int, OrderFigures, OrderFigures?>? orders = null, Func<DateOnly, IEnumerable<(int, OrderFigures)>>? more = null)
    {
        var history = new ProgramHistory("EUR", Enumerable.Range(1, partners).Select(p => new PartnerIdentity(p, $"p{p}", First, $"mail{p}", $"account{p}", (uint)p, 0)));
        for (var day = First; day < First.AddDays(Days); day = day.AddDays(1))
            history.Add(new(day, [.. Enumerable.Range(1, partners).Select(p => (p, clicks?.Invoke(p, Day(p, day)) ?? Day(p, day)))],
                [.. Enumerable.Range(1, partners).Select(p => (p, orders is null ? Order(p, day) : orders(p, Order(p, day)))).Where(o => o.Item2 is not null).Select(o => (o.p, o.Item2!)), .. more?.Invoke(day) ?? []], []));
        return Detector.Evaluate(history.Figures(), BuiltInSignals.All, Thresholds.Default);
    }

    static DayFigures Day(int partner, DateOnly day) => new()
    {
        Day = day, Hours = [.. Enumerable.Range(0, 24).Select(h => h is > 6 and < 23 ? 3 : 0)], Agents = [new(1, 30), new(2, 18)], Countries = [new(17477, 48)], Referrers = [new(7, 48)],
        Landings = [new(0, 48)], Addresses = [.. Enumerable.Range(1, 48).Select(a => new Tally((uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + a), 1))],
        Impressions = [.. Enumerable.Repeat(100L, 24)], ShownClicks = [.. Enumerable.Range(0, 24).Select(h => h is > 6 and < 23 ? 3 : 0)],
    };

    public static OrderFigures Order(int partner, DateOnly day, int lag = 700)
    {
        var placed = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, partner % 60)), TimeSpan.Zero);
        return new()
        {
            Id = $"{partner}-{day:MMdd}", PlacedAt = placed, AmountMinor = 5000, CommissionMinor = 500, IsNewCustomer = day.DayNumber % 2 == 0, Customer = $"c{partner}-{day:MMdd}", Country = 17477,
            Address = (uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + 1),
            Click = new(placed.AddSeconds(-lag * (0.5 + day.DayNumber % 7)), 1, 17477, 7, Landing.Page, (uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + 1), false),
        };
    }

    public static void IsQuiet(IReadOnlyList<PartnerRisk> risks) =>
        Assert.All(risks, r => Assert.False(r.IsAlert, string.Join(" | ", r.Suspicions.Select(f => f.Finding.Text))));
}
