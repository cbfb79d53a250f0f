using System.Net.Http.Headers;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Insights;

public sealed class ReportTests
{
    static readonly Dictionary<string, long[]> Lags = new()
    {
        ["a1"] = [10, 20, 30, 50, 70, 400], ["a2"] = [5, 600, 7000, 90_000], ["a3"] = [100], ["a4"] = [30, 30, 31],
    };

    [Theory, BothDatabases]
    public async Task Medians_and_quartiles_are_those_of_a_spreadsheet(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await ImportAsync(app);
        var report = await app.GetAsync("/v1/reports/conversion-time?from=2025-11-01&to=2025-11-30");
        Assert.Equal(Lags.Values.Sum(l => l.Length), (int)report["clicked_orders"]!);
        foreach (var row in report["partners"]!.AsArray())
        {
            var id = Code((string)row!["partner_code"]!);
            var own = Lags[id];
            Assert.Equal(own.Length, (int)row["clicked_orders"]!);
            Assert.Equal(Quantile(own, 0.25), (double)row["lower_quartile_seconds"]!, 6);
            Assert.Equal(Quantile(own, 0.5), (double)row["median_seconds"]!, 6);
            Assert.Equal(Quantile(own, 0.75), (double)row["upper_quartile_seconds"]!, 6);
            Assert.Equal(Quantile([.. Lags.Where(l => l.Key != id).SelectMany(l => l.Value)], 0.5), (double)row["others_median_seconds"]!, 6);
            Assert.Equal(own.Count(l => l <= 60) / (double)own.Length, (double)row["within_minute"]!, 4);
            Assert.Equal(own.Count(l => l <= 86400) / (double)own.Length, (double)row["within_day"]!, 4);
            Assert.Equal("not_enough_data", (string?)row["state"]);
        }
    }

    [Theory, BothDatabases]
    public async Task Clicks_per_impression_leave_bots_and_repetitions_out(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await ImportAsync(app);
        var report = await app.GetAsync("/v1/reports/ctr?from=2025-11-01&to=2025-11-30");
        var row = report["partners"]!.AsArray().Single(p => (string?)p!["partner_code"] == "-a1-")!;
        Assert.Equal((6, 1, 2000), ((int)row["clicks"]!, (int)row["invalid_clicks"]!, (int)row["impressions"]!));
        Assert.Equal(0.003, (double)row["ctr"]!);
        Assert.Equal(0.003, (double)report["ctr"]!);
        Assert.Equal(("2025-11-02T10:00:00Z", 1), ((string?)row["peak_hour"], (int)row["peak_hour_clicks"]!));
        Assert.Equal("ok", (string?)row["state"]);
        Assert.All(report["partners"]!.AsArray().Where(p => p!["impressions"] is null), p => Assert.Null(p!["ctr"]));
    }

    [Fact]
    public async Task A_spreadsheet_has_the_same_rows_and_runs_nothing()
    {
        await using var app = await SidecarApp.StartAsync();
        await ImportAsync(app);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/ctr?from=2025-11-01&to=2025-11-30");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var response = await app.Http.SendAsync(request);
        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("partner,partner_code,impressions,clicks,invalid_clicks,ctr,peak_hour,peak_hour_clicks,state", lines[0]);
        Assert.Contains(lines, l => l.Contains(",\"'-a1-\",2000,6,1,0.003,2025-11-02T10:00:00Z,1,ok", StringComparison.Ordinal)
            || l.Contains(",'-a1-,2000,6,1,0.003,2025-11-02T10:00:00Z,1,ok", StringComparison.Ordinal));
        Assert.Equal(5, lines.Length);
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("text/csv, application/json;q=0.5", "text/csv")]
    [InlineData("application/json, text/csv;q=0.9", "application/json")]
    public async Task The_caller_chooses_the_form(string accept, string expected)
    {
        await using var app = await SidecarApp.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/reports/conversion-time");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await app.Http.SendAsync(request);
        Assert.Equal(expected, response.Content.Headers.ContentType!.MediaType);
    }

    static string Code(string code) => code.Trim('-');

    static double Quantile(long[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = (sorted.Length - 1) * share;
        var low = sorted[(int)Math.Floor(at)];
        return low + (sorted[(int)Math.Ceiling(at)] - low) * (at - Math.Floor(at));
    }

    static async Task ImportAsync(SidecarApp app)
    {
        using var files = new CsvFolder();
        var start = new DateTimeOffset(2025, 11, 2, 10, 0, 0, TimeSpan.Zero);
        List<string> clicks = [], orders = [];
        foreach (var (partner, lags) in Lags)
            for (var i = 0; i < lags.Length; i++)
            {
                clicks.Add(CsvFolder.Click($"{partner}-{i}", Http.Rfc3339.Format(start.AddHours(i)), partner));
                orders.Add(CsvFolder.Order($"{partner}-{i}", Http.Rfc3339.Format(start.AddHours(i).AddSeconds(lags[i])), partner, $"{partner}-{i}"));
            }
        clicks.Add(CsvFolder.Click("bot", "2025-11-03T10:00:00Z", "a1", agent: "Googlebot/2.1"));
        files.File("p.csv", CsvFolder.Partners, [.. Lags.Keys.Select(id => $"{id},-{id}-,2025-01-01,h-{id},DE,")]);
        files.File("c.csv", CsvFolder.Clicks, [.. clicks]);
        files.File("o.csv", CsvFolder.Orders, [.. orders]);
        files.File("i.csv", CsvFolder.Impressions, "2025-11-02T10:00:00Z,a1,L1,1500", "2025-11-02T11:00:00Z,a1,L1,500");
        var (_, errors) = await Import.RunAsync(app, files, ("partners", "p.csv"), ("clicks", "c.csv"), ("orders", "o.csv"), ("impressions", "i.csv"));
        Assert.Empty(errors);
    }
}
