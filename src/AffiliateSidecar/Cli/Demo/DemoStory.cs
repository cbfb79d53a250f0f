using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.WebUtilities;

namespace AffiliateSidecar.Cli.Demo;

/// <summary>What happens in the demo, in the order in which it happens to a shop; every step goes through the API and is checked.</summary>
sealed class DemoStory : IDisposable
{
    public const string Shop = "demo";

    /// <summary>The days of the history.</summary>
    const string FraudPath = "/v1/fraud/report?from=2025-10-20T00:00:00Z&to=2025-12-20T00:00:00Z";

    static readonly (string Kind, string File)[] History =
    [
        ("partners", "affiliates.csv.gz"), ("impressions", "impressions.csv.gz"), ("clicks", "clicks.csv.gz"), ("orders", "orders.csv.gz"),
        ("refunds", "refunds.csv.gz"),
    ];

    readonly WebApplication app;
    readonly TextWriter output;
    readonly HttpClient http;
    readonly string key;
    readonly long started = Stopwatch.GetTimestamp();

    public DemoStory(WebApplication app, TextWriter output)
    {
        (this.app, this.output) = (app, output);
        key = app.Configuration["Sidecar:BootstrapKey"]!;
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        // Answers to programs are not counted; the demo's visitors use a browser.
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
    }

    string Url => http.BaseAddress!.ToString().TrimEnd('/');

    /// <summary>False where something is not as it should be.</summary>
    public async Task<bool> TellAsync(CancellationToken cancel)
    {
        var sara = await PartnersAsync(cancel);
        // The long history goes in while the shop's day is replayed.
        var history = Task.Run(() => HistoryAsync(cancel), cancel);
        await ReplayAsync(cancel);
        await ClickAndBuyAsync(cancel);
        await history;
        await FraudAsync(cancel);
        await SiteAsync(cancel);
        var sound = await VerifyAsync(cancel);
        await PrintDoorsAsync(sara);
        return sound;
    }

    /// <summary>Sara's id.</summary>
    async Task<string> PartnersAsync(CancellationToken cancel)
    {
        var ids = new List<string>();
        foreach (var partner in DemoShop.Partners)
        {
            var made = await SendAsync(HttpMethod.Post, "/v1/partners", new { partner.Code, partner.Name, Email = $"{partner.Code}@partner.example", partner.Aliases }, cancel);
            ids.Add((string)made["id"]!);
            await SendAsync(HttpMethod.Post, $"/v1/partners/{made["id"]}/approve", new { }, cancel);
            foreach (var coupon in partner.Coupons)
                await SendAsync(HttpMethod.Post, $"/v1/partners/{made["id"]}/coupons", new { Code = coupon }, cancel);
        }
        await SayAsync($"{DemoShop.Partners.Count} partners: {string.Join(", ", DemoShop.Partners.Select(p => p.Name))}");
        return ids[0];
    }

    async Task ReplayAsync(CancellationToken cancel)
    {
        await DemoShop.ReplayAsync(http, Shop, DemoShop.Secret, cancel: cancel);
        var orders = await OrdersAsync(cancel);
        var attributed = orders.Count(o => o!["attribution"]?["partner"] is not null);
        Expect(attributed > 0, "No order of the recorded shop was attributed.");
        await SayAsync($"{DemoShop.Deliveries.Count} webhooks of a real WooCommerce shop: {orders.Count} orders, {attributed} of them brought by partners");
    }

    async Task ClickAndBuyAsync(CancellationToken cancel)
    {
        using var redirect = await http.GetAsync("/r/sara/product/green-tea", cancel);
        Expect(redirect.StatusCode == HttpStatusCode.Found, $"The link answered {redirect.StatusCode}.");
        var click = QueryHelpers.ParseQuery(redirect.Headers.Location!.Query)["aff_click"].ToString();
        var now = app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await SendAsync(HttpMethod.Put, $"/v1/orders/{Shop}/click-1", new
        {
            Status = "completed", Currency = "EUR", PlacedAt = now, UpdatedAt = now, Total = "59.50", Tax = "9.50", ClickId = click,
            Lines = new[] { new { ExternalId = "1", Name = "Green tea", Quantity = 2, Total = "50.00", Tax = "9.50" } },
        }, cancel);
        var order = (await OrdersAsync(cancel, "external_id=click-1")).Single()!;
        Expect((string?)order["attribution"]?["method"] == "click", "The order of the click was not credited to it.");
        await SayAsync($"a visitor followed sara's link and bought for 50.00 EUR: {order["commission"]!["amount"]} EUR for sara");
    }

