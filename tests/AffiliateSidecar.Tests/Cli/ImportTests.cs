using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class ImportTests : IDisposable
{
    readonly CsvFolder files = new();

    public void Dispose() => files.Dispose();

    [Theory, BothDatabases]
    public async Task The_sample_goes_in_whole_and_every_figure_agrees(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var reports = await Sample.ImportAsync(app.Services);
        Assert.Equal([60, 23_964, 127_643, 4_500, 393], reports.Select(r => r.New));
        Assert.All(reports, r => Assert.Equal((0, null), (r.Refused, r.Error)));
        await AssertSoundAsync(app);
    }

    [Theory, BothDatabases]
    public async Task Importing_twice_changes_nothing(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await ImportShopAsync(app);
        var before = await StateAsync(app);
        var (reports, errors) = await ImportShopAsync(app);
        Assert.Empty(errors);
        Assert.All(reports, r => Assert.Equal(0, r.New));
        Assert.Equal(before, await StateAsync(app));
    }

    [Theory, BothDatabases]
    public async Task Orders_may_come_before_their_clicks_and_refunds_before_their_orders(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        WriteShop();
        foreach (var (kind, file) in new[] { ("partners", "p.csv"), ("refunds", "r.csv"), ("orders", "o.csv"), ("clicks", "c.csv"), ("impressions", "i.csv") })
            Assert.Empty((await Support.Import.RunAsync(app, files, (kind, file))).Errors);
        var backwards = await StateAsync(app);
        await using var other = await SidecarApp.StartAsync(db);
        await ImportShopAsync(other);
        Assert.Equal(await StateAsync(other), backwards);
        await AssertSoundAsync(app);
    }

    [Theory, BothDatabases]
    public async Task History_is_credited_as_the_file_says_and_refunds_take_their_part(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await ImportShopAsync(app);
        var orders = (await app.GetAsync("/v1/orders?shop=import"))["data"]!.AsArray().ToDictionary(o => (string)o!["external_id"]!, o => o!);
        Assert.Equal("click", (string?)orders["o1"]["attribution"]!["method"]);
        Assert.Equal("coupon", (string?)orders["o2"]["attribution"]!["method"]);
        Assert.Equal("10.00", (string?)orders["o1"]["commission"]!["amount"]);
        Assert.Equal("7.50", (string?)orders["o2"]["commission"]!["amount"]);
        Assert.Equal(("0.00", "cancelled"), ((string?)orders["o3"]["commission"]!["amount"], (string?)orders["o3"]["status"]));
        Assert.Equal("processing", (string?)orders["o4"]["status"]);
    }

    [Theory, BothDatabases]
    public async Task A_bad_row_is_named_by_file_line_and_member_and_the_rest_goes_in(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        files.File("p.csv", CsvFolder.Partners, "a1,sara,2025-01-01,h1,DE,", "a2,x,2025-01-01,h2,DE,", "a3,SARA,2025-01-01,h3,DE,", "a4,tom,2025-01-01,h4,DE,");
        files.File("c.csv", CsvFolder.Clicks, CsvFolder.Click("c1", "2025-11-01T10:00:00Z", "a1"), CsvFolder.Click("c2", "yesterday", "a1"),
            CsvFolder.Click("c3", "2025-11-01T10:00:00Z", "nobody"), "c4,2025-11-01T10:00:00Z,a1", "c5,2025-11-01T10:00:00Z,a1,L1,not-an-ip,x,,/,DE",
            "c6,2025-11-01T10:00:00Z,a1,L1,192.0.2.1,\"open,,/,DE", CsvFolder.Click("c7", "2025-11-01T11:00:00Z", "a4"));
        files.File("o.csv", CsvFolder.Orders, CsvFolder.Order("o1", "2025-11-01T10:05:00Z", "a1", "c1", amount: "-5"),
            CsvFolder.Order("o2", "2025-11-01T10:05:00Z", "a1", "c1", status: "lost"), CsvFolder.Order("o3", "2025-11-01T10:05:00Z", "a1", "c1"));
        files.File("r.csv", CsvFolder.Refunds, "o3,2025-11-03T10:00:00Z,500.00,changed_mind");
        var (reports, errors) = await Support.Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"), ("orders", "o.csv"), ("refunds", "r.csv"));
        Assert.Equal([2, 2, 1, 0], reports.Select(r => r.New));
        Assert.Equal([2, 5, 2, 1], reports.Select(r => r.Refused));
        foreach (var start in new[]
        {
            "p.csv:3: code: ", "p.csv:4: code: ", "c.csv:3: ts: ", "c.csv:4: affiliate: ", "c.csv:5: row: ", "c.csv:6: ip: ", "c.csv:7: row: ",
            "o.csv:2: amount: ", "o.csv:3: status: ", "r.csv:2: amount: ",
        })
            Assert.Contains(files[start], errors, StringComparison.Ordinal);
        await AssertSoundAsync(app);
    }

    [Fact]
    public async Task A_file_without_a_column_or_cut_short_is_named()
    {
        await using var app = await SidecarApp.StartAsync();
        files.File("p.csv", "id,code", "a1,sara");
        var whole = System.Text.Encoding.UTF8.GetBytes(CsvFolder.Impressions + "\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"2025-11-01T10:00:00Z,a{i},L1,1\n")));
        using (var packed = new MemoryStream())
        {
            await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                await zip.WriteAsync(whole);
            await File.WriteAllBytesAsync(files["i.csv.gz"], packed.ToArray()[..(int)(packed.Length / 2)]);
        }
        var (reports, errors) = await Support.Import.RunAsync(app, files, ("partners", "p.csv"), ("impressions", "i.csv.gz"), ("clicks", "missing.csv"));
        Assert.Contains(files["p.csv:1: joined_at: "], errors, StringComparison.Ordinal);
        Assert.Contains(files["missing.csv"], errors, StringComparison.Ordinal);
        Assert.All(reports, r => Assert.Equal(r.Rows, r.New + r.Refused));
        Assert.All(reports.Where(r => r.Kind != "partners"), r => Assert.True(r.Error is not null || r.Refused > 0));
    }

    [Fact]
    public async Task A_partner_of_whom_only_the_hash_of_the_email_is_known_keeps_it_through_other_changes()
    {
        await using var app = await SidecarApp.StartAsync();
        await ImportShopAsync(app);
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var before = await db.Partners.SingleAsync(p => p.ExternalId == "a1");
        using var renamed = await app.Http.PatchAsJsonAsync($"/v1/partners/{PublicId.Of(PublicId.Partner, before.Id)}", new { name = "Sara" });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.NotNull(before.EmailHash);
        Assert.Equal(("Sara", before.EmailHash), await db.Partners.Where(p => p.Id == before.Id).Select(p => ValueTuple.Create(p.Name, p.EmailHash)).SingleAsync());
    }

    [Fact]
    public async Task A_later_export_moves_an_order_on_and_an_earlier_one_does_not_move_it_back()
    {
        await using var app = await SidecarApp.StartAsync();
        await ImportShopAsync(app);
        files.File("late.csv", CsvFolder.Orders, CsvFolder.Order("o1", "2025-11-01T10:05:00Z", "a1", "c1", status: "chargeback"));
        await Support.Import.RunAsync(app, files, ("orders", "late.csv"));
        await Support.Import.RunAsync(app, files, ("orders", "o.csv"));
        var order = (await app.GetAsync("/v1/orders?shop=import"))["data"]!.AsArray().Single(o => (string?)o!["external_id"] == "o1")!;
        Assert.Equal(("refunded", "0.00"), ((string?)order["status"], (string?)order["commission"]!["amount"]));
    }

    [Fact]
    public async Task The_command_says_what_it_did_and_fails_where_a_row_was_refused()
    {
        WriteShop();
        var data = files["data"];
        var good = await RunAsync("import", "--data", data, "--partners", files["p.csv"], "--clicks", files["c.csv"], "--json");
        Assert.Equal((0, ""), (good.Exit, good.Error));
        Assert.Equal(5, (int)JsonNode.Parse(good.Out)!["rows"]!);
        files.File("bad.csv", CsvFolder.Refunds, "o1,never,1.00,other");
        var bad = await RunAsync("import", "--data", data, "--orders", files["o.csv"], "--refunds", files["bad.csv"]);
        Assert.Equal((1, $"{files["bad.csv"]}:2: ts: not a time such as 2025-11-03T17:20:05Z"), (bad.Exit, bad.Error.Trim()));
        Assert.Contains("5 rows in", bad.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("import", "--data", data)).Exit);
    }

    void WriteShop()
    {
        files.File("p.csv", CsvFolder.Partners, "a1,sara,2025-01-01,h1,DE,https://sara.example", "a2,tom,2025-02-01,h2,AT,");
        files.File("c.csv", CsvFolder.Clicks, CsvFolder.Click("c1", "2025-11-01T10:00:00Z", "a1"), CsvFolder.Click("c2", "2025-11-01T10:00:00Z", "a2", agent: "curl/8.1"),
            CsvFolder.Click("c1", "2025-11-01T10:00:00Z", "a1"));
        files.File("o.csv", CsvFolder.Orders, CsvFolder.Order("o1", "2025-11-01T10:05:00Z", "a1", "c1"),
            CsvFolder.Order("o2", "2025-11-01T11:00:00Z", "a2", status: "partially_refunded", coupon: "tom"),
            CsvFolder.Order("o3", "2025-11-01T12:00:00Z", "a1", "c1", status: "cancelled"), CsvFolder.Order("o4", "2025-11-02T12:00:00Z", "a1", "c1", status: "pending"));
        files.File("r.csv", CsvFolder.Refunds, "o2,2025-11-09T10:00:00Z,25.00,changed_mind");
        files.File("i.csv", CsvFolder.Impressions, "2025-11-01T10:00:00Z,a1,L1,40");
    }

    Task<(IReadOnlyList<Import.FileReport> Reports, string Errors)> ImportShopAsync(SidecarApp app)
    {
        WriteShop();
        return Support.Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"), ("orders", "o.csv"), ("refunds", "r.csv"), ("impressions", "i.csv"));
    }

    /// <summary>What the world sees: orders with commissions, and the reports.</summary>
    static async Task<string> StateAsync(SidecarApp app)
    {
        var orders = (await app.GetAsync("/v1/orders?shop=import"))["data"]!.AsArray().Select(o =>
            $"{o!["external_id"]} {o["status"]} {o["commission"]?["amount"]} {o["refunded"]?["amount"]} {o["attribution"]!["method"]}").Order();
        var time = await app.GetAsync("/v1/reports/conversion-time?from=2025-11-01&to=2025-11-30");
        var ctr = await app.GetAsync("/v1/reports/ctr?from=2025-11-01&to=2025-11-30");
        return string.Join('\n', orders) + time.ToJsonString() + ctr.ToJsonString();
    }

    static async Task AssertSoundAsync(SidecarApp app)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        foreach (var check in app.Services.GetServices<IIntegrityCheck>())
            await foreach (var problem in check.FindAsync(db, CancellationToken.None))
                Assert.Fail($"{check.Name}: {problem}");
    }

    static async Task<(int Exit, string Out, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        return (await CommandLine.RunAsync(args, output, error, CancellationToken.None), output.ToString(), error.ToString());
    }
}
