using System.Net;
using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Xunit;

namespace AffiliateSidecar.Messages;

public sealed class MailTests
{
    [Theory, BothDatabases]
    public async Task A_mail_leaves_once_in_the_language_of_its_reader_and_nobody_writes_into_its_head(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings());
        var letter = Some("sara@partner.example") with { Name = "سارا\r\nBcc: everybody@example.com\r\n\r\n<b>", Locale = "fa-IR", Topic = MailTopic.News };
        Assert.True(await app.QueueAsync(letter));
        Assert.False(await app.QueueAsync(letter with { Address = "Sara@Partner.example " }));
        Assert.True(await app.QueueAsync(letter with { Cause = "another", Topic = null, Locale = "xx", Name = null, ReplyTo = "thread+1@shop.example", InReplyTo = "1@partner.example" }));
        Assert.False(await app.QueueAsync(letter with { Cause = "nobody", Address = null }));
        Assert.True(await app.QueueAsync(letter with { Cause = "nonsense", Address = "a@b.example\r\nRCPT TO:<c@d.example>" }));
        await app.SendUntilAsync(() => sink.Mails.Count == 2);

        var mails = sink.Mails.OrderBy(m => m.InReplyTo is not null).ToList();
        Assert.Equal(["sara@partner.example", "sara@partner.example"], sink.Recipients);
        var persian = mails[0];
        Assert.Equal("آزمایش نامه‌های Tea House", persian.Subject);
        Assert.Equal("سارا Bcc: everybody@example.com <b>", persian.To.Mailboxes.Single().Name);
        Assert.Null(persian.Headers["Bcc"]);
        Assert.Equal("partners@shop.example", persian.From.Mailboxes.Single().Address);
        Assert.Contains("dir=\"rtl\"", persian.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("این نامه از برنامهٔ همکاری", persian.TextBody, StringComparison.Ordinal);
        Assert.Contains("۳ آذر ۱۴۰۵", persian.TextBody, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", persian.Headers["List-Unsubscribe-Post"]);
        Assert.StartsWith("<https://partners.example/unsubscribe/", persian.Headers["List-Unsubscribe"], StringComparison.Ordinal);
        var english = mails[1];
        Assert.Equal(("Test of the mails of Tea House", "1@partner.example", "thread+1@shop.example"), (english.Subject, english.InReplyTo, english.ReplyTo.Mailboxes.Single().Address));
        Assert.Null(english.Headers["List-Unsubscribe"]);
        Assert.NotEqual(english.MessageId, persian.MessageId);
        var listed = (await app.GetAsync("/v1/mails"))["data"]!.AsArray();
        Assert.Equal(["failed", "sent", "sent"], listed.Select(m => (string)m!["status"]!));
    }

    [Theory, BothDatabases]
    public async Task Refusals_end_or_wait_and_a_server_that_is_down_for_a_day_loses_nothing(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var gate = new TcpGate(sink.Port);
        gate.Shut();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings(gate.Port));
        foreach (var name in new[] { "refused", "relay", "full", "spam", "fine", "later" })
            await app.QueueAsync(Some($"{name}@partner.example") with { DueAt = name == "later" ? app.Clock.GetUtcNow().AddDays(2) : null });
        await app.SendUntilAsync(async () => (await app.MailAsync("refused")).Problem?.Contains("cannot be used", StringComparison.Ordinal) == true);
        app.Leap(TimeSpan.FromDays(1));
        Assert.Contains((await app.GetAsync("/readyz"))["checks"]!.AsArray(), c => (string)c!["name"]! == "mail" && (string)c["status"]! == "degraded");
        Assert.Empty(sink.Mails);
        gate.Open();
        await app.SendUntilAsync(async () => (await app.MailAsync("fine")).Status == MailStatus.Sent);

        Assert.Equal(["fine@partner.example"], sink.Recipients);
        Assert.Equal((MailStatus.Queued, "452 4.2.2 The mailbox is full."), ((await app.MailAsync("full")).Status, (await app.MailAsync("full")).Problem));
        Assert.Equal((MailStatus.Queued, 0), ((await app.MailAsync("later")).Status, (await app.MailAsync("later")).Attempts));
        foreach (var name in new[] { "refused", "relay", "spam" })
            Assert.Equal(MailStatus.Failed, (await app.MailAsync(name)).Status);
        Assert.Equal(["bounced"], await StopsAsync(app, "refused@partner.example"));
        // The server does not let us, or does not like the mail: the address may be fine.
        Assert.Empty(await StopsAsync(app, "relay@partner.example"));
        app.Leap(TimeSpan.FromMinutes(2));
        await app.SendUntilAsync(() => sink.Mails.Count == 2);
        app.Leap(TimeSpan.FromDays(1));
        await app.SendUntilAsync(() => sink.Mails.Count == 3);
        Assert.Equal(["fine@partner.example", "full@partner.example", "later@partner.example"], sink.Recipients);
        await app.QueueAsync(Some("refused@partner.example") with { Cause = "again" });
        await app.SendUntilAsync(async () => (await app.MailAsync("refused", "again")).Status == MailStatus.Skipped);

        // What has failed is tried again when somebody says so, one or all.
        string Requeue(MailRow mail) => $"/v1/mails/{PublicId.Of(PublicId.Mail, mail.Id)}/requeue";
        var spam = await app.MailAsync("spam");
        Assert.Equal("queued", (string?)(await app.PostAsync(Requeue(spam), new { }))["status"]);
        await app.SendUntilAsync(async () => (await app.MailAsync("spam")) is { Status: MailStatus.Failed, Attempts: 1 });
        using (var sent = await app.Http.PostAsync(Requeue(await app.MailAsync("fine")), null))
            Assert.Equal(HttpStatusCode.Conflict, sent.StatusCode);
        using var cli = new CommandFolder();
        var all = await cli.RunAsync("mail", "requeue", "--all", $"--ConnectionStrings:Sidecar={app.Services.GetRequiredService<Database>().ConnectionString}");
        Assert.Equal((0, "3 mails are queued again.\n"), (all.Exit, all.Out));
        Assert.Equal(2, (await cli.RunAsync("mail", "requeue")).Exit);
        // The command goes by the clock on the wall, and the service by the test's.
        Assert.Equal(3, await app.CountAsync(MailStatus.Queued));
    }

