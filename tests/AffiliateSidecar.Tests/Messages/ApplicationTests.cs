using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AffiliateSidecar.Site;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xunit;

namespace AffiliateSidecar.Messages.Applications;

public sealed class ApplicationTests
{
    [Theory, BothDatabases]
    public async Task Whoever_confirms_his_address_is_looked_at_and_hears_what_was_decided(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings(), services => services.AddSingleton(new SiteProbe((address, _) => IPAddress.IsLoopback(address))));
        await app.ApplyAsync("sara@mail.example", "Sara\r\nJones <b>");
        // Again on the same day: a stranger cannot make us write twice.
        await app.ApplyAsync("sara@mail.example", "Sara");
        await app.SendUntilAsync(() => sink.Mails.Count == 1);
        Assert.Equal("Confirm your application at Tea House", sink.Mails[0].Subject);
        var link = LinkIn(sink.Mails[0], "application");
        Assert.Empty(await QueueAsync(app));
        // A scanner opens the link.
        Assert.Contains("Is this your address?", await app.Anonymous.GetStringAsync(link), StringComparison.Ordinal);
        Assert.Single(await QueueAsync(app, "unconfirmed"));
        Assert.Contains("is with us", await PostAsync(app, link), StringComparison.Ordinal);
        await app.SendUntilAsync(async () => (string?)(await QueueAsync(app))[0]!["site"] == "unreachable");

        var sara = (await QueueAsync(app))[0]!;
        Assert.NotNull(sara["confirmed_at"]);
        Assert.Equal(["site_unreachable"], Kinds(sara));
        await app.ApplyAsync("tom@mailinator.com", "Tom");
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        await PostAsync(app, LinkIn(sink.Mails[1], "application"));
        var tom = (await QueueAsync(app))[1]!;
        Assert.Equal(["same_address", "disposable_email"], Kinds(tom));
        Assert.Equal((string?)sara["partner"], (string?)tom["risks"]![0]!["partners"]![0]);