    async Task HistoryAsync(CancellationToken cancel)
    {
        var files = History.ToDictionary(h => h.Kind, h => Path.Combine(AppContext.BaseDirectory, "sample", h.File));
        var reports = await HistoryImport.RunAsync(app.Services, files, new ImportProgress(TextWriter.Null, null), cancel);
        Expect(reports.All(r => r.Refused == 0 && r.Error is null), "Rows of the history were refused.");
        await SayAsync($"{reports.Sum(r => r.Rows):N0} rows of another program's sixty days: {string.Join(", ", reports.Select(r => $"{r.Rows:N0} {r.Kind}"))}");
    }

    async Task FraudAsync(CancellationToken cancel)
    {
        var report = await SendAsync(HttpMethod.Get, FraudPath, null, cancel);
        var suspicious = report["partners"]!.AsArray().Where(p => (string?)p!["state"] == "suspicious").ToList();
        Expect(suspicious.Count > 0, "The fraud report finds nobody.");
        var why = suspicious[0]!["findings"]!.AsArray().First(f => (string?)f!["state"] == "suspicious")!["text"];
        await SayAsync($"fraud report: {suspicious.Count} of {report["partners"]!.AsArray().Count} partners deserve a look, first {suspicious[0]!["partner_code"]}:");
        await output.WriteLineAsync($"         {why}");
    }

    async Task SiteAsync(CancellationToken cancel)
    {
        var built = await SendAsync(HttpMethod.Post, "/v1/site/build", new { }, cancel);
        foreach (var page in new[] { "/site/en/", "/site/fa/", "/site/en/signup/", "/swagger/index.html", "/openapi/v1.json" })
        {
            using var response = await http.GetAsync(page, cancel);
            Expect(response.StatusCode == HttpStatusCode.OK, $"{page} answered {(int)response.StatusCode}.");
        }
        await SayAsync($"the recruitment site: {built["pages"]} pages in English and Persian");
    }

    async Task<bool> VerifyAsync(CancellationToken cancel)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var broken = 0;
        foreach (var check in app.Services.GetServices<IIntegrityCheck>())
            await foreach (var sentence in check.FindAsync(db, cancel))
            {
                broken++;
                await output.WriteLineAsync("BROKEN  " + sentence);
            }
        await SayAsync(broken == 0 ? "db verify: ledger, orders and sums are as they must be" : $"db verify: {broken} things are broken");
        return broken == 0;
    }

    async Task PrintDoorsAsync(string sara)
    {
        await output.WriteLineAsync($"""

            Open in a browser
              {Url}/site/en/           the recruitment site
              {Url}/site/fa/           the same in Persian
              {Url}/site/en/signup/    sign up as a partner
              {Url}/swagger            the API; press Authorize and paste the key below

            Ask in a terminal, with the key {key}
            """);
        foreach (var (what, path) in new[]
        {
            ("the newest orders, each with who brought it and why", "/v1/orders?limit=3"),
            ("the newest commissions, explained line by line", "/v1/commissions?limit=3"),
            ("what sara has earned", $"/v1/partners/{sara}/balance"),
            ("who deserves a look, with the evidence", FraudPath),
        })
            await output.WriteLineAsync($"  {what}:\n    curl -s -H 'Authorization: Bearer {key}' '{Url}{path}'");
        await output.WriteLineAsync($"  sara's link counts a click and leads to the shop (an example address, nobody is there):\n    curl -si {Url}/r/sara\n");
    }

    async Task<List<JsonNode?>> OrdersAsync(CancellationToken cancel, string filter = "limit=200")
    {
        var all = new List<JsonNode?>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, $"/v1/orders?{filter}&shop={Shop}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}", null, cancel);
            all.AddRange(page["data"]!.AsArray());
            cursor = (string?)page["next_cursor"];
        }
        return all;
    }

    async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, options: Http.Json.Options) };
        using var response = await http.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        Expect(response.IsSuccessStatusCode, $"{method} {path} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new OperationFailedException(otherwise);
    }

    Task SayAsync(string sentence) => output.WriteLineAsync($"{Stopwatch.GetElapsedTime(started).TotalSeconds,5:0.0} s  {sentence}");

    public void Dispose() => http.Dispose();
}
