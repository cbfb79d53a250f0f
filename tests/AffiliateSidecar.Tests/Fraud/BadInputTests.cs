using System.Collections.Immutable;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>Odd histories that are nobody's fault.</summary>
public sealed class BadInputTests
{
    static readonly DateOnly First = new(2026, 10, 1);

    const int Days = 45;

    /// <summary>Partners who are all alike: some clicks every day, of which one buys after some minutes.</summary>
    static IReadOnlyList<PartnerRisk> Look(int partners, Func<int, DayFigures, DayFigures>? clicks = null, Func<int, OrderFigures, OrderFigures?>? orders = null)
    {
        var history = new ProgramHistory("EUR", Enumerable.Range(1, partners).Select(p => new PartnerIdentity(p, $"p{p}", First, $"mail{p}", $"account{p}", (uint)p, 0)));
        for (var day = First; day < First.AddDays(Days); day = day.AddDays(1))
            history.Add(new(day, [.. Enumerable.Range(1, partners).Select(p => (p, clicks?.Invoke(p, Day(p, day)) ?? Day(p, day)))],
                [.. Enumerable.Range(1, partners).Select(p => (p, orders is null ? Order(p, day) : orders(p, Order(p, day)))).Where(o => o.Item2 is not null).Select(o => (o.p, o.Item2!))], []));
        return Detector.Evaluate(history.Figures(), BuiltInSignals.All, Thresholds.Default);
    }

    static DayFigures Day(int partner, DateOnly day) => new()
    {
        Day = day, Hours = [.. Enumerable.Range(0, 24).Select(h => h is > 6 and < 23 ? 3 : 0)], Agents = [new(1, 30), new(2, 18)], Countries = [new(17477, 48)], Referrers = [new(7, 48)],
        Landings = [new(0, 48)], Addresses = [.. Enumerable.Range(1, 48).Select(a => new Tally((uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + a), 1))],
        Impressions = [.. Enumerable.Repeat(100L, 24)], ShownClicks = [.. Enumerable.Range(0, 24).Select(h => h is > 6 and < 23 ? 3 : 0)],
    };

    static OrderFigures Order(int partner, DateOnly day, int lag = 700)
    {
        var placed = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, partner % 60)), TimeSpan.Zero);
        return new()
        {
            Id = $"{partner}-{day:MMdd}", PlacedAt = placed, AmountMinor = 5000, CommissionMinor = 500, IsNewCustomer = day.DayNumber % 2 == 0, Customer = $"c{partner}-{day:MMdd}", Country = 17477,
            Address = (uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + 1),
            Click = new(placed.AddSeconds(-lag * (0.5 + day.DayNumber % 7)), 1, 17477, 7, Landing.Page, (uint)(partner * 100_000 + day.DayNumber % 1000 * 50 + 1), false),
        };
    }

    static void IsQuiet(IReadOnlyList<PartnerRisk> risks) =>
        Assert.All(risks, r => Assert.False(r.IsAlert, string.Join(" | ", r.Suspicions.Select(f => f.Finding.Text))));

    [Fact]
    public void Partners_who_are_all_alike_are_quiet() => IsQuiet(Look(12));

    [Fact]
    public void A_shop_that_takes_everything_back_accuses_nobody() =>
        IsQuiet(Look(12, orders: (_, o) => { (o.Return, o.ReturnedAt) = (ReturnKind.Returned, o.PlacedAt.AddDays(1)); return o; }));

    [Fact]
    public void Without_any_order_there_is_nothing_to_accuse_anybody_of() => IsQuiet(Look(12, orders: (_, _) => null));

    [Fact]
    public void One_partner_alone_is_compared_with_nobody() => IsQuiet(Look(1, orders: (p, o) => Order(p, o.Day, lag: 1)));

    [Fact]
    public void Orders_before_their_click_are_no_instant_sales_of_all() => IsQuiet(Look(12, orders: (p, o) => Order(p, o.Day, lag: -30)));

    [Fact]
    public void Impressions_that_stop_are_a_broken_tag_and_no_missing_views() =>
        IsQuiet(Look(12, clicks: (p, d) => p <= 3 && d.Day > First.AddDays(30) ? d with { Impressions = [], ShownClicks = [] } : p == 4 && d.Day > First.AddDays(40) ? d with { Impressions = [] } : d));

    [Fact]
    public void A_partner_without_a_single_impression_is_not_asked_for_them() =>
        IsQuiet(Look(12, clicks: (p, d) => p % 2 == 0 ? d with { Impressions = [], ShownClicks = ImmutableArray<int>.Empty } : d));

    [Theory, BothDatabases]
    public async Task Agents_of_eight_kilobytes_and_addresses_of_either_kind_are_taken_and_counted(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, customise: Nights.Off);
        using var files = new CsvFolder();
        files.File("p.csv", CsvFolder.Partners, "a0,partner0,2025-01-01,h0,DE,");
        var agent = "Mozilla/5.0 " + new string('x', 8192);
        files.File("c.csv", CsvFolder.Clicks, $"c1,2026-11-20T10:00:00Z,a0,L1,2001:db8:1:2::1,{agent},,/p/1,DE", $"c2,2026-11-20T11:00:00Z,a0,L1,::ffff:192.0.2.7,{agent},,/p/1,DE",
            $"c3,2026-11-20T12:00:00Z,a0,L1,192.0.2.7,{agent},,/p/1,DE");
        await Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"));
        await using var data = app.Services.GetRequiredService<Database>().Open();
        var day = DayProfile.Figures((await data.ClickDays.SingleAsync()).Profile, new(2026, 11, 20));
        Assert.Equal((3, 1, 2), (day.Clicks, day.Agents.Length, day.Addresses.Length));
        Assert.Equal(0, (int)(await app.PostAsync("/v1/fraud/scan", new { }))["messages"]!);
        await app.VerifyAsync();
    }
}
