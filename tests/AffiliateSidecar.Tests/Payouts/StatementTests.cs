using System.Net.Http.Headers;
using AffiliateSidecar.Support;
using AngleSharp.Html.Parser;
using Xunit;

namespace AffiliateSidecar.Payouts;

public sealed class StatementTests
{
    [Theory, BothDatabases]
    public async Task A_statement_goes_from_the_opening_to_the_closing_balance_order_by_order(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PayeeAsync("sara");
        await app.EarnAsync("sara", "1", 1000);
        app.Leap(TimeSpan.FromDays(2));
        await app.EarnAsync("sara", "2", 200);
        var batch = await app.PostAsync("/v1/payouts", new { });
        await app.PostAsync($"/v1/payouts/{batch["id"]}/paid", new { reference = "STMT-1" });
        await app.PostAsync("/v1/orders/main/2/refunds", new { external_id = "r1", amount = "119.00", occurred_at = "2026-11-26T10:00:00Z", lines = new[] { new { external_id = "1", amount = "100.00" } } });
        var account = (await app.GetAsync($"/v1/partners/{sara}/statement?from=2026-11-26&to=2026-11-26"))["accounts"]![0]!;
        Assert.Equal(("100.00", "-10.00"), (account["opening"].Text(), account["closing"].Text()));
        Assert.Equal([("earn", "20.00", "120.00"), ("payout", "-120.00", "0.00"), ("refund", "-10.00", "-10.00")],
            account["rows"]!.AsArray().Select(r => ((string)r!["kind"]!, r["amount"].Text(), r["balance"].Text())));
        Assert.Equal(("2", "Green tea: 10 % of 200.00 EUR"), ((string?)account["rows"]![0]!["order"], (string?)account["rows"]![0]!["lines"]![0]!["text"]));
        Assert.Contains("STMT-1", (string?)account["rows"]![1]!["text"], StringComparison.Ordinal);

        var csv = (await app.Http.GetStringAsync($"/v1/partners/{sara}/statement?from=2026-11-26&to=2026-11-26&format=csv")).TrimEnd().Split('\n');
        Assert.StartsWith("at,currency,kind,order,text,amount,balance", csv[0], StringComparison.Ordinal);
        Assert.Contains("opening", csv[1], StringComparison.Ordinal);
        // A negative amount is a number for the spreadsheet, not a text.
        Assert.EndsWith("closing,,,,-10.00", csv[^1].TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "ltr", "Statement", "€100", "−€20", "Green tea: 10 % of 1000.00 EUR")]
    // The minus stays with its number, and the currency behind both, whatever stands around them.
    [InlineData("fa", "rtl", "صورت‌حساب", "۱۰۰ یورو", "\u2066−۲۰\u2069 یورو", "پس از کالای برگشتی: Green tea")]
    public async Task The_page_speaks_the_partners_language_and_escapes_what_others_wrote(string locale, string direction, string title, string amount, string negative, string line)
    {
        await using var app = await SidecarApp.StartAsync(Db.Sqlite);
        var partner = await app.PostAsync("/v1/partners", new { code = "sara", name = "<b>Sara</b>", email = "sara@partner.example", locale });
        await app.PostAsync($"/v1/partners/{partner["id"]}/approve", new { });
        await app.EarnAsync("sara", "1", 1000);
        await app.PostAsync("/v1/orders/main/1/refunds", new { external_id = "r1", amount = "238.00", occurred_at = app.Clock.GetUtcNow(), lines = new[] { new { external_id = "1", amount = "200.00" } } });
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/partners/{partner["id"]}/statement");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var answer = await app.Http.SendAsync(request);
        var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
        Assert.Equal((direction, title), (page.DocumentElement.GetAttribute("dir"), page.QuerySelector("h1")!.TextContent));
        Assert.Empty(page.QuerySelectorAll("b"));
        foreach (var text in new[] { amount, negative, line })
            Assert.Contains(text, page.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
    }
}
