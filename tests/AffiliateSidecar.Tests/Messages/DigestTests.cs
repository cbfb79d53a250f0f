using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Messages.Digest;

public sealed partial class DigestTests
{
    [Theory, BothDatabases]
    public async Task Three_decisions_a_week_act_by_a_button_and_can_be_taken_back_for_a_day(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?>(ThreadTests.Settings(sink)) { ["Sidecar:Applications:LookAtSites"] = "false" });
        var (sara, tom) = (await app.PartnerAsync("sara"), (await app.PostAsync("/v1/partners", new { code = "tom", name = "Tom", email = "tom@partner.example" }))["id"]!);
        foreach (var partner in new[] { sara["id"]! })
            await app.PostAsync("/v1/adjustments", new { partner = (string)partner!, amount = new { amount = "300.00", currency = "EUR" }, reason = "sales" });
        var alert = await app.AlertAsync((string)sara["id"]!);
        await app.PostAsync("/v1/threads", new { partner = (string)sara["id"]!, subject = "Hello", text = "Hello" });
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        var page = ApplicationTests.LinkIn(sink.Mails.Single(m => m.Subject == "Hello"), "thread");
        await PostAsync(app, page, "text", "A question");
        await new PresenceReport { CheckedAt = app.Clock.GetUtcNow(), Statuses = new Dictionary<string, int>(), Checks = [new("signup", "https://x.example/", false, "status 404", "the page", "Build the site.")] }
            .KeepAsync(app.Services.GetRequiredService<Database>(), default);

        var first = await app.GetAsync("/v1/digest");
        var decisions = first["decisions"]!.AsArray();
        Assert.Equal(first.ToJsonString(), (await app.GetAsync("/v1/digest")).ToJsonString());
        Assert.Equal(["sales", "commissions", "new_customers", "clicks", "applications"], first["numbers"]!.AsArray().Select(n => (string?)n!["name"]));
        Assert.Equal(3, decisions.Count);
        Assert.Equal(["fraud", "payout"], decisions.Take(2).Select(d => (string?)d!["kind"]).Order(StringComparer.Ordinal));
        Assert.Equal("300.00", (string?)decisions.Single(d => (string?)d!["kind"] == "payout")!["money"]!["amount"]);
        Assert.StartsWith("Suspicion: Orders seconds after the click; risk 90%.", (string?)decisions.Single(d => (string?)d!["kind"] == "fraud")!["why"], StringComparison.Ordinal);

        // Each answer, and back again. A page that is opened changes nothing.
        async Task<string> LinkAsync(string kind) => new Uri((string)(await app.GetAsync("/v1/digest"))["decisions"]!.AsArray().Single(d => (string?)d!["kind"] == kind)!["link"]!).AbsolutePath;
        var payout = await LinkAsync("payout");
        Assert.Contains("Pay €300 to 1 partner?", await app.Anonymous.GetStringAsync(payout), StringComparison.Ordinal);
        Assert.Empty((await app.GetAsync("/v1/payouts"))["data"]!.AsArray());
        await PostAsync(app, payout, "wish", "create");
        await PostAsync(app, payout, "wish", "create");
        Assert.Equal("draft", (string?)(await app.GetAsync("/v1/payouts"))["data"]!.AsArray().Single()!["status"]);
        Assert.Contains("Take it back", await app.Anonymous.GetStringAsync(payout), StringComparison.Ordinal);
        Assert.DoesNotContain("payout", await KindsAsync(app));
        await PostAsync(app, payout, "wish", "undo");
        Assert.Equal("cancelled", (string?)(await app.GetAsync("/v1/payouts"))["data"]!.AsArray().Single()!["status"]);
        await PostAsync(app, payout, "wish", "create");

        var fraud = await LinkAsync("fraud");
        await PostAsync(app, fraud, "wish", "hold");
        Assert.Equal("hold", (string?)(await app.GetAsync($"/v1/fraud/alerts/{alert}"))["action"]);
        await PostAsync(app, fraud, "wish", "undo");
        Assert.Equal("open", (string?)(await app.GetAsync($"/v1/fraud/alerts/{alert}"))["status"]);
        await PostAsync(app, fraud, "wish", "later");

