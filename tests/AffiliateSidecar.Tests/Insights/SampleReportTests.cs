using System.IO.Compression;
using System.Text.Json.Nodes;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Insights;

/// <summary>The reports on the bundled program, against what the rows say when they are counted one by one.</summary>
public sealed class SampleReportTests
{
    const string Period = "from=2025-10-20&to=2025-12-18";

    [Theory, BothDatabases]
    public async Task Every_report_says_what_the_rows_say(Db database)
    {
        await using var app = await Sample.StartAsync(database, new DateTimeOffset(2025, 12, 20, 0, 0, 0, TimeSpan.Zero));
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var (from, to) = (new DateTimeOffset(2025, 10, 20, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 12, 19, 0, 0, 0, TimeSpan.Zero));
        var orders = (await db.Orders.Where(o => o.PartnerId != null).ToListAsync()).Where(o => o.PlacedAt >= from && o.PlacedAt < to).ToList();
        // Counted by the rows; impressions have none of their own.
        var hours = (await db.Clicks.ToListAsync()).Where(c => c.At >= from && c.At < to).GroupBy(c => (c.PartnerId, c.LinkId, Hour: UnixTime.Hour(c.At)))
            .Select(g => (g.Key.PartnerId, g.Key.LinkId, g.Key.Hour, Clicks: g.LongCount(c => c.Flag.Length == 0), Invalid: g.LongCount(c => c.Flag.Length > 0))).ToList();
        var shown = (await SomeHours.AllAsync(db)).Where(h => h.Hour >= from && h.Hour < to && h.Figures.Impressions > 0).Select(h => (h.PartnerId, h.LinkId, h.Hour, h.Figures.Impressions)).ToList();
        Assert.True(orders.Count > 3000 && hours.Count > 10_000 && shown.Count > 10_000);

        var times = await app.GetAsync($"/v1/reports/conversion-time?{Period}");
        foreach (var row in times["partners"]!.AsArray())
        {
            var lags = orders.Where(o => Id(o.PartnerId!.Value) == Text(row, "partner") && o.LagSeconds is not null).Select(o => o.LagSeconds!.Value).ToList();
            Assert.Equal((lags.Count, lags.Count(l => l <= 10), lags.Count(l => l is > 60 and <= 300), lags.Count(l => l > 604_800)),
                ((int)Number(row, "clicked_orders"), (int)Number(row, "up_to_ten_seconds"), (int)Number(row, "up_to_five_minutes"), (int)Number(row, "later")));
            Assert.Equal(lags.Count < 10 ? "not_enough_data" : "ok", Text(row, "state"));
        }
        Assert.Equal(orders.Count(o => o.LagSeconds is <= 10), (int)Number(times["program"], "up_to_ten_seconds"));

        foreach (var (by, key) in new[] { ("hour", (Func<DateTimeOffset, DateTimeOffset>)(h => h)), ("day", h => new(h.UtcDateTime.Date, TimeSpan.Zero)) })
        {
            var ctr = await app.GetAsync($"/v1/reports/ctr?{Period}&by={by}");
            var reporting = shown.Select(s => s.PartnerId).ToHashSet();
            var rows = ctr[by + "s"]!.AsArray().ToDictionary(r => DateTimeOffset.Parse(Text(r, "at"), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(hours.Select(h => key(h.Hour)).Union(shown.Select(s => key(s.Hour))).Order(), rows.Keys.Order());
            foreach (var clicks in hours.GroupBy(h => key(h.Hour)))
                Assert.Equal((clicks.Sum(c => c.Clicks), clicks.Sum(c => c.Invalid), clicks.Where(c => reporting.Contains(c.PartnerId)).Sum(c => c.Clicks)),
                    ((long)Number(rows[clicks.Key], "clicks"), (long)Number(rows[clicks.Key], "invalid_clicks"), (long)Number(rows[clicks.Key], "shown_clicks")));
            Assert.Equal(Math.Round((double)hours.Where(h => reporting.Contains(h.PartnerId)).Sum(h => h.Clicks) / shown.Sum(s => s.Impressions), 6), Number(ctr, "ctr"));
        }
        var links = (await app.GetAsync($"/v1/reports/ctr?{Period}&by=link"))["links"]!.AsArray();
        Assert.Equal(hours.GroupBy(h => (h.PartnerId, h.LinkId)).Select(g => (Id(g.Key.PartnerId), g.Sum(h => h.Clicks))).Where(g => g.Item2 > 0).Order(),
            links.Select(r => (Text(r, "partner"), (long)Number(r, "clicks"))).Where(g => g.Item2 > 0).Order());
        foreach (var row in (await app.GetAsync($"/v1/reports/ctr?{Period}"))["partners"]!.AsArray().Where(r => Number(r, "clicks") > 0))
        {
            var own = hours.Where(h => Id(h.PartnerId) == Text(row, "partner")).GroupBy(h => h.Hour).Select(g => (Clicks: g.Sum(h => h.Clicks), Hour: g.Key)).OrderByDescending(g => g.Clicks).ThenBy(g => g.Hour).First();
            Assert.Equal((own.Clicks, Rfc3339.Format(own.Hour)), ((long)Number(row, "peak_hour_clicks"), Text(row, "peak_hour")));
        }

        var returns = await app.GetAsync($"/v1/reports/returns?{Period}");
        bool Came(OrderRow o) => o.Status == "refunded" || o.RefundedMinor > 0 && o.Status is not ("cancelled" or "failed" or "trash");
        var sales = orders.Where(o => o.TotalMinor > 0).ToList();
        Assert.Equal(sales.Count, returns["ages"]!.AsArray().Sum(a => (int)Number(a, "orders")));
        Assert.Equal(sales.Count(Came), returns["ages"]!.AsArray().Sum(a => (int)Number(a, "returned_orders")));
        foreach (var row in returns["partners"]!.AsArray())
        {
            var own = sales.Where(o => Id(o.PartnerId!.Value) == Text(row, "partner")).ToList();
            var old = own.Where(o => o.PlacedAt <= new DateTimeOffset(2025, 11, 20, 0, 0, 0, TimeSpan.Zero)).ToList();
            Assert.Equal((own.Count, own.Count(Came), old.Count, old.Count(Came)), ((int)Number(row, "orders"), (int)Number(row, "returned_orders"), (int)Number(row, "mature_orders"), (int)Number(row, "mature_returned_orders")));
            Assert.Equal(new Money(own.Sum(o => o.TotalMinor), "EUR").AmountText, Text(row!["sales"], "amount"));
        }

        var coupons = await app.GetAsync($"/v1/reports/coupons?{Period}");
        Assert.Equal(orders.Where(o => o.Method == "coupon").GroupBy(o => Id(o.PartnerId!.Value)).Select(g => (g.Key, g.Count())).Order(),
            coupons["partners"]!.AsArray().Select(r => (Text(r, "partner"), (int)Number(r, "coupon_orders"))).Order());
        Assert.All(coupons["partners"]!.AsArray(), r => Assert.True(Number(r, "without_click") <= Number(r, "coupon_orders")));
    }

    [Theory]
    [InlineData("conversion-time")]
    [InlineData("ctr")]
    [InlineData("ctr?by=hour")]
    [InlineData("returns")]
    [InlineData("coupons")]
    public async Task A_workbook_opens_with_numbers_as_numbers_and_without_data_too(string report)
    {
        foreach (var isEmpty in new[] { true, false })
        {
            await using var app = await (isEmpty ? SidecarApp.StartAsync() : Sample.StartAsync());
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/reports/{report}{(report.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Period}");
            request.Headers.TryAddWithoutValidation("Accept", Xlsx.MediaType);
            using var response = await app.Http.SendAsync(request);
            Assert.Equal(Xlsx.MediaType, response.Content.Headers.ContentType!.MediaType);
            await using var stream = await response.Content.ReadAsStreamAsync();
            var rows = MiniExcelLibs.MiniExcel.Query(stream, useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
            Assert.Contains(rows[0].Keys, k => k is "clicked_orders" or "clicks" or "orders");
            if (!isEmpty)
                Assert.All(rows, row => Assert.All(row.Where(c => c.Key is "clicked_orders" or "clicks" or "orders" or "sales" or "median_seconds"), c => Assert.IsType<double>(c.Value)));
        }
    }

    [Fact]
    public void A_text_in_a_workbook_is_no_formula()
    {
        using var stream = new MemoryStream();
        Xlsx.Write(stream, new[] { "=1+1", "+1", "-1", "@a", "$=1", "plain" }.Select(t => new { Text = t, Number = -1L }), "x");
        stream.Position = 0;
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        using var reader = new StreamReader(zip.Entries.Single(e => e.FullName.EndsWith("sheet1.xml", StringComparison.Ordinal)).Open());
        Assert.DoesNotContain("<x:f>", reader.ReadToEnd().Replace("<f>", "<x:f>", StringComparison.Ordinal), StringComparison.Ordinal);
        stream.Position = 0;
        Assert.Equal(["'=1+1", "'+1", "'-1", "'@a", "$=1", "plain"], MiniExcelLibs.MiniExcel.Query(stream, useHeaderRow: true).Cast<IDictionary<string, object?>>().Select(r => (string)r["text"]!));
    }

    static string Id(int partner) => PublicId.Of(PublicId.Partner, partner);

    static string Text(JsonNode? row, string name) => (string)row![name]!;

    static double Number(JsonNode? row, string name) => (double)row![name]!;
}