        await app.PostAsync($"/v1/partners/{sara["partner"]}/approve", new { });
        await app.PostAsync($"/v1/partners/{sara["partner"]}/approve", new { });
        await app.PostAsync($"/v1/partners/{tom["partner"]}/reject", new { reason = "secret" });
        await app.SendUntilAsync(() => sink.Mails.Count == 4);
        var (welcome, refusal) = (sink.Mails.Single(m => m.Subject == "You are a partner of Tea House"), sink.Mails.Single(m => m.Subject == "Your application at Tea House"));
        Assert.Contains("https://partners.example/r/sara-jones-b", welcome.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal.TextBody, StringComparison.Ordinal);
        Assert.Contains("/r/sara-jones-b", await app.Anonymous.GetStringAsync(link), StringComparison.Ordinal);
        foreach (var forged in new[] { link[..^1], link.Replace("prt_", "prt_1", StringComparison.Ordinal), "/application/x", "/application/prt_0000000000.x" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous.GetAsync(forged)).StatusCode);
        Assert.Equal(4, sink.Mails.Count);
    }

    [Theory, BothDatabases]
    public async Task The_rule_approves_whom_nothing_speaks_against_and_pays_nobody_beyond_the_cap(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        var settings = new Dictionary<string, string?>(sink.Settings()) { ["Sidecar:Applications:AutoApprove"] = "true", ["Sidecar:Applications:Cap"] = "80" };
        await using var app = await SidecarApp.StartAsync(db, settings, services => services.AddSingleton(new SiteProbe((address, _) => IPAddress.IsLoopback(address))));
        foreach (var (name, mails) in new[] { ("sara", 1), ("tom", 3) })
        {
            await app.ApplyAsync($"{name}@mail.example", name);
            await app.SendUntilAsync(() => sink.Mails.Count == mails);
            var id = (string)(await QueueAsync(app, "unconfirmed"))[0]!["partner"]!;
            await app.Http.PatchAsJsonAsync($"/v1/partners/{id}", new { website = new Uri(app.Url, "healthz") });
            await PostAsync(app, LinkIn(sink.Mails[^1], "application"));
            await app.SendUntilAsync(async () => (string?)(await QueueAsync(app, name == "sara" ? "automatic" : null)).FirstOrDefault(a => (string?)a!["code"] == name)?["site"] == "reachable");
            if (name == "sara")
                await app.SendUntilAsync(() => sink.Mails.Count == 2);
        }
        // The second one came from the address of the first.
        Assert.Equal(["same_address"], Kinds((await QueueAsync(app)).Single()!));
        var sara = (await QueueAsync(app, "automatic")).Single()!;
        var partner = (string)sara["partner"]!;
        await app.PostAsync("/v1/adjustments", new { partner, amount = new { amount = "79.00", currency = "EUR" }, reason = "sales" });
        Assert.Equal("79.00", (string?)(await QueueAsync(app, "automatic"))[0]!["earned"]!["amount"]);
        await app.PostAsync("/v1/adjustments", new { partner, amount = new { amount = "2.00", currency = "EUR" }, reason = "sales" });
        Assert.Equal("empty", (string?)(await app.PostAsync("/v1/payouts", new { }))["status"]);
        await app.PostAsync($"/v1/partners/{partner}/approve", new { });
        Assert.Empty(await QueueAsync(app, "automatic"));
        Assert.Equal("draft", (string?)(await app.PostAsync("/v1/payouts", new { }))["status"]);
        Assert.Equal(3, sink.Mails.Count);
    }

    [Theory, BothDatabases]
    public async Task Without_a_mail_server_nobody_waits_for_a_mail_and_the_funnel_counts_every_step(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?> { ["Sidecar:Applications:LookAtSites"] = "false" });
        await app.BuildAsync();
        foreach (var agent in new[] { "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Googlebot/2.1" })
        {
            using var visit = new HttpRequestMessage(HttpMethod.Get, "/site/fa/signup/?utm_source=shop&utm_medium=order&utm_campaign=partner-program");
            visit.Headers.TryAddWithoutValidation("User-Agent", agent);
            (await app.Anonymous.SendAsync(visit)).EnsureSuccessStatusCode();
        }
        await app.ApplyAsync("", "Sara", "fa", "order", HttpStatusCode.UnprocessableEntity);
        await app.ApplyAsync("sara@mail.example", "Sara", "fa", "order");
        await app.ApplyAsync("tom@mail.example", "Tom");
        Assert.Equal([null, null], (await QueueAsync(app)).Select(a => (string?)a!["confirmed_at"]));
        var sara = (string)(await QueueAsync(app))[0]!["partner"]!;
        await app.PostAsync($"/v1/partners/{sara}/approve", new { });
        Assert.Empty((await app.GetAsync("/v1/mails"))["data"]!.AsArray());
        using (var click = new HttpRequestMessage(HttpMethod.Get, "/r/sara1"))
        {
            click.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
            var code = (string)(await app.GetAsync($"/v1/partners/{sara}"))["code"]!;
            click.RequestUri = new Uri($"/r/{code}", UriKind.Relative);
            (await app.Anonymous.SendAsync(click)).Dispose();
            await app.PutAsync("/v1/orders/main/1042", Some.Order(partner: code, placedAt: "2026-11-24T12:00:00Z"));
        }
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        JsonArray rows = [];
        await OutageTests.UntilAsync(async () => (rows = (await app.GetAsync("/v1/reports/funnel"))["rows"]!.AsArray()).Any(r => (long?)r!["visits"] == 1));
        static string Steps(JsonNode? row) => string.Join(' ', new[] { "source", "locale", "visits", "starts", "applications", "confirmed", "approved", "clicked", "sold" }.Select(m => $"{row![m]}"));
        Assert.Equal([" en 0 1 1 0 0 0 0", "order fa 1 2 1 0 1 1 1"], rows.Select(Steps).Order(StringComparer.Ordinal));
        // An applicant who is erased leaves nothing.
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync($"/v1/partners/{(await QueueAsync(app))[0]!["partner"]}")).StatusCode);
        Assert.Empty(await QueueAsync(app));
    }

    [Fact]
    public async Task No_site_of_an_applicant_leads_into_our_own_network()
    {
        await using var app = await SidecarApp.StartAsync();
        using var web = SiteProbe.OfTheWeb();
        foreach (var url in new[] { $"{app.Url}healthz", "http://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://10.0.0.1:8080/", "http://0x7f.1/", "http://93.184.215.14:22/" })
            Assert.Equal((SiteState.Unreachable, "the address lies outside the public web"), await web.LookAsync(url, default));
        foreach (var url in new[] { null, "", "javascript:alert(1)", "file:///etc/passwd", "gopher://x.example/" })
            Assert.Equal((SiteState.Unreachable, "no address of a site was given"), await web.LookAsync(url, default));
        Assert.True(PublicNetwork.Contains(IPAddress.Parse("93.184.215.14")) && PublicNetwork.Contains(IPAddress.Parse("2606:2800:21f::1")));
        // A redirect is another connection, and asked again.
        var port = app.Url.Port;
        using var own = new SiteProbe((address, p) => IPAddress.IsLoopback(address) && p == port);
        Assert.Equal((SiteState.Reachable, "status 200"), await own.LookAsync($"{app.Url}healthz", default));
        Assert.Equal(SiteState.Unreachable, (await own.LookAsync($"{app.Url}nothing", default)).State);
        var partner = await app.PartnerAsync("sara");
        Assert.Equal(SiteState.Unreachable, (await own.LookAsync($"{app.Url}r/{partner["code"]}", default)).State);
    }

    internal static string LinkIn(MimeMessage mail, string path) => new Uri(Regex.Match(mail.TextBody!, $@"https://partners\.example/{path}/\S+").Value).AbsolutePath;

    static string[] Kinds(JsonNode application) => [.. application["risks"]!.AsArray().Select(r => (string)r!["kind"]!)];

    static async Task<JsonArray> QueueAsync(SidecarApp app, string? state = null) => (await app.GetAsync("/v1/applications" + (state is null ? "" : $"?state={state}")))["data"]!.AsArray();

    static async Task<string> PostAsync(SidecarApp app, string link)
    {
        using var answer = await app.Anonymous.PostAsync(link, new FormUrlEncodedContent([]));
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }
}

/// <summary>Somebody who fills the form in.</summary>
static class ApplyingApp
{
    public static async Task ApplyAsync(this SidecarApp app, string email, string name, string locale = "en", string source = "", HttpStatusCode expected = HttpStatusCode.SeeOther)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["name"] = name, ["email"] = email, ["website"] = "blog.invalid", ["terms"] = "yes", ["locale"] = locale, ["source"] = source,
        });
        using var answer = await app.Anonymous.PostAsync("/signup", form);
        Assert.Equal(expected, answer.StatusCode);
    }
}
