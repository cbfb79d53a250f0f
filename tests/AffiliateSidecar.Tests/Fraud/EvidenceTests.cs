using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Fraud.EvidencePack;
using AffiliateSidecar.Http;
using AffiliateSidecar.Site;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AngleSharp.Html.Parser;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Fraud;

public sealed class EvidenceTests
{
    const string Case = "alr_0000000000000000000000aa";
    static readonly DateOnly LastDay = new(2025, 12, 18);

    [Theory, BothDatabases]
    public async Task The_owner_gets_everything_and_the_partner_a_letter_that_names_nobody(Db db)
    {
        await using var app = await Sample.StartAsync(db);
        foreach (var (code, locale) in Sample.Cheats.Keys.Zip(["en", "fa", "en", "fa", "en", "fa", "en", "fa", "en"]))
        {
            var (partner, keys, others) = await OpenCaseAsync(app, code, locale);
            foreach (var format in new[] { "html", "csv" })
            {
                var letter = await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence?format={format}&audience=partner");
                Assert.All(keys, key => Assert.DoesNotContain(key, letter, StringComparison.OrdinalIgnoreCase));
                Assert.All(others, other => Assert.DoesNotContain(other, letter, StringComparison.Ordinal));
                Assert.Contains(code, letter, StringComparison.Ordinal);
            }
            var csv = await app.Http.GetByteArrayAsync($"/v1/fraud/alerts/{Case}/evidence?format=csv");
            var page = await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence");
            var result = HashChain.Check(csv);
            Assert.Null(result.Mistake);
            Assert.Contains(result.End, page, StringComparison.Ordinal);
            Assert.Equal(csv, await app.Http.GetByteArrayAsync($"/v1/fraud/alerts/{Case}/evidence?format=csv"));
            var document = new HtmlParser().ParseDocument(await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence?audience=partner"));
            Assert.Equal(locale == "fa" ? "rtl" : "ltr", document.DocumentElement.GetAttribute("dir"));
            Assert.Empty(document.QuerySelectorAll("script, img, link, iframe, [src]"));
            Assert.NotEmpty(document.QuerySelectorAll("svg"));
            // The day table adds up to what the database has of the partner.
            var rows = Encoding.UTF8.GetString(csv).Split("\r\n");
            var columns = rows[0].Split(',');
            long Sum(string kind, string column) => rows.Where(r => r.Split(',') is [_, var k, ..] && k == kind).Sum(r => long.TryParse(r.Split(',')[Array.IndexOf(columns, column)], out var n) ? n : 0);
            await using var sums = app.Services.GetRequiredService<Database>().Open();
            var (from, to) = (Start(LastDay.AddDays(-59)), Start(LastDay.AddDays(1)));
            Assert.Equal(await sums.Orders.CountAsync(o => o.PartnerId == partner && o.PlacedAt >= from && o.PlacedAt < to), Sum("day", "orders"));
            Assert.Equal(await sums.LinkDays.Where(d => d.PartnerId == partner && d.Day > LastDay.DayNumber - 60 && d.Day <= LastDay.DayNumber).SumAsync(d => d.Clicks), Sum("day", "clicks"));
            await sums.FraudCases.DeleteAsync();
        }
    }

    [Theory, BothDatabases]
    public async Task The_letter_quotes_the_terms_that_the_orders_came_in_under(Db db)
    {
        // A scan in the hour that goes by would write the case anew while it is exchanged here.
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?> { ["Sidecar:Site:BaseUrl"] = "https://partners.shop.example" }, Nights.Off);
        var partner = PublicId.NumberOf(PublicId.Partner, (string)(await app.PartnerAsync("sara"))["id"]!)!.Value;
        Finding About(params string[] orders) => new(partner, FindingState.Suspicious, ["short_lag"], "quick", 0, 0) { Strength = 7, Evidence = new("orders", 9, 1, 2), Orders = orders };
        async Task<(string Clause, IReadOnlyList<string?> Links)> LetterAsync(string locale, params string[] orders)
        {
            var (now, day) = (app.Clock.GetUtcNow(), DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime));
            await app.Services.GetRequiredService<Database>().WriteAsync(async (tables, cancel) =>
            {
                await tables.FraudCases.DeleteAsync(cancel);
                await tables.Partners.Set(p => p.Locale, locale).UpdateAsync(cancel);
                await tables.InsertAsync(Row(partner, now, day, [new("conversion-time", "lag", About(orders))]), token: cancel);
            });
            var clause = new HtmlParser().ParseDocument(await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence?audience=partner")).QuerySelector(".clause")!;
            return (clause.TextContent, [.. clause.QuerySelectorAll("a").Select(a => a.GetAttribute("href"))]);
        }

        // Nothing was written down before the site was first built.
        Assert.Contains("Version of the rules in force when this case was opened: 0", (await LetterAsync("en")).Clause, StringComparison.Ordinal);
        await app.BuildAsync();
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        app.Leap(TimeSpan.FromDays(2));
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""{ "rules": [ { "id": "program", "kind": "percent", "rate": "12" } ] }""")!);
        await app.BuildAsync();
        await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "sara"));
        var orders = (await app.GetAsync("/v1/orders"))["data"]!.AsArray().OrderBy(o => (string)o!["external_id"]!).Select(o => (string)o!["id"]!).ToArray();

        var letter = await LetterAsync("en", orders[0]);
        Assert.Equal(["https://partners.shop.example/en/terms/1/"], letter.Links);
        foreach (var said in new[] { "that the orders concerned came in under", "Version 1, in force from 24 November 2026", "Fair play", "Do not pay for clicks.", "A person decides, and writes down why." })
            Assert.Contains(said, letter.Clause, StringComparison.Ordinal);
        Assert.DoesNotContain("Version 2", letter.Clause, StringComparison.Ordinal);
        // Both versions have the clause in the same words.
        letter = await LetterAsync("fa", orders);
        Assert.Equal(["https://partners.shop.example/fa/terms/1/", "https://partners.shop.example/fa/terms/2/"], letter.Links);
        Assert.Single(letter.Clause.Split("بازی جوانمردانه")[1..]);
        Assert.Contains("نسخهٔ ۲", letter.Clause, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9]", letter.Clause);
        // The rows, which are sealed, say which texts.
        var terms = (await app.GetAsync("/v1/terms"))["data"]!.AsArray();
        var rows = (await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence?format=csv&audience=partner")).Split("\r\n");
        Assert.Equal(2, rows.Count(r => r.Contains(",terms,", StringComparison.Ordinal) && terms.Any(t => r.Contains((string)t!["hash"]!, StringComparison.Ordinal))));
        // A case that is about clicks.
        app.Clock.Advance(TimeSpan.FromHours(1));
        letter = await LetterAsync("en");
        Assert.Contains("From the terms in force when this case was opened:", letter.Clause, StringComparison.Ordinal);
        Assert.Equal(["https://partners.shop.example/en/terms/2/"], letter.Links);
    }

    [Fact]
    public async Task A_partner_of_whom_nothing_is_known_has_evidence_too()
    {
        await using var app = await SidecarApp.StartAsync();
        var partner = await app.PartnerAsync("sara");
        var now = app.Clock.GetUtcNow();
        await app.Services.GetRequiredService<Database>().WriteAsync(async (db, cancel) => await db.InsertAsync(Row(PublicId.NumberOf(PublicId.Partner, (string)partner["id"]!)!.Value, now, DateOnly.FromDateTime(now.UtcDateTime), []), token: cancel));
        foreach (var query in new[] { "", "?format=csv", "?audience=partner", "?format=csv&audience=partner" })
            Assert.DoesNotContain("NaN", await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence{query}"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync("/v1/fraud/alerts/alr_no/evidence")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.GetAsync($"/v1/fraud/alerts/{Case}/evidence?format=pdf")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await app.Http.GetAsync($"/v1/fraud/alerts/{Case}/evidence?audience=press")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous.GetAsync($"/v1/fraud/alerts/{Case}/evidence")).StatusCode);
    }

    [Fact]
    public async Task Hostile_text_stays_text()
    {
        const string Hostile = "<script>alert(1)</script><img src=x onerror=a()>&\"'";
        await using var app = await SidecarApp.StartAsync();
        var partner = await app.PostAsync("/v1/partners", new { code = "sara", name = Hostile, email = "sara@partner.example" });
        var now = app.Clock.GetUtcNow();
        var finding = new Finding(1, FindingState.Suspicious, ["short_lag"], Hostile, 0, 0) { Strength = 7, Honest = Hostile, Evidence = new(Hostile, 9, 1, 2), Orders = [Hostile] };
        var row = Row(PublicId.NumberOf(PublicId.Partner, (string)partner["id"]!)!.Value, now, DateOnly.FromDateTime(now.UtcDateTime), [new("conversion-time", "lag", finding)]);
        await app.Services.GetRequiredService<Database>().WriteAsync(async (db, cancel) => await db.InsertAsync(row, token: cancel));
        foreach (var audience in new[] { "owner", "partner" })
        {
            var document = new HtmlParser().ParseDocument(await app.Http.GetStringAsync($"/v1/fraud/alerts/{Case}/evidence?audience={audience}"));
            Assert.Empty(document.QuerySelectorAll("script, img, link, iframe, [src], [onerror]"));
            Assert.Contains(Hostile, document.Body!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Whatever_byte_is_changed_and_whatever_row_is_moved_is_found()
    {
        var (file, end) = HashChain.Seal(Encoding.UTF8.GetBytes("row,kind,text\r\n1,case,ä\r\n2,day,\"a,b\"\r\n3,order,7\r\n4,end,4 rows\r\n"));
        Assert.Equal((null, 4, end), (HashChain.Check(file).Mistake, HashChain.Check(file).Rows, HashChain.Check(file).End));
        for (var i = 0; i < file.Length; i++)
            foreach (var bit in new[] { 1, 32, 128 })
            {
                byte[] changed = [.. file];
                changed[i] ^= (byte)bit;
                var result = HashChain.Check(changed);
                Assert.NotNull(result.Mistake);
                // The header has no hash of its own; a broken line break shows in the line it joins.
                var line = 1 + file.Take(i).Count(b => b == '\n');
                Assert.InRange(result.Line, Math.Max(1, line - 1), line + 1);
            }
        for (var length = 0; length < file.Length; length++)
            Assert.NotNull(HashChain.Check(file[..length]).Mistake);
        var lines = Encoding.UTF8.GetString(file).Split("\r\n");
        foreach (var changed in new[] { [lines[0], lines[2], lines[1], .. lines[3..]], [.. lines[..2], .. lines[3..]], [.. lines[..^2], lines[^3], .. lines[^2..]], [.. lines[..^1], "5,day,x", ""], (string[])[.. lines, "x"] })
            Assert.NotNull(HashChain.Check(Encoding.UTF8.GetBytes(string.Join("\r\n", changed))).Mistake);
    }

    [Fact]
    public async Task The_command_says_right_damaged_or_wrong_usage()
    {
        using var folder = new CommandFolder();
        var (file, end) = HashChain.Seal(Encoding.UTF8.GetBytes("row,kind,text\r\n1,case,a\r\n2,end,2 rows\r\n"));
        var path = Path.Combine(Path.GetTempPath(), $"evidence-{Guid.NewGuid():n}.csv");
        await File.WriteAllBytesAsync(path, file);
        var right = await folder.RunAsync("fraud", "verify-evidence", path, "--hash", end);
        Assert.Equal(0, right.Exit);
        Assert.Contains(end, right.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await folder.RunAsync("fraud", "verify-evidence", path, "--hash", new string('0', 64))).Exit);
        file[^70] ^= 1;
        await File.WriteAllBytesAsync(path, file);
        var damaged = await folder.RunAsync("fraud", "verify-evidence", path);
        Assert.Equal(1, damaged.Exit);
        Assert.Contains("line 3", damaged.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await folder.RunAsync("fraud", "verify-evidence", path + ".not")).Exit);
        Assert.Equal(2, (await folder.RunAsync("fraud", "verify-evidence")).Exit);
        File.Delete(path);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fa")]
    public async Task Both_pages_are_readable_in_a_browser(string locale)
    {
        await using var app = await Sample.StartAsync();
        await OpenCaseAsync(app, Sample.Cheats.First(c => c.Value == "checkout_injection").Key, locale);
        var page = await Browser.OpenAsync(794);
        foreach (var audience in new[] { "owner", "partner" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/fraud/alerts/{Case}/evidence?audience={audience}");
            request.Headers.TryAddWithoutValidation("Accept-Language", locale);
            using var response = await app.Http.SendAsync(request);
            await page.SetContentAsync(await response.Content.ReadAsStringAsync());
            Assert.Equal(0, await page.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
            Assert.Equal(locale == "fa" ? "rtl" : "ltr", await page.EvaluateAsync<string>("() => document.documentElement.dir"));
            Assert.True(await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('svg')].every(s => s.getBoundingClientRect().height > 40)"));
            if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"evidence-{audience}-{locale}.png"), FullPage = true });
        }
        await page.Context.CloseAsync();
    }

    static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>A case of what the signals say at the end of the sample. Returns the keys of its customers and the codes of the other partners.</summary>
    static async Task<(int Partner, IReadOnlyList<string> Keys, IReadOnlyList<string> Others)> OpenCaseAsync(SidecarApp app, string code, string locale)
    {
        var report = await app.Services.GetRequiredService<FraudReport>().RunAsync(Start(LastDay.AddDays(-59)), Start(LastDay.AddDays(1)), default);
        var own = report.Figures.Partners.Single(p => p.Code == code);
        var risk = report.Risks.Single(r => r.PartnerId == own.PartnerId);
        await app.Services.GetRequiredService<Database>().WriteAsync(async (db, cancel) =>
        {
            await db.Partners.Where(p => p.Id == own.PartnerId).Set(p => p.Locale, locale).UpdateAsync(cancel);
            await db.InsertAsync(Row(own.PartnerId, Start(LastDay.AddDays(1)), LastDay, risk.Findings), token: cancel);
        });
        await using var db = app.Services.GetRequiredService<Database>().Open();
        var keys = await db.Orders.Where(o => o.PartnerId == own.PartnerId && o.CustomerKey != null).Select(o => o.CustomerKey!).Distinct().ToListAsync();
        return (own.PartnerId, keys, [.. report.Figures.Partners.Where(p => p.PartnerId != own.PartnerId).Select(p => p.Code)]);
    }

    static FraudCaseRow Row(int partner, DateTimeOffset opened, DateOnly day, IReadOnlyList<SignalFinding> findings) => new()
    {
        Id = Case, PartnerId = partner, Message = Case, Status = "open", OpenedAt = opened, Day = day.DayNumber, EvidenceDay = day.DayNumber, Risk = 0.93, MoneyMinor = 123_45, NextMinor = 0, Currency = "EUR",
        Told = 1, ToldDay = day.DayNumber, ToldMinor = 123_45, ToldFamilies = "lag",
        Reasons = "short_lag", Evidence = CaseEvidence.Write(findings), HeldUntil = opened.AddDays(30),
    };
}
