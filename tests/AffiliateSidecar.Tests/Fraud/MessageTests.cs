using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Fraud;

/// <summary>When the owner is told, and when not.</summary>
public sealed class MessageTests
{
    readonly Scripted first = new("first"), second = new("second");

    async Task<SidecarApp> StartAsync(Db db, params string[] partners)
    {
        var app = await SidecarApp.StartAsync(db, customise: Scripted.Only(first, second));
        foreach (var partner in partners)
        {
            await app.PartnerAsync(partner);
            for (var n = 1; n <= 4; n++)
                await app.PutAsync($"/v1/orders/main/{partner}{n}", Some.Order(partner: partner, net: 1000m, placedAt: $"2026-11-2{n - 1}T10:00:00Z"));
        }
        return app;
    }

    static Task<JsonObject> ScanAsync(SidecarApp app) => app.PostAsync("/v1/fraud/scan", new { });

    static async Task<List<FraudCaseRow>> CasesAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.FraudCases.OrderBy(c => c.PartnerId).ToListAsync();
    }

    [Theory, BothDatabases]
    public async Task A_ring_is_one_message(Db db)
    {
        await using var app = await StartAsync(db, "ann", "bob", "cid");
        first.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders, [.. program.Partners.Select(o => o.PartnerId).Where(o => o != p.PartnerId)]));
        var scan = await ScanAsync(app);
        Assert.Equal((1, 3), ((int)scan["messages"]!, scan["suspicions"]!.AsArray().Count));
        var cases = await CasesAsync(app);
        Assert.Equal(3, cases.Count);
        Assert.Single(cases.Select(c => c.Message).Distinct());
        Assert.Equal(0, (int)(await ScanAsync(app))["messages"]!);
    }

    [Theory, BothDatabases]
    public async Task A_known_case_is_told_of_again_only_when_its_money_has_doubled_or_another_kind_of_evidence_joins(Db db)
    {
        await using var app = await StartAsync(db, "ann");
        var orders = 1;
        first.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders.Take(orders)));
        async Task<(int Messages, int Told)> NextDayAsync()
        {
            app.Leap(TimeSpan.FromDays(1));
            return ((int)(await ScanAsync(app))["messages"]!, (await CasesAsync(app)).Single().Told);
        }
        Assert.Equal((1, 1), await NextDayAsync());
        Assert.Equal((0, 1), await NextDayAsync());
        orders = 2;
        Assert.Equal((1, 2), await NextDayAsync());
        orders = 3;
        Assert.Equal((0, 2), await NextDayAsync());
        second.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders.Take(1)));
        Assert.Equal((1, 3), await NextDayAsync());
        Assert.Equal((0, 3), await NextDayAsync());
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task An_earlier_day_scanned_after_a_later_one_tells_of_nothing_twice(Db db)
    {
        await using var app = await StartAsync(db, "ann", "bob");
        first.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders));
        var scan = app.Services.GetRequiredService<FraudScan>();
        Assert.Equal(2, (await scan.RunAsync(new(2026, 11, 23), default)).Messages);
        // As when a machine's clock was set right.
        Assert.Equal(0, (await scan.RunAsync(new(2026, 11, 22), default)).Messages);
        Assert.Equal(0, (await scan.RunAsync(new(2026, 11, 23), default)).Messages);
        Assert.All(await CasesAsync(app), c => Assert.Equal(1, c.Told));
        await app.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Of_an_erased_partner_nobody_is_told(Db db)
    {
        await using var app = await StartAsync(db, "ann");
        await app.PartnerAsync("bob");
        using var click = await app.Anonymous.GetAsync("/r/bob");
        var bob = (await app.GetAsync("/v1/partners?limit=200"))["data"]!.AsArray().Single(p => (string?)p!["code"] == "bob")!;
        using var erased = await app.Http.DeleteAsync(new Uri($"/v1/partners/{bob["id"]}", UriKind.Relative));
        Assert.True(erased.IsSuccessStatusCode, await erased.Content.ReadAsStringAsync());
        first.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders));
        var scan = await ScanAsync(app);
        Assert.Equal((2, 1), ((int)scan["partners"]!, (int)scan["messages"]!));
        Assert.NotEqual((string?)bob["id"], PublicId.Of(PublicId.Partner, (await CasesAsync(app)).Single().PartnerId));
        using var late = await app.Anonymous.GetAsync("/r/bob");
        app.Leap(TimeSpan.FromDays(1));
        Assert.Equal(0, (int)(await ScanAsync(app))["messages"]!);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_signal_that_throws_is_named_and_the_others_go_on()
    {
        await using var app = await StartAsync(Db.Sqlite, "ann");
        first.Says = _ => throw new InvalidOperationException("as a plugin might");
        second.Says = program => program.Partners.Select(p => Scripted.Of(p, p.Orders));
        var scan = await ScanAsync(app);
        Assert.Equal("first", Assert.Single(scan["skipped_signals"]!.AsArray())!.GetValue<string>());
        Assert.Equal(1, (int)scan["messages"]!);
    }

    [Fact]
    public async Task The_command_scans_and_looks_back()
    {
        using var folder = new CommandFolder();
        var scan = await folder.RunAsync("fraud", "scan");
        Assert.Equal(0, scan.Exit);
        Assert.Contains("0 of 0 partners deserve a look", scan.Out, StringComparison.Ordinal);
        Assert.Contains("only facts", scan.Error, StringComparison.Ordinal);
        var past = await folder.RunAsync("fraud", "scan", "--as-of", "2026-01-31", "--json");
        Assert.Equal((0, false, "2026-01-31"), (past.Exit, (bool)past.Json["stored"]!, (string?)past.Json["day"]));
        Assert.Equal(2, (await folder.RunAsync("fraud", "scan", "--as-of", "9999-12-30")).Exit);
        Assert.Equal(2, (await folder.RunAsync("fraud", "scan", "--as-of", "soon")).Exit);
    }
}
