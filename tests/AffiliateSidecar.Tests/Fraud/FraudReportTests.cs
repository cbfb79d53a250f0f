using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Http;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Fraud;

public sealed class FraudReportTests
{
    [Theory, BothDatabases]
    public async Task The_report_names_cheats_of_the_sample_and_nobody_honest(Db db)
    {
        await using var app = await Sample.StartAsync(db);
        var report = await app.GetAsync("/v1/fraud/report?from=2025-10-20&to=2025-12-18");
        var suspicious = report["partners"]!.AsArray().Where(p => (string?)p!["state"] == "suspicious").ToDictionary(p => (string)p!["partner_code"]!, p => p!);
        Assert.Empty(suspicious.Keys.Except(Sample.Cheats.Keys));
        foreach (var code in Sample.Cheats.Where(c => c.Value == "checkout_injection").Select(c => c.Key))
            Assert.Contains("short_lag", Texts(suspicious[code]["reasons"]));
        Assert.Contains(suspicious.Where(s => Sample.Cheats[s.Key] == "bot_burst"), s => Texts(s.Value["reasons"]).Contains("ctr"));
        Assert.True(suspicious.Count >= 4, $"{suspicious.Count} of {Sample.Cheats.Count} found");

        Assert.Empty(report["skipped_signals"]!.AsArray());
        Assert.Equal(60, (int)report["program"]!["partners"]!);
        Assert.Equal(4500, (int)report["program"]!["orders"]!);
        Assert.Equal(127_643, (long)report["program"]!["clicks"]! + (long)report["program"]!["invalid_clicks"]!);
    }

    [Theory, BothDatabases]
    public async Task Money_at_risk_ranks_the_suspicious_and_is_never_more_than_is_unpaid(Db db)
    {
        await using var app = await Sample.StartAsync(db);
        var partners = (await app.GetAsync("/v1/fraud/report?from=2025-10-20&to=2025-12-18"))["partners"]!.AsArray();
        var money = partners.Where(p => (string?)p!["state"] == "suspicious").Select(p => decimal.Parse((string)p!["money_at_risk"]!["amount"]!)).ToList();
        Assert.Equal(money.OrderDescending(), money);
        Assert.True(money[0] > 30, $"{money[0]}");
        var top = partners.SelectMany(p => p!["findings"]!.AsArray()).First(f => ((string?)f!["signal"], (string?)f["state"]) == ("conversion-time", "suspicious"))!["evidence"]!;
        Assert.True((double)top["seen"]! > 5 * (double)top["expected"]! && (double)top["seen"]! > (double)top["usual"]!);
    }

    [Theory, BothDatabases]
    public async Task A_handful_of_orders_is_not_enough_to_say_anything(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        using var files = new CsvFolder();
        files.File("p.csv", CsvFolder.Partners, "a1,sara,2025-01-01,h1,DE,");
        files.File("c.csv", CsvFolder.Clicks, [.. Enumerable.Range(0, 5).Select(i => CsvFolder.Click($"c{i}", $"2025-11-0{i + 1}T10:00:00Z", "a1"))]);
        files.File("o.csv", CsvFolder.Orders, [.. Enumerable.Range(0, 5).Select(i => CsvFolder.Order($"o{i}", $"2025-11-0{i + 1}T10:00:05Z", "a1", $"c{i}"))]);
        await Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"), ("orders", "o.csv"));
        var partner = (await app.GetAsync("/v1/fraud/report?from=2025-11-01&to=2025-11-30"))["partners"]!.AsArray().Single()!;
        Assert.Equal("not_enough_data", (string?)partner["state"]);
        Assert.Contains("1 partners have clicks", (string?)partner["shortage"], StringComparison.Ordinal);
        Assert.Equal(5, (double)partner["median_lag_seconds"]!);
        Assert.Null(partner["others_median_lag_seconds"]);
    }

    [Fact]
    public async Task A_signal_that_throws_is_left_out_and_named_and_the_others_go_on()
    {
        await using var app = await Sample.StartAsync(customise: services => services.AddSingleton<IFraudSignal, Broken>());
        var report = await app.GetAsync("/v1/fraud/report?from=2025-10-20&to=2025-12-18");
        Assert.Equal(["broken"], Texts(report["skipped_signals"]));
        Assert.Contains(report["partners"]!.AsArray(), p => (string?)p!["state"] == "suspicious");
        Assert.DoesNotContain(report["partners"]!.AsArray().SelectMany(p => p!["findings"]!.AsArray()), f => (string?)f!["signal"] == "broken");
    }

    [Fact]
    public async Task Without_a_period_it_is_the_last_thirty_days()
    {
        await using var app = await SidecarApp.StartAsync();
        var report = await app.GetAsync("/v1/fraud/report");
        Assert.Equal("2026-10-25T12:00:00Z", (string?)report["from"]);
        Assert.Equal("2026-11-24T12:00:00Z", (string?)report["to"]);
        Assert.Empty(report["partners"]!.AsArray());
    }

    [Theory]
    [InlineData("from=2025-12-01&to=2025-11-01", "from")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2025-13-01", "to")]
    [InlineData("to=9999-12-31", "to")]
    [InlineData("from=2000-01-01&to=2025-01-01", "from")]
    public async Task A_period_that_cannot_be_is_refused(string query, string member)
    {
        await using var app = await SidecarApp.StartAsync();
        foreach (var path in new[] { "/v1/fraud/report", "/v1/reports/ctr", "/v1/reports/conversion-time" })
        {
            using var response = await app.Http.GetAsync($"{path}?{query}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]![member]);
        }
    }

    [Fact]
    public async Task Each_report_asks_for_its_scope()
    {
        await using var app = await SidecarApp.StartAsync();
        var (_, key) = await app.Services.GetRequiredService<ApiKeys>().CreateAsync("reports", [Scope.ReportsRead], CancellationToken.None);
        app.Anonymous.DefaultRequestHeaders.Authorization = new("Bearer", key);
        using var fraud = await app.Anonymous.GetAsync("/v1/fraud/report");
        using var ctr = await app.Anonymous.GetAsync("/v1/reports/ctr");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (fraud.StatusCode, ctr.StatusCode));
    }

    static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(t => (string)t!);

    sealed class Broken : IFraudSignal
    {
        public string Id => "broken";

        public string Family => "none";

        public IEnumerable<Finding> Evaluate(ProgramFigures program)
        {
            yield return new(program.Partners[0].PartnerId, FindingState.Suspicious, ["broken"], "half a finding", 1, 1);
            throw new InvalidOperationException("as a plugin might");
        }
    }
}
