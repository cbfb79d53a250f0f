using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Support;
using MimeKit;
using Xunit;

namespace AffiliateSidecar.Messages.Threads;

public sealed class ThreadTests
{
    [Theory, BothDatabases]
    public async Task A_talk_goes_both_ways_by_mail_and_on_its_page(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, Settings(sink));
        var sara = await app.PartnerAsync("sara");
        await app.SendUntilAsync(() => sink.Mails.Count == 1);
        var started = await app.PostAsync("/v1/threads", new { partner = (string)sara["id"]!, subject = "Your page\r\nBcc: x@y.example", text = "Shall we send pictures?\n\nThe tea house" });
        var id = (string)started["thread"]!["id"]!;
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        var question = sink.Mails[1];
        Assert.Equal(("Your page Bcc: x@y.example", null), (question.Subject, question.Headers["Bcc"]));
        var reply = question.ReplyTo.Mailboxes.Single().Address;
        Assert.Matches(@"^replies\+[0-9a-v]{23}@shop\.example$", reply);

        var answer = Answer(question, reply.ToUpperInvariant(), "Yes, please!\n\nOn Tue, 24 Nov 2026 at 13:00, Tea House <partners@shop.example>\nwrote:\n> Shall we send pictures?\n", "me@home.example", ("page.png", "image/png", 5), ("run.exe", "application/octet-stream", 5), ("big.pdf", "application/pdf", 3_000_000));
        Assert.Equal("stored", (string?)(await TakeAsync(app, answer))["status"]);
        Assert.Equal("duplicate", (string?)(await TakeAsync(app, answer))["status"]);
        app.Clock.Advance(TimeSpan.FromHours(1));
        var waiting = (await app.GetAsync("/v1/threads?waiting=true"))["data"]!.AsArray().Single()!;
        Assert.Equal((id, "sara"), ((string)waiting["id"]!, (string)waiting["partner_code"]!));
        Assert.Equal(((string?)waiting["waiting_since"], 1), ((string?)(await app.GetAsync("/v1/reports/capacity"))["oldest_message"], (int)(await app.GetAsync("/v1/reports/capacity"))["open_threads"]!));
        var said = (await app.GetAsync($"/v1/threads/{id}"))["messages"]![1]!;
        Assert.Equal(("partner", "mail", "Yes, please!", "me@home.example"), ((string?)said["origin"], (string?)said["channel"], (string?)said["text"], (string?)said["sender"]));
        Assert.Equal("run.exe: a application/octet-stream is not kept; big.pdf: larger than 2 MiB", (string?)said["left_out"]);
        using (var file = await app.Http.GetAsync($"/v1/threads/{id}/files/{said["files"]![0]!["id"]}"))
            Assert.Equal((5, "attachment; filename=page.png; filename*=UTF-8''page.png"), ((await file.Content.ReadAsByteArrayAsync()).Length, file.Content.Headers.ContentDisposition!.ToString()));