    [Theory, BothDatabases]
    public async Task Whoever_unsubscribes_gets_no_more_of_that_and_still_what_concerns_himself(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, sink.Settings());
        await app.QueueAsync(Some("sara@partner.example") with { Topic = MailTopic.News });
        await app.SendUntilAsync(() => sink.Mails.Count == 1);
        var link = new Uri(sink.Mails[0].Headers["List-Unsubscribe"]!.Trim('<', '>')).AbsolutePath;

        // A scanner opens the link, and nothing happens.
        var page = await app.Anonymous.GetStringAsync(link);
        Assert.Contains("news of the program", page, StringComparison.Ordinal);
        Assert.Empty(await StopsAsync(app, "sara@partner.example"));
        using (var click = new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } })
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsync(link, click)).StatusCode);
        Assert.Equal(["unsubscribed"], await StopsAsync(app, "sara@partner.example"));
        foreach (var (cause, topic) in new[] { ("news", MailTopic.News), ("webinar", MailTopic.Webinars), ("account", null) })
            await app.QueueAsync(Some("sara@partner.example") with { Cause = cause, Topic = topic });
        await app.SendUntilAsync(() => sink.Mails.Count == 3);
        Assert.Equal(MailStatus.Skipped, (await app.MailAsync("sara", "news")).Status);

        Assert.Contains("no more news, invitations and reminders", await ActAsync(app, link, ("wish", "all")), StringComparison.Ordinal);
        await app.QueueAsync(Some("sara@partner.example") with { Cause = "webinar 2", Topic = MailTopic.Webinars });
        await app.SendUntilAsync(async () => (await app.MailAsync("sara", "webinar 2")).Status == MailStatus.Skipped);
        Assert.Contains("again", await ActAsync(app, link, ("wish", "resume")), StringComparison.Ordinal);
        Assert.Empty(await StopsAsync(app, "sara@partner.example"));

        foreach (var forged in new[] { link[..^1], link.Replace("news", "webinars", StringComparison.Ordinal), "/unsubscribe/x" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.Anonymous.GetAsync(forged)).StatusCode);
        // What the mail service reports stops everything.
        await app.PostAsync("/v1/mail-stops", new { address = "Sara@partner.example", reason = "complained", detail = "feedback loop" });
        await app.QueueAsync(Some("sara@partner.example") with { Cause = "account 2" });
        await app.SendUntilAsync(async () => (await app.MailAsync("sara", "account 2")).Status == MailStatus.Skipped);
        using (await app.Http.DeleteAsync("/v1/mail-stops?address=sara@partner.example"))
            Assert.Empty(await StopsAsync(app, "sara@partner.example"));
    }

    [Fact]
    public async Task Without_a_server_mails_wait_and_the_service_says_so()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.QueueAsync(Some("sara@partner.example"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var check = (await app.GetAsync("/readyz"))["checks"]!.AsArray().Single(c => (string)c!["name"]! == "mail")!;
        Assert.Equal(("degraded", "No mail server is set (Sidecar:Mail:Host): 1 mails wait for one."), ((string)check["status"]!, (string)check["detail"]!));
    }

    internal static Letter Some(string address) => new() { Template = "mail/test", Cause = "test", Address = address, Locale = "en", Model = new { At = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero) } };

    static async Task<string> ActAsync(SidecarApp app, string link, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await app.Anonymous.PostAsync(link, form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    static async Task<IEnumerable<string>> StopsAsync(SidecarApp app, string address) =>
        (await app.GetAsync($"/v1/mail-stops?address={address}"))["data"]!.AsArray().Select(s => (string)s!["reason"]!).ToList();
}

/// <summary>A feature that writes to somebody.</summary>
static class MailApp
{
    public static Task<bool> QueueAsync(this SidecarApp app, Letter letter) => app.Services.GetRequiredService<Database>().WriteAsync((db, token) => app.Services.GetRequiredService<Outbox>().QueueAsync(db, letter, token));

    public static Task SendUntilAsync(this SidecarApp app, Func<bool> holds) => app.SendUntilAsync(() => Task.FromResult(holds()));

    /// <summary>Turn after turn of the sender.</summary>
    public static Task SendUntilAsync(this SidecarApp app, Func<Task<bool>> holds) => OutageTests.UntilAsync(async () =>
    {
        if (await holds())
            return true;
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        return false;
    });

    public static async Task<int> CountAsync(this SidecarApp app, string status)
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.Mails.CountAsync(m => m.Status == status);
    }

    public static async Task<MailRow> MailAsync(this SidecarApp app, string name, string cause = "test")
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        return await db.Mails.SingleAsync(m => m.Address == $"{name}@partner.example" && m.Cause == cause);
    }
}
