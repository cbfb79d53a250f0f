using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using Xunit;

namespace AffiliateSidecar.Site;

/// <summary>The terms say every rule, in plain words, and nothing else.</summary>
public sealed class PlainTermsTests
{
    static string Rules(string program = "", string rule = "", string more = "") => $$"""
        { "program": { "currency": "EUR", "window_days": 30, "hold_days": 29, "minimum_payout": "50" {{program}} },
          "rules": [ { "id": "program", "kind": "percent", "rate": "10", "currency": "EUR" {{rule}} } ] {{more}} }
        """;

    public static TheoryData<string> Changes =>
    [
        Rules(program: ", \"minimum_payouts\": { \"USD\": \"60\" }"), Rules(program: ", \"notice_days\": 7"), Rules(program: ", \"include_shipping\": true"), Rules(program: ", \"include_fees\": true"),
        Rules(program: ", \"customer_binding\": { \"mode\": \"off\" }"), Rules(program: ", \"customer_binding\": { \"mode\": \"life\" }"), Rules(program: ", \"customer_binding\": { \"mode\": \"months\", \"count\": 6 }"),
        Rules(program: ", \"policies\": [ { \"group\": \"gold\", \"window_days\": 61 } ]"), Rules(program: ", \"policies\": [ { \"group\": \"gold\", \"hold_days\": 3 } ]"),
        Rules(program: ", \"policies\": [ { \"group\": \"gold\", \"coupon_policy\": \"link_first\" } ]"), Rules(program: ", \"policies\": [ { \"group\": \"gold\", \"customer_binding\": { \"mode\": \"life\" } } ]"),
        Rules(rule: ", \"caps\": { \"per_order\": \"9\" }"), Rules(rule: ", \"caps\": { \"per_customer\": \"9\" }"), Rules(rule: ", \"caps\": { \"per_period\": { \"amount\": \"9\", \"period\": \"month\" } }"),
        Rules(rule: ", \"caps\": { \"per_period\": { \"amount\": \"9\", \"period\": \"month\", \"calendar\": \"jalali\" } }"), Rules(rule: ", \"tiers\": { \"period\": \"quarter\", \"steps\": [ { \"from\": \"100\", \"rate\": \"11\" } ] }"),
        Rules(rule: ", \"conditions\": { \"customer\": \"new\" }"), Rules(rule: ", \"conditions\": { \"customer\": \"returning\" }"), Rules(rule: ", \"conditions\": { \"countries\": [\"DE\"] }"),
        Rules(rule: ", \"conditions\": { \"minimum_order\": \"20\" }"), Rules(rule: ", \"conditions\": { \"coupons\": [\"TEA\"] }"), Rules(rule: ", \"conditions\": { \"first_months\": 3 }"),
        Rules(rule: ", \"scope\": { \"category\": \"tea\" }"), Rules(rule: ", \"scope\": { \"product\": \"77\" }"), Rules(rule: ", \"scope\": { \"group\": \"gold\" }"),
        Rules(rule: ", \"effective_to\": \"2027-05-01T00:00:00Z\""),
        Rules(more: ", \"recruiting\": { \"rate\": \"5\" }"), Rules(more: ", \"recruiting\": { \"rate\": \"5\", \"months\": 6 }"), Rules(more: ", \"recruiting\": { \"rate\": \"5\", \"most\": \"70\", \"currency\": \"EUR\" }"),
        Rules(more: ", \"bonuses\": [ { \"id\": \"busy\", \"net_sales\": \"500\", \"period\": \"month\", \"amount\": \"25\", \"currency\": \"EUR\" } ]"),
        Rules(more: ", \"bonuses\": [ { \"id\": \"busy\", \"orders\": 12, \"period\": \"quarter\", \"amount\": \"25\", \"currency\": \"EUR\", \"group\": \"gold\" } ]"),
    ];

    [Fact]
    public async Task Whatever_changes_in_the_rules_changes_in_the_terms_of_both_languages()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules())!);
        await app.BuildAsync();
        var seen = new HashSet<string> { await NewestAsync(app, "en"), await NewestAsync(app, "fa") };
        foreach (string change in Changes.Select(c => c.Data))
        {
            await app.PutAsync("/v1/commission-rules", JsonNode.Parse(change)!);
            if (change.Contains("notice_days", StringComparison.Ordinal))
            {
                await app.BuildAsync();
                Assert.True(seen.Add(await NewestAsync(app, "en")) && seen.Add(await NewestAsync(app, "fa")), change);
                app.Leap(TimeSpan.FromDays(8));
                await app.PutAsync("/v1/commission-rules", JsonNode.Parse(Rules(program: ", \"minimum_payouts\": { \"GBP\": \"61\" }"))!);
                app.Leap(TimeSpan.FromDays(8));
                continue;
            }
            await app.BuildAsync();
            Assert.True(seen.Add(await NewestAsync(app, "en")), $"The English terms say nothing of {change}");
            Assert.True(seen.Add(await NewestAsync(app, "fa")), $"The Persian terms say nothing of {change}");
        }
    }

    static async Task<string> NewestAsync(SidecarApp app, string language) => (await app.GetAsync("/v1/terms"))["data"]![0]!["texts"]![language]!.ToJsonString();

    [Theory]
    [InlineData("\"direct\": \"A later visit", "\"direct\": \"Pursuant to this, a later visit", "'Pursuant' is a word that nobody explains")]
    [InlineData("\"direct\": \"A later visit without a partner link", "\"direct\": \"A later visit of the same customer, be it on the same day or on some other day, from the same device or from another one, and be it typed or found, without a partner link", "a sentence of")]
    [InlineData("\"direct\": \"A later visit", "\"direct\": \"For 45 days a later visit", "the number 45 is in none of the rules")]
    public async Task Terms_that_cannot_be_understood_or_trusted_stop_the_build(string right, string wrong, string message)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "languages"));
            var english = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates/languages/en.json"));
            Assert.Contains(right, english, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, "languages/en.json"), english.Replace(right, wrong, StringComparison.Ordinal));
            await using var app = await BuiltFolder.WithTemplatesAsync(folder);
            var fault = (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync())).Message;
            Assert.Contains(message, fault, StringComparison.Ordinal);
            if (!message.Contains("number", StringComparison.Ordinal))
                Assert.Matches(@"languages/en\.json\(\d+\): terms\.credit\.direct", fault);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Terms_without_one_of_their_clauses_stop_the_build()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-templates-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "pages"));
            var terms = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates/pages/terms.html"));
            File.WriteAllText(Path.Combine(folder, "pages/terms.html"), terms.Replace("\"refund\", ", "", StringComparison.Ordinal));
            await using var app = await BuiltFolder.WithTemplatesAsync(folder);
            Assert.Contains("the clause 'refund' is missing in English", (await Assert.ThrowsAsync<PageException>(() => app.BuildAsync())).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