        // The owner is told, and answers on the page that this mail links to; a scanner that opens it says nothing.
        await app.SendUntilAsync(() => sink.Mails.Count == 3);
        Assert.Equal(("sara: Your page Bcc: x@y.example", "me@owner.example"), (sink.Mails[2].Subject, sink.Recipients[2]));
        var (own, page) = (ApplicationTests.LinkIn(sink.Mails[2], "thread"), ApplicationTests.LinkIn(question, "thread"));
        Assert.Contains("Yes, please!", await app.Anonymous.GetStringAsync(own), StringComparison.Ordinal);
        await SayAsync(app, own, "They are on their way. <b>");
        await app.SendUntilAsync(() => sink.Mails.Count == 4);
        Assert.Equal((answer.MessageId, "sara@partner.example"), (sink.Mails[3].InReplyTo, sink.Recipients[3]));
        Assert.Empty((await app.GetAsync("/v1/threads?waiting=true"))["data"]!.AsArray());
        Assert.Contains("on their way. &lt;b&gt;", await app.Anonymous.GetStringAsync(page), StringComparison.Ordinal);
        await SayAsync(app, page, "Thank you");
        await app.SendUntilAsync(() => sink.Mails.Count == 5);
        await SayAsync(app, page, "", ("wish", "close"));
        Assert.Single((await app.GetAsync($"/v1/threads?waiting=true&partner={sara["id"]}"))["data"]!.AsArray());
        await SayAsync(app, own, "", ("wish", "close"));
        Assert.Empty((await app.GetAsync("/v1/threads?waiting=true"))["data"]!.AsArray());
        Assert.Equal(["owner", "partner", "owner", "partner"], (await app.GetAsync($"/v1/threads/{id}"))["messages"]!.AsArray().Select(m => (string?)m!["origin"]));
        foreach (var forged in new[] { own[..^1], page.Replace(".partner.", ".owner.", StringComparison.Ordinal), "/thread/x" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous.GetAsync(forged)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Http.DeleteAsync($"/v1/partners/{sara["id"]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"/v1/threads/{id}")).StatusCode);
    }

    [Fact]
    public async Task Forged_machine_written_and_oversized_answers_are_told_apart()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Threads:Address"] = "replies@shop.example" });
        var sara = await app.PartnerAsync("sara");
        var started = await app.PostAsync("/v1/threads", new { partner = (string)sara["id"]!, subject = "Hello", text = "Hello" });
        var address = ((ReplyAddress)app.Services.GetService(typeof(ReplyAddress))!).Of(1)!;
        async Task<(int Status, string Text)> SendAsync(MimeMessage mail, string query = "")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/inbound-mails" + query) { Content = Raw(mail) };
            // Else the server has answered and closed the connection before all of it is sent.
            request.Headers.ExpectContinue = true;
            using var answer = await app.Http.SendAsync(request);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        var forged = address.Replace("replies+0000000", "replies+0000001", StringComparison.Ordinal);
        foreach (var made in new[] { address.Replace("@", "0@", StringComparison.Ordinal), "replies+x@shop.example", forged[..^14] + "v@shop.example" })
            Assert.Equal(422, (await SendAsync(Answer(null, made, "x"))).Status);
        Assert.Contains("\"ignored\"", (await SendAsync(Answer(null, "replies@shop.example", "x"))).Text, StringComparison.Ordinal);
        foreach (var (name, value) in new[] { ("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("Return-Path", "<>") })
        {
            var machine = Answer(null, address, "I am out of office");
            machine.Headers.Add(name, value);
            Assert.Contains("A machine has written it.", (await SendAsync(machine)).Text, StringComparison.Ordinal);
        }
        var (status, text) = await SendAsync(Answer(null, address, new string('x', 10 * 1024 * 1024)));
        Assert.Equal(413, status);
        Assert.Contains("at most 10485760 bytes", text, StringComparison.Ordinal);
        // A service that knows the recipient alone, and posts a form; a mail in HTML alone.
        var html = Answer(null, "somebody@shop.example", "");
        html.Body = new TextPart("html") { Text = "<p>Gerne!<br>Sara</p><div class=\"gmail_quote\">Am 24. November schrieb Tea House:<blockquote>Hello</blockquote></div><script>x</script>" };
        using var form = new MultipartFormDataContent { { Raw(html), "email", "mail.eml" } };
        using (var answer = await app.Http.PostAsync($"/v1/inbound-mails?recipient={Uri.EscapeDataString(address)}", form))
            Assert.Contains("\"stored\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var messages = (await app.GetAsync($"/v1/threads/{started["thread"]!["id"]}"))["messages"]!.AsArray();
        Assert.Equal(["Hello", "Gerne!\nSara"], messages.Select(m => (string?)m!["text"]));
        using var keyless = Raw(Answer(null, address, "x"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Anonymous.PostAsync("/v1/inbound-mails", keyless)).StatusCode);
    }

    [Theory]
    [InlineData("Yes.\n\nAm Di., 24. Nov. 2026 um 13:00 Uhr schrieb Tea House <partners@shop.example>:\n> Hello", "Yes.")]
    [InlineData("بله\n\nدر تاریخ سه‌شنبه ۳ آذر ۱۴۰۵ ساعت ۱۳:۰۰، فروشگاه نوشت:\n> سلام", "بله")]
    [InlineData("Yes.\n\n-----Original Message-----\nFrom: Tea House\nSent: Tuesday\n\nHello", "Yes.")]
    [InlineData("Yes.\n________________________________\nFrom: Tea House\nSent: Tuesday\nHello", "Yes.")]
    [InlineData("Yes.\n\nFrom: Tea House\nSent: Tuesday, 24 November\nTo: Sara\n\nHello", "Yes.")]
    [InlineData("Yes.\n-- \nSara\nhttps://sara.example", "Yes.")]
    [InlineData("On Tuesday 24.11.2026, Tea House wrote:\n> Pictures?\nYes.\n> Coupons?\nNo.", "On Tuesday 24.11.2026, Tea House wrote:\n> Pictures?\nYes.\n> Coupons?\nNo.")]
    [InlineData("I wrote:\nno quotation at all", "I wrote:\nno quotation at all")]
    [InlineData("> Hello", "")]
    public void The_quotation_is_left_out(string mail, string said) => Assert.Equal(said, ReplyText.Trim(mail));

    internal static Dictionary<string, string?> Settings(MailSink sink) => new(sink.Settings()) { ["Sidecar:Threads:Address"] = "replies@shop.example", ["Sidecar:Threads:Owner"] = "me@owner.example" };

    internal static MimeMessage Answer(MimeMessage? to, string address, string text, string from = "sara@partner.example", params (string Name, string Type, int Size)[] files)
    {
        var body = new BodyBuilder { TextBody = text };
        foreach (var (name, type, size) in files)
            body.Attachments.Add(name, new byte[size], ContentType.Parse(type));
        var mail = new MimeMessage { Subject = "Re: " + to?.Subject, Body = body.ToMessageBody() };
        mail.From.Add(new MailboxAddress("Sara", from));
        mail.To.Add(new MailboxAddress("", address));
        return mail;
    }

    static StreamContent Raw(MimeMessage mail)
    {
        var stream = new MemoryStream();
        mail.WriteTo(stream);
        stream.Position = 0;
        var content = new StreamContent(stream);
        content.Headers.ContentType = new("message/rfc822");
        return content;
    }

    static async Task<JsonObject> TakeAsync(SidecarApp app, MimeMessage mail)
    {
        using var content = Raw(mail);
        using var answer = await app.Http.PostAsync("/v1/inbound-mails", content);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    static async Task SayAsync(SidecarApp app, string link, string text, params (string, string)[] more)
    {
        using var form = new FormUrlEncodedContent(more.Append(("text", text)).Select(f => KeyValuePair.Create(f.Item1, f.Item2)));
        using var answer = await app.Anonymous.PostAsync(link, form);
        Assert.Equal((HttpStatusCode.SeeOther, link), (answer.StatusCode, answer.Headers.Location!.OriginalString));
    }
}
