using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Messages.Broadcasts;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using Ical.Net;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xunit;

namespace AffiliateSidecar.Messages;

public sealed class BroadcastTests
{
    const string Name = "*Sara* <b>\"[x](javascript:1)";

    static readonly object Mugs = new
    {
        contents = new
        {
            en = new { subject = "New mugs, {{ partner.name }}", markdown = "# Hello {{ partner.name }}\n\nYour link: [shop]({{ partner.link }})\n\n{{ kit.banner }}\n\n{{ if partner.coupon }}Coupon `{{ partner.coupon }}`{{ end }}" },
            fa = new { subject = "لیوان‌های تازه", html = "<p>سلام {{ partner.name | html.escape }} {{ partner.link }}</p>", text = "سلام {{ partner.name }}\n{{ kit.text }}" },
        },
        audience = new { group = "gold" },
    };

    [Theory, BothDatabases]
    public async Task A_broadcast_reaches_its_selection_once_each_in_his_language_and_leaves_out_who_has_left(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings());
        var sara = await PartnerAsync(app, "sara", Name);
        await PartnerAsync(app, "omid", "امید", locale: "fa-IR");
        foreach (var code in new[] { "left", "bounced", "leaving" })
            await PartnerAsync(app, code, code);
        await PartnerAsync(app, "twin", "twin", email: "Sara@partner.example");
        await PartnerAsync(app, "other", "other", group: "silver");
        await app.PostAsync($"/v1/partners/{sara}/coupons", new { code = "SARA-10" });
        await app.PostAsync("/v1/mail-stops", new { address = "left@partner.example", reason = "unsubscribed" });
        await app.PostAsync("/v1/mail-stops", new { address = "bounced@partner.example", reason = "bounced" });

