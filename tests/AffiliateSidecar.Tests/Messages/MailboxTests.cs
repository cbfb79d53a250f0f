using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Messages.Threads;

public sealed class MailboxTests
{
    [Fact]
    public async Task Answers_are_taken_out_of_the_mailbox_once_and_a_bad_one_holds_up_nobody()
    {
        await using var imap = await ImapServer.StartAsync();
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>(imap.Settings) { ["Sidecar:Threads:Address"] = "replies@shop.example" });
        var sara = await app.PartnerAsync("sara");
        var thread = (string)(await app.PostAsync("/v1/threads", new { partner = (string)sara["id"]!, subject = "Hello", text = "Hello" }))["thread"]!["id"]!;
        var address = app.Services.GetRequiredService<ReplyAddress>().Of(1)!;

        var large = ThreadTests.Answer(null, address, "See the film.", files: [("film.mp4", "video/mp4", 8 * 1024 * 1024)]);
        var machine = ThreadTests.Answer(null, address, "I am out of office");
        machine.Headers.Add("Auto-Submitted", "auto-replied");
        var first = ThreadTests.Answer(null, address, "Yes, please!\n\nOn Tue, 24 Nov 2026 at 13:00, Tea House wrote:\n> Hello");
        foreach (var mail in new[] { large, ThreadTests.Answer(null, address.Replace("@", "0@", StringComparison.Ordinal), "forged"), machine, ThreadTests.Answer(null, "replies@shop.example", "to nobody"), first })
            await imap.DeliverAsync(mail);
        await TurnUntilAsync(app, async () => await SaidAsync(app, thread) is ["Hello", "Yes, please!"] && imap.Unseen == 0);
        await using (var db = app.Services.GetRequiredService<Database>().Open())
            Assert.Equal(["mail/message", "mail/too-large"], (await db.Mails.OrderBy(m => m.Id).ToListAsync()).Select(m => m.Template));

        // The program died before it had marked them, and the server was away for a while: each is still there once.
        imap.Forget();
        await imap.EndAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await imap.BeginAsync();
        await imap.DeliverAsync(ThreadTests.Answer(null, address, "And coupons?"));
        await TurnUntilAsync(app, async () => (await SaidAsync(app, thread)).Count == 3 && imap.Unseen == 0);
        Assert.Equal(["Hello", "Yes, please!", "And coupons?"], await SaidAsync(app, thread));
        await using (var db = app.Services.GetRequiredService<Database>().Open())
            Assert.Equal(1, await db.Mails.CountAsync(m => m.Template == "mail/too-large"));
    }

    static async Task<IReadOnlyList<string?>> SaidAsync(SidecarApp app, string thread) => [.. (await app.GetAsync($"/v1/threads/{thread}"))["messages"]!.AsArray().Select(m => (string?)m!["text"])];

    static Task TurnUntilAsync(SidecarApp app, Func<Task<bool>> holds) => OutageTests.UntilAsync(async () =>
    {
        if (await holds())
            return true;
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(100);
        return false;
    });
}
