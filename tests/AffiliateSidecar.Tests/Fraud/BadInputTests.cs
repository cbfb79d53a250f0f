using System.Collections.Immutable;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AffiliateSidecar.Fraud.AlikePartners;

namespace AffiliateSidecar.Fraud;

/// <summary>Odd histories that are nobody's fault.</summary>
public sealed class BadInputTests
{
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