        var draft = await app.PostAsync("/v1/broadcasts", Mugs);
        var path = $"/v1/broadcasts/{(string)draft["id"]!}";
        Assert.Equal(("draft", 6), ((string)draft["status"]!, (int)draft["selected"]!));
        var preview = await app.PostAsync($"{path}/preview", new { partner = sara });
        Assert.Equal($"New mugs, {Name}", (string)preview["subject"]!);
        Assert.Contains("Coupon <code>SARA-10</code>", (string)preview["html"]!, StringComparison.Ordinal);
        Assert.Contains("<h1>Hello *Sara* &lt;b&gt;&quot;[x](javascript:1)</h1>", (string)preview["html"]!, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://partners.example/r/sara\">shop</a>", (string)preview["html"]!, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://partners.example/r/sara\" rel=\"sponsored\"", (string)preview["html"]!, StringComparison.Ordinal);
        Assert.Contains($"# Hello {Name}", (string)preview["text"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("<a href", (string)preview["text"]!, StringComparison.Ordinal);
        using (var test = await app.Http.PostAsJsonAsync($"{path}/test", new { address = "me@shop.example" }))
            Assert.Equal(HttpStatusCode.Accepted, test.StatusCode);
        await app.SendUntilAsync(() => sink.Mails.Count == 1);
        Assert.Equal(["me@shop.example"], sink.Recipients);

        // One a minute: the last one has time to leave.
        await app.PutAsync(path, With(Mugs, "rate_per_minute", 1));
        var sent = await app.PostAsync($"{path}/send", new { });
        Assert.Equal(("sending", 3), ((string)sent["status"]!, (int)sent["mails"]!["queued"]!));
        await app.PostAsync("/v1/mail-stops", new { address = "leaving@partner.example", reason = "complained" });
        app.Clock.Advance(TimeSpan.FromMinutes(3));
        await app.SendUntilAsync(async () => (string)(await app.GetAsync(path))["status"]! == "sent");
        var view = await app.GetAsync(path);
        Assert.Equal("""{"queued":0,"sent":2,"unconfirmed":0,"failed":0,"left_out":[{"reason":"bounced","partners":1},{"reason":"complained","partners":1},{"reason":"same_address","partners":1},{"reason":"unsubscribed","partners":1}]}""",
            view["mails"]!.ToJsonString());
        Assert.Equal(["sara@partner.example", "omid@partner.example"], sink.Recipients.Skip(1));
        var persian = sink.Mails[2];
        Assert.Equal("لیوان‌های تازه", persian.Subject);
        Assert.Contains("dir=\"rtl\"", persian.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("سلام امید https://partners.example/r/omid", persian.HtmlBody, StringComparison.Ordinal);
        Assert.StartsWith("<https://partners.example/unsubscribe/news.fa.", persian.Headers["List-Unsubscribe"]!, StringComparison.Ordinal);
        foreach (var what in new[] { "send", "cancel" })
            using (var again = await app.Http.PostAsJsonAsync($"{path}/{what}", new { }))
                Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("sent", (string)(await app.GetAsync("/v1/broadcasts"))["data"]![0]!["status"]!);
    }

    [Theory, BothDatabases]
    public async Task It_is_sent_at_its_time_once_whoever_queues_it_and_can_be_taken_back(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        const int Many = 2_500;
        await app.Services.GetRequiredService<Database>().WriteAsync((writer, token) => writer.InsertManyAsync([.. Enumerable.Range(1, Many).Select(i => new PartnerRow
        {
            Code = $"p{i}", Name = $"P {i}", Email = $"p{i}@partner.example", SearchKey = "", Locale = "en", Status = PartnerStatus.Approved, Source = "test", CreatedAt = app.Clock.GetUtcNow(), UpdatedAt = app.Clock.GetUtcNow(),
        })], token));
        var id = (string)(await app.PostAsync("/v1/broadcasts", new { contents = new { en = new { subject = "Hello", markdown = "Hello {{ recipient }}" } } }))["id"]!;
        await app.PostAsync($"/v1/broadcasts/{id}/schedule", new { at = app.Clock.GetUtcNow().AddHours(1) });
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(0, await app.CountAsync(MailStatus.Queued));
        // The service's own turn and three others at once.
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        var run = app.Services.GetRequiredService<BroadcastRun>();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => run.RunAsync(default))));
        await OutageTests.UntilAsync(async () => await app.CountAsync(MailStatus.Queued) == Many);
        Assert.Equal(Many, (int)(await app.GetAsync($"/v1/broadcasts/{id}"))["mails"]!["queued"]!);
        var cancelled = await app.PostAsync($"/v1/broadcasts/{id}/cancel", new { });
        Assert.Equal(("cancelled", "cancelled", Many), ((string)cancelled["status"]!, (string)cancelled["mails"]!["left_out"]![0]!["reason"]!, (int)cancelled["mails"]!["left_out"]![0]!["partners"]!));

        var nobody = await app.PostAsync("/v1/broadcasts", new { contents = new { en = new { subject = "Hello", markdown = "Hello" } }, audience = new { segment = "dormant" } });
        using var refused = await app.Http.PostAsJsonAsync($"/v1/broadcasts/{(string)nobody["id"]!}/send", new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("Nobody is in this selection.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_sent_as_it_is_written_is_refused_with_its_place()
    {
        await using var app = await SidecarApp.StartAsync();
        foreach (var (content, member, sentence) in new (object, string, string)[]
        {
            (new { subject = "Hello", markdown = "Hello\n{{ partner.nmae }}" }, "en.markdown", "line 2, column 12: 'partner' has no 'nmae'. It has: code, coupon"),
            // A branch that no sample takes.
            (new { subject = "Hello", markdown = "{{ if partner.code == 'nobody' }}{{ recipiend }}{{ end }}" }, "en.markdown", "line 1, column 37: There is no 'recipiend'."),
            (new { subject = "Hello {{ if partner.coupon }}", markdown = "Hello" }, "en.subject", "line 1, column "),
            (new { subject = "Hello", html = "<p>{{ webinar.date }}</p>", text = "Hello" }, "en.html", "line 1, column 7: There is no 'webinar'."),
            (new { subject = "Hello", html = "<p>Hello</p>" }, "en.text", "needs its plain text"),
            (new { subject = "Hello", html = "<p>Hello</p>", markdown = "Hello", text = "Hello" }, "en.markdown", "either"),
            (new { subject = "Hello\r\nBcc: everybody@example.com", markdown = "Hello" }, "en.subject", "A subject is one line"),
            (new { subject = "Hello", markdown = "Hello\n\n{{ kit.links[1].name }}" }, "en.markdown", "line 3, column "),
            (new { subject = "Hello", markdown = "{{ include '../../installation.key' }}" }, "en.markdown", "line 1, column 4: "),
            (new { subject = "Hello", markdown = "{{ while true }}{{ end }}" }, "en.markdown", "line 1, column 4: "),
            (new { subject = "Hello", markdown = "{{ 1 // 0 }}" }, "en.markdown", "zero"),
            (new { subject = "Hello", markdown = "{{ t 'nothing' }}" }, "en.markdown", "has no text 'nothing'"),
        })
            await RefusedAsync(new { contents = new { en = content } }, $"contents.{member}", sentence);
        await RefusedAsync(new { contents = new { xx = new { subject = "Hello", markdown = "Hello" } } }, "contents.xx", "There are: en, fa.");
        await RefusedAsync(new { contents = new { } }, "contents", "It says nothing");
        await RefusedAsync(With(Mugs, "webinar", new { starts_at = "2026-12-01T10:00:00Z", ends_at = "2026-12-01T10:00:00Z", url = "https://meet.example/1", time_zone = "Nowhere" }), "webinar.time_zone", "There is no such time zone.");

        async Task RefusedAsync(object broadcast, string member, string sentence)
        {
            using var answer = await app.Http.PostAsJsonAsync("/v1/broadcasts", broadcast);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.UnprocessableEntity, text);
            Assert.Contains(sentence, (string?)JsonNode.Parse(text)!["errors"]![member]?[0] ?? text, StringComparison.Ordinal);
        }
    }

    [Theory, BothDatabases]
    public async Task An_invitation_is_an_entry_in_the_calendar_that_moves_and_is_removed(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings());
        await PartnerAsync(app, "sara", "Sara; \"the\", best\\");
        await PartnerAsync(app, "omid", "امید", locale: "fa");
        var webinar = new { starts_at = "2026-12-01T14:30:00Z", ends_at = "2026-12-01T15:15:00Z", url = "https://meet.example/mugs?a=1,2;b", time_zone = "Asia/Tehran" };
        const string Long = "وبینار: چگونه لیوان‌ها را در کانال خود معرفی کنیم و از هر فروش سهم ببریم";
        var id = (string)(await app.PostAsync("/v1/broadcasts", new
        {
            contents = new { en = new { subject = "Webinar: mugs, tea; and {{ partner.name }}", markdown = "On {{ webinar.date }} at {{ webinar.time }} ({{ webinar.zone }}), {{ webinar.minutes }} minutes: {{ webinar.url }}" }, fa = new { subject = Long, markdown = "{{ webinar.date }} {{ webinar.time }}" } },
            webinar,
        }))["id"]!;
        await app.PostAsync($"/v1/broadcasts/{id}/send", new { });
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        await app.PutAsync($"/v1/broadcasts/{id}/webinar", webinar with { starts_at = "2026-12-02T14:30:00Z", ends_at = "2026-12-02T15:15:00Z" });
        await app.SendUntilAsync(() => sink.Mails.Count == 4);
        using (var off = await app.Http.DeleteAsync($"/v1/broadcasts/{id}/webinar"))
            Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        await app.SendUntilAsync(() => sink.Mails.Count == 6);
        using (var again = await app.Http.DeleteAsync($"/v1/broadcasts/{id}/webinar"))
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        Assert.Contains("On 1 December 2026 at 18:00 (Asia/Tehran), 45 minutes", sink.Mails[0].TextBody, StringComparison.Ordinal);
        Assert.Contains("۱۰ آذر ۱۴۰۵ ۱۸:۰۰", sink.Mails[1].TextBody, StringComparison.Ordinal);
        Assert.StartsWith("The webinar has been moved: Webinar: mugs", sink.Mails[2].Subject, StringComparison.Ordinal);
        Assert.StartsWith("وبینار لغو شد: ", sink.Mails[5].Subject, StringComparison.Ordinal);
        Assert.Equal("<https://partners.example/unsubscribe/webinars.", sink.Mails[4].Headers["List-Unsubscribe"]![..47]);
        var events = sink.Mails.Select(Calendar).ToList();
        Assert.Single(events.Select(e => e.Event.Uid).Distinct());
        Assert.Equal([("REQUEST", 0), ("REQUEST", 0), ("REQUEST", 1), ("REQUEST", 1), ("CANCEL", 2), ("CANCEL", 2)], events.Select(e => (e.Method, e.Event.Sequence)));
        Assert.Equal((new DateTime(2026, 12, 1, 14, 30, 0, DateTimeKind.Utc), new DateTime(2026, 12, 1, 15, 15, 0, DateTimeKind.Utc)), (events[0].Event.Start!.AsUtc, events[0].Event.End!.AsUtc));
        Assert.Equal(new DateTime(2026, 12, 2, 14, 30, 0, DateTimeKind.Utc), events[2].Event.Start!.AsUtc);
        Assert.Equal("Webinar: mugs, tea; and Sara; \"the\", best\\", events[0].Event.Summary);
        Assert.Equal(Long, events[1].Event.Summary);
        Assert.Equal(("mailto:sara@partner.example", "Sara; 'the', best\\"), (events[0].Event.Attendees[0].Value!.OriginalString, events[0].Event.Attendees[0].CommonName));
        Assert.Equal(("https://meet.example/mugs?a=1,2;b", "CANCELLED"), (events[4].Event.Location, events[4].Event.Status));
    }

    /// <summary>Read by another program's hand; the file and the part of the mail are the same.</summary>
    static (string Method, Ical.Net.CalendarComponents.CalendarEvent Event) Calendar(MimeMessage mail)
    {
        var parts = mail.BodyParts.OfType<TextPart>().Where(p => p.ContentType.IsMimeType("text", "calendar")).ToList();
        Assert.Equal([false, true], parts.Select(p => p.IsAttachment));
        Assert.Equal(parts[0].Text, parts[1].Text);
        // As it is on the wire: MimeKit's own text has the line breaks of this machine.
        using var raw = new MemoryStream();
        parts[1].Content!.DecodeTo(raw);
        var text = System.Text.Encoding.UTF8.GetString(raw.ToArray());
        Assert.All(text.Split("\r\n"), line => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        var calendar = Ical.Net.Calendar.Load(text)!;
        Assert.Equal(calendar.Method, parts[0].ContentType.Parameters["method"]!);
        return (calendar.Method!, calendar.Events.Single());
    }

    [Fact]
    public async Task A_kit_has_the_partners_own_codes_and_nothing_of_his_name_is_markup()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Shops:main:Url"] = "https://www.shop.example/", ["Sidecar:Site:ServiceUrl"] = "https://partners.example/", ["Sidecar:Site:BaseUrl"] = "https://site.example/partners" });
        var sara = await PartnerAsync(app, "sara", Name);
        await app.PostAsync($"/v1/partners/{sara}/coupons", new { code = "SARA10" });
        await app.PostAsync($"/v1/partners/{sara}/links", new { path = "/product/mug/", name = "The <mug>" });
        var kit = await app.GetAsync($"/v1/partners/{sara}/kit");
        Assert.Equal("https://partners.example/r/sara", (string)kit["link"]!);
        Assert.Equal("https://site.example/partners/en/signup/?utm_source=sara&utm_medium=partner&utm_campaign=partner-program", (string)kit["recruiting_link"]!);
        Assert.Equal("https://partners.example/r/sara/product/mug/", (string)kit["links"]![0]!["url"]!);
        Assert.Contains("I buy at shop.example", (string)kit["text"]!, StringComparison.Ordinal);
        Assert.Contains("SARA10", (string)kit["banner"]!, StringComparison.Ordinal);
        Assert.Contains("https://partners.example/r/sara", (string)(await app.GetAsync($"/v1/partners/{sara}/kit?locale=fa"))["text"]!, StringComparison.Ordinal);
        var page = await app.Http.GetStringAsync($"/v1/partners/{sara}/kit?format=html");
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<mug>", page, StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task Once_a_month_partners_get_a_post_with_the_live_rates_whose_link_says_who_brought_the_new_one(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?>(sink.Settings()) { ["Sidecar:Site:BaseUrl"] = "https://partners.example/site/", ["Sidecar:Mail:MonthlyPost"] = "true" });
        await PartnerAsync(app, "sara", "Sara");
        await PartnerAsync(app, "omid", "امید", locale: "fa");
        await app.PutAsync("/v1/commission-rules", new { program = new { currency = "EUR" }, rules = new[] { new { id = "program", kind = "percent", rate = "12.5", currency = "EUR" } }, recruiting = new { rate = "7", months = 6 } });
        app.Leap(new DateTimeOffset(2026, 12, 2, 9, 0, 0, TimeSpan.Zero) - app.Clock.GetUtcNow());
        for (var turn = 0; turn < 3; turn++)
            app.Clock.Advance(TimeSpan.FromMinutes(10));
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        var english = sink.Mails[0];
        Assert.Equal("A post for this month: how to join Tea House", english.Subject);
        Assert.Contains("earn 12.5%", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("7% of what they earn", english.TextBody, StringComparison.Ordinal);
        Assert.Contains("۱۲٫۵", sink.Mails[1].HtmlBody, StringComparison.Ordinal);
        Assert.Contains("/unsubscribe/posts.fa.", sink.Mails[1].Headers["List-Unsubscribe"]!, StringComparison.Ordinal);

        var link = english.TextBody!.ReplaceLineEndings("\n").Split('\n').First(l => l.StartsWith("https://", StringComparison.Ordinal));
        Assert.Equal("https://partners.example/site/en/signup/?utm_source=sara&utm_medium=partner&utm_campaign=partner-program", link);
        using var form = new HttpRequestMessage(HttpMethod.Post, "/signup")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "Nima", ["email"] = "nima@partner.example", ["website"] = "nima.example", ["terms"] = "yes", ["locale"] = "en" }),
        };
        form.Headers.Referrer = new Uri(link);
        form.Headers.Add("Origin", "https://partners.example");
        using var signed = await app.Anonymous.SendAsync(form);
        Assert.Equal(HttpStatusCode.SeeOther, signed.StatusCode);
        var nima = (await app.GetAsync("/v1/partners?status=pending"))["data"]![0]!;
        Assert.Equal((await app.GetAsync("/v1/partners?q=sara"))["data"]![0]!["id"]!.ToJsonString(), nima["referred_by"]!.ToJsonString());
        Assert.Equal(2, sink.Mails.Count);
    }

    static async Task<string> PartnerAsync(SidecarApp app, string code, string name, string? locale = null, string? email = null, string group = "gold")
    {
        var id = (string)(await app.PostAsync("/v1/partners", new { code, name, email = email ?? $"{code}@partner.example", locale = locale ?? "en", group }))["id"]!;
        await app.PostAsync($"/v1/partners/{id}/approve", new { });
        // The mail that tells him of it is not what these tests are about.
        await using var db = app.Services.GetRequiredService<Database>().Open();
        await db.Mails.DeleteAsync();
        return id;
    }

    static JsonObject With(object body, string member, object value)
    {
        var json = System.Text.Json.JsonSerializer.SerializeToNode(body)!.AsObject();
        json[member] = System.Text.Json.JsonSerializer.SerializeToNode(value);
        return json;
    }
}