        Assert.Equal(["application", "presence", "thread"], (await KindsAsync(app)).Order(StringComparer.Ordinal));
        var (application, thread) = (await LinkAsync("application"), await LinkAsync("thread"));
        await PostAsync(app, await LinkAsync("presence"), "wish", "seen");
        await PostAsync(app, thread, "wish", "close");
        Assert.Empty((await app.GetAsync("/v1/threads?waiting=true"))["data"]!.AsArray());
        await PostAsync(app, thread, "wish", "undo");
        Assert.Single((await app.GetAsync("/v1/threads?waiting=true"))["data"]!.AsArray());
        await PostAsync(app, application, "wish", "approve");
        Assert.Equal("approved", (string?)(await app.GetAsync($"/v1/partners/{tom}"))["status"]);
        await PostAsync(app, application, "wish", "undo");
        Assert.Equal("pending", (string?)(await app.GetAsync($"/v1/partners/{tom}"))["status"]);
        await PostAsync(app, application, "wish", "reject");
        await PostAsync(app, application, "wish", "nonsense");
        // The refusal leaves when it cannot be taken back any more, and the approval that was taken back never does.
        app.Leap(WeeklyDigest.UndoTime + TimeSpan.FromMinutes(2));
        await app.SendUntilAsync(() => sink.Mails.Any(m => m.To.Mailboxes.Single().Address == "tom@partner.example"));
        Assert.Equal("Your application at Tea House", sink.Mails.Single(m => m.To.Mailboxes.Single().Address == "tom@partner.example").Subject);
        await PostAsync(app, application, "wish", "undo", HttpStatusCode.Conflict);
        foreach (var forged in new[] { payout[..^1], payout.Replace("payout", "fraud", StringComparison.Ordinal), "/decision/x" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous.GetAsync(forged)).StatusCode);
    }

    [Theory]
    [InlineData("en", "The week of the partner program", "Take Tom (no site) into the program?", "24 November 2026", "Approve")]
    [InlineData("fa", "هفتهٔ برنامهٔ همکاری", "\u2068Tom\u2069 (بدون سایت) را در برنامه بپذیریم؟", "۳ آذر ۱۴۰۵", "پذیرفتن")]
    public async Task The_digest_comes_on_Monday_morning_once_in_the_language_of_the_owner(string locale, string subject, string title, string since, string answer)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>(ThreadTests.Settings(sink)) { ["Sidecar:Threads:OwnerLocale"] = locale });
        await app.PostAsync("/v1/partners", new { code = "tom", name = "Tom", email = "tom@partner.example" });
        // Tuesday noon; Monday five o'clock.
        app.Leap(TimeSpan.FromHours(5 * 24 + 17));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        app.Leap(TimeSpan.FromHours(1));
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.SendUntilAsync(() => sink.Mails.Count == 1);
        Assert.Equal((subject, "me@owner.example"), (sink.Mails[0].Subject, sink.Recipients[0]));
        foreach (var part in new[] { title, since, answer })
            Assert.Contains(part, sink.Mails[0].TextBody, StringComparison.Ordinal);
        Assert.Contains($">{answer}</button>", await app.Anonymous.GetStringAsync(ApplicationTests.LinkIn(sink.Mails[0], "decision")), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromHours(2));
        await using var db = app.Services.GetRequiredService<Database>().Open();
        Assert.Equal(1, await db.Mails.CountAsync());
        // Warm, as a server is; the promise is 100 ms.
        await app.GetAsync("/v1/digest");
        var watch = Stopwatch.StartNew();
        await app.GetAsync("/v1/digest");
        Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
    }

    static async Task<IReadOnlyList<string?>> KindsAsync(SidecarApp app) => [.. (await app.GetAsync("/v1/digest"))["decisions"]!.AsArray().Select(d => (string?)d!["kind"])];

    static async Task PostAsync(SidecarApp app, string link, string field, string value, HttpStatusCode expected = HttpStatusCode.SeeOther)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create(field, value)]);
        using var answer = await app.Anonymous.PostAsync(link, form);
        Assert.Equal(expected, answer.StatusCode);
    }

    /// <summary>A plugin's may have none; ours are not shown as codes.</summary>
    [Theory]
    [InlineData("en")]
    [InlineData("fa")]
    public async Task Every_kind_of_suspicion_and_every_cause_has_words(string locale)
    {
        await using var app = Program.Build(new Dictionary<string, string?>());
        var texts = Language.Parse(locale, locale, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "templates", "languages", $"{locale}.json"))).Texts;
        var families = app.Services.GetServices<IFraudSignal>().Select(s => s.Family).Distinct().ToList();
        Assert.True(families.Count > 20);
        Assert.All(families, f => Assert.Contains($"evidence.families.{f}", texts.Keys));
        var source = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src", "AffiliateSidecar", "Shops", "Drift", "DriftCause.cs"));
        var causes = CauseInSource().Matches(source).Select(m => m.Groups[1].Value).Concat([WebhookProblem.Missing, WebhookProblem.Disabled, WebhookProblem.TopicMissing, WebhookProblem.UrlRefused,
            WebhookProblem.Failing, WebhookProblem.Waiting]).Distinct().ToList();
        Assert.True(causes.Count > 15);
        Assert.All(causes, c => Assert.Contains($"decisions.drift.causes.{c}", texts.Keys));
    }

    [GeneratedRegex("\"([a-z]+(?:-[a-z]+)+)\"")]
    private static partial Regex CauseInSource();
}
