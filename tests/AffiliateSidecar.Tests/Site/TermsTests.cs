using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed partial class TermsTests
{
    const string Rules = """
        { "program": { "currency": "EUR", "window_days": 30, "attribution_model": "last", "coupon_policy": "coupon_first", "hold_days": 30, "minimum_payout": "50" },
          "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }
        """;

    [Theory]
    [InlineData("program", "currency", "\"USD\"")]
    [InlineData("program", "window_days", "31")]
    [InlineData("program", "attribution_model", "\"first\"")]
    [InlineData("program", "coupon_policy", "\"link_first\"")]
    [InlineData("program", "coupon_policy", "\"link_required\"")]
    [InlineData("program", "hold_days", "29")]
    [InlineData("program", "minimum_payout", "\"51\"")]
    [InlineData("rules", "rate", "\"10.5\"")]
    [InlineData("rules", "id", "\"autumn\"")]
    [InlineData("rules", "effective_from", "\"2026-11-01T00:00:00Z\"")]
    public async Task Whatever_changes_in_the_rules_changes_in_the_terms(string part, string member, string value)
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules)!);
        var before = await TermsAsync(app);
        var changed = JsonNode.Parse(Rules)!;
        (part == "program" ? changed["program"]! : changed["rules"]![0]!)[member] = JsonNode.Parse(value);
        await app.PutAsync("/v1/commission-rules", changed);
        var after = await TermsAsync(app);
        Assert.NotEqual(before.English, after.English);
        Assert.NotEqual(before.Persian, after.Persian);
    }

    [Fact]
    public async Task Own_orders_earn_what_the_terms_say_of_them()
    {
        await using var app = await SidecarApp.StartAsync();
        var refused = await TermsAsync(app);
        await using var generous = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Fraud:OwnPurchases"] = "true" });
        var paid = await TermsAsync(generous);
        Assert.Contains("Your own orders earn nothing", refused.English, StringComparison.Ordinal);
        Assert.Contains("Your own orders earn like all others", paid.English, StringComparison.Ordinal);
        Assert.Contains("سفارش خود شما، با ایمیل شما، سهم ندارد", refused.Persian, StringComparison.Ordinal);
        Assert.Contains("سفارش خود شما هم مانند بقیه سهم دارد", paid.Persian, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_promises_a_time_that_is_not_in_the_rules()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "window_days": 41, "hold_days": 17 }, "rules": [ { "id": "program", "kind": "percent", "rate": "10" } ] }
            """)!);
        var folder = await app.BuildAsync();
        foreach (var file in OutputFolder.Files(folder).Where(f => f.EndsWith("index.html", StringComparison.Ordinal)))
            Assert.All(Days().Matches(BuiltFolder.Page(folder, file).Body!.TextContent), days => Assert.Contains(days.Groups[1].Value, "41 17 ۴۱ ۱۷".Split(' ')));
    }

    [GeneratedRegex("([0-9۰-۹]+) (?:days?|روز)")]
    private static partial Regex Days();

    [Fact]
    public async Task The_example_is_computed_by_the_engine_that_pays()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules.Replace("\"10\"", "\"7.5\"", StringComparison.Ordinal))!);
        var terms = await TermsAsync(app);
        Assert.Contains("goods worth €40 are sent back. Then €4.50 of €7.50 stays yours.", terms.English, StringComparison.Ordinal);
        Assert.Contains("۴٫۵۰ یورو از ۷٫۵۰ یورو", terms.Persian, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fixed_amount_is_said_as_what_it_is_in_the_money_of_the_shop()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "currency": "IRT", "minimum_payout": "500000" }, "rules": [ { "id": "program", "kind": "fixed", "rate": "45000", "currency": "IRT" } ] }
            """)!);
        var terms = await TermsAsync(app);
        Assert.Contains("You earn 45,000 toman for each order", terms.English, StringComparison.Ordinal);
        Assert.Contains("۴۵٬۰۰۰ تومان برای هر سفارش", terms.Persian, StringComparison.Ordinal);
        Assert.Contains("1,000,000 toman", terms.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_rule_is_listed_with_its_scope_conditions_and_limits_in_words()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse("""
            { "program": { "include_shipping": true, "customer_binding": { "mode": "months", "count": 12 }, "policies": [ { "group": "gold", "window_days": 60 } ] },
              "rules": [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR",
                           "tiers": { "period": "month", "calendar": "jalali", "steps": [ { "from": "1000", "rate": "12" } ] } },
                         { "id": "mugs", "kind": "fixed", "per": "item", "rate": "2", "currency": "EUR", "scope": { "category": "mugs", "partner": "sara" }, "effective_to": "2027-01-01T00:00:00Z",
                           "conditions": { "customer": "new", "countries": ["DE", "AT"], "minimum_order": "50", "coupons": ["TEA"], "first_months": 3 },
                           "caps": { "per_order": "20", "per_customer": "30", "per_period": { "amount": "500", "period": "quarter" } } } ] }
            """)!);
        var terms = await TermsAsync(app);
        Assert.Contains("€2 for each piece, in the category mugs, for one partner, as agreed with him, for new customers, for customers in DE or AT, for orders of at least €50, "
            + "for orders with the coupon TEA, from a customer's first order on for 3 months, at most €20 for an order, at most €30 for a customer, at most €500 in a calendar quarter "
            + "until before 1 January 2027", terms.English, StringComparison.Ordinal);
        Assert.Contains("10% of the net price of the goods, 12% for orders after your approved sales in a month of the Persian calendar have reached €1,000", terms.English, StringComparison.Ordinal);
        Assert.Contains("60 days for partners of the group gold", terms.English, StringComparison.Ordinal);
        Assert.Contains("stays yours for 12 months", terms.English, StringComparison.Ordinal);
        Assert.Contains("Shipping counts like goods", terms.English, StringComparison.Ordinal);
        Assert.DoesNotContain("sara", terms.English, StringComparison.Ordinal);
        Assert.Contains("۲ یورو برای هر عدد کالا، در دستهٔ mugs", terms.Persian, StringComparison.Ordinal);
        Assert.Contains("حداکثر ۵۰۰ یورو در یک فصل میلادی تا پیش از ۱۱ دی ۱۴۰۵", terms.Persian, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_carry_their_version_and_day_and_Persian_pages_write_Persian_digits_only()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules)!);
        var folder = await app.BuildAsync();
        var stamp = BuiltFolder.Page(folder, "fa/terms/index.html").QuerySelector(".stamp")!;
        Assert.Equal("نسخهٔ ۱ · ۳ آذر ۱۴۰۵", stamp.TextContent);
        Assert.Equal("2026-11-24", stamp.QuerySelector("time")!.GetAttribute("datetime"));
        Assert.Equal("Version 1 · 24 November 2026", BuiltFolder.Page(folder, "en/terms/index.html").QuerySelector(".stamp")!.TextContent);
        foreach (var file in OutputFolder.Files(Path.Combine(folder, "fa")))
        {
            var page = BuiltFolder.Page(folder, "fa/" + file);
            page.QuerySelector("body script")?.Remove();
            Assert.DoesNotMatch("[0-9٠-٩يك]", page.Body!.TextContent);
        }
    }

    [BothDatabases]
    [Theory]
    public async Task A_change_of_rights_is_a_version_with_its_day_that_partners_are_told_and_commissions_point_to(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await app.BuildAsync();
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        app.Leap(TimeSpan.FromDays(2));
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules.Replace("\"10\"", "\"12\"", StringComparison.Ordinal))!);
        var folder = await app.BuildAsync();
        await app.BuildAsync();
        await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "sara"));

        var terms = (await app.GetAsync("/v1/terms"))["data"]!.AsArray();
        Assert.Equal([(2, 1, 1), (1, 0, 0)], terms.Select(t => ((int)t!["version"]!, (int)t["rule_version"]!, (int)t["notices"]!)));
        Assert.Equal("2026-11-26T12:00:00Z", (string?)terms[0]!["effective_at"]);
        var commissions = (await app.GetAsync("/v1/commissions"))["data"]!.AsArray();
        Assert.Equal([2, 1], commissions.Select(c => (int)c!["terms_version"]!));

        var page = BuiltFolder.Page(folder, "en/terms/2/index.html");
        Assert.Contains("10%", page.QuerySelectorAll("del").Select(d => d.TextContent));
        Assert.Contains("12%", page.QuerySelectorAll("ins").Select(d => d.TextContent));
        Assert.Contains("۱۲٪", BuiltFolder.Page(folder, "fa/terms/2/index.html").QuerySelectorAll("ins").Select(d => d.TextContent));
        Assert.Empty(BuiltFolder.Page(folder, "en/terms/1/index.html").QuerySelectorAll("del,ins"));
        Assert.Equal(["../../en/terms/2/", "../../en/terms/1/"], BuiltFolder.Page(folder, "en/terms-history/index.html").QuerySelectorAll("main li a").Select(a => a.GetAttribute("href")));
        Assert.Empty(SiteAudit.Check(folder));
    }

    [BothDatabases]
    [Theory]
    public async Task Rules_with_a_notice_are_told_before_they_apply(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules.Replace("\"hold_days\"", "\"notice_days\": 14, \"hold_days\"", StringComparison.Ordinal))!);
        var before = await TermsAsync(app);
        Assert.Contains("We tell you 14 days before a change", before.English, StringComparison.Ordinal);
        var put = await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules.Replace("\"10\"", "\"5\"", StringComparison.Ordinal))!);
        Assert.Equal("2026-12-08T12:00:00Z", (string?)put["applies_at"]);
        Assert.Equal(1, (int)(await app.GetAsync("/v1/commission-rules"))["version"]!);

        var folder = await app.BuildAsync();
        var page = BuiltFolder.Page(folder, "en/terms/index.html");
        Assert.Contains("10%", page.QuerySelector(".key")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("will be in force from 8 December 2026", page.QuerySelector(".stamp")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("../../en/terms/2/", page.QuerySelectorAll(".stamp a")[^1].GetAttribute("href"));
        Assert.Equal((2, 1), ((int)(await app.GetAsync("/v1/terms"))["data"]![0]!["version"]!, (int)(await app.GetAsync("/v1/terms"))["data"]![0]!["notices"]!));

        app.Leap(TimeSpan.FromDays(15));
        Assert.Equal(2, (int)(await app.GetAsync("/v1/commission-rules"))["version"]!);
        folder = await app.BuildAsync();
        Assert.Equal("Version 2 · 8 December 2026", BuiltFolder.Page(folder, "en/terms/index.html").QuerySelector(".stamp")!.TextContent);
        Assert.Equal(2, (await app.GetAsync("/v1/terms"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Partners_are_told_of_new_terms_by_mail_in_their_language_also_where_the_rules_are_the_same()
    {
        await using var sink = await MailSink.StartAsync();
        var settings = new Dictionary<string, string?>(sink.Settings()) { ["Sidecar:Site:BaseUrl"] = "https://partners.example/site/" };
        await using var app = await SidecarApp.StartAsync(settings: settings);
        await app.PartnerAsync("sara");
        var omid = await app.PostAsync("/v1/partners", new { code = "omid", name = "امید", email = "omid@partner.example", locale = "fa" });
        await app.PostAsync($"/v1/partners/{omid["id"]}/approve", new { });
        await app.BuildAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules.Replace("\"10\"", "\"12\"", StringComparison.Ordinal))!);
        await app.BuildAsync();
        await app.SendUntilAsync(() => sink.Mails.Count == 4);
        var (english, persian) = (sink.Mails.Single(m => m.Subject == "The terms of Tea House change"), sink.Mails.Single(m => m.Subject == "شرایط همکاری Tea House تغییر می‌کند"));
        Assert.Contains("24 November 2026", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("https://partners.example/site/en/terms/2/", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("۳ آذر ۱۴۰۵", persian.TextBody, StringComparison.Ordinal);
        Assert.Equal((2, 2), ((int)(await app.GetAsync("/v1/terms"))["data"]![0]!["notices"]!, (int)(await app.GetAsync("/v1/terms"))["data"]![0]!["notices_sent"]!));

        // What partners buy themselves earns from now on, by the same rules.
        await using var other = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>(settings) { ["Sidecar:Fraud:OwnPurchases"] = "true", ["ConnectionStrings:Sidecar"] = app.Services.GetRequiredService<Database>().ConnectionString });
        await other.BuildAsync();
        var newest = (await other.GetAsync("/v1/terms"))["data"]![0]!;
        Assert.Equal((3, 2), ((int)newest["version"]!, (int)newest["notices"]!));
    }

    static async Task<(string English, string Persian)> TermsAsync(SidecarApp app)
    {
        var folder = await app.BuildAsync();
        return (Text("en"), Text("fa"));

        string Text(string language)
        {
            var page = BuiltFolder.Page(folder, $"{language}/terms/index.html");
            page.QuerySelector(".stamp")!.Remove();
            return page.QuerySelector("main")!.TextContent;
        }
    }
}
