using System.Net;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Messages.Wake;

public sealed class WakeTests
{
    [Theory, BothDatabases]
    public async Task Who_stays_silent_is_asked_twice_and_retired_and_nobody_who_is_owed_money(Db db)
    {
        await using var sink = await MailSink.StartAsync();
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?>(ThreadTests.Settings(sink)) { ["Sidecar:Wake:Mode"] = "retire" });
        var (silent, owed, active, talker) = (await app.PartnerAsync("silent"), await app.PartnerAsync("owed"), await app.PartnerAsync("active"), await app.PartnerAsync("talker"));
        await app.PostAsync("/v1/adjustments", new { partner = (string)owed["id"]!, amount = new { amount = "1.00", currency = "EUR" }, reason = "sales" });
        Task SellAsync(int order) => app.PutAsync($"/v1/orders/main/{order}", Some.Order(partner: "active", placedAt: $"{app.Clock.GetUtcNow().AddHours(-1):yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        await SellAsync(1);
        await app.PostAsync("/v1/threads", new { partner = (string)talker["id"]!, subject = "Hello", text = "Hello" });
        await app.SendUntilAsync(() => sink.Mails.Count == 5);
        var page = ApplicationTests.LinkIn(sink.Mails.Single(m => m.Subject == "Hello"), "thread");

        Assert.Equal((0, 0), await NightAsync(app, 1));
        Assert.Equal((3, 0), await NightAsync(app, 15));
        Assert.Equal((0, 0), await NightAsync(app, 1));
        await app.SendUntilAsync(() => sink.Mails.Count == 8);
        var first = sink.Mails[^1];
        Assert.Equal("Your link of Tea House waits for its first click", first.Subject);
        Assert.NotNull(first.Headers["List-Unsubscribe"]);
        using (var form = new FormUrlEncodedContent([KeyValuePair.Create("text", "I am building my site")]))
            (await app.Anonymous.PostAsync(page, form)).Dispose();
        Assert.Equal((2, 0), await NightAsync(app, 22));
        await SellAsync(2);
        // The last one tells what will happen; it is not sent to one who is owed something.
        Assert.Equal((1, 0), await NightAsync(app, 31));
        await app.SendUntilAsync(() => sink.Mails.Count(m => m.Subject == "Your links of Tea House will come to rest") == 1);
        var last = sink.Mails.Single(m => m.Subject!.EndsWith("come to rest", StringComparison.Ordinal));
        Assert.Equal("silent@partner.example", last.To.Mailboxes.Single().Address);
        Assert.Null(last.Headers["List-Unsubscribe"]);
        await SellAsync(3);
        Assert.Equal((0, 0), await NightAsync(app, 29));
        Assert.Equal("approved", await StatusAsync(app, silent));
        Assert.Equal((0, 1), await NightAsync(app, 2));
        Assert.Equal(["suspended", "approved", "approved", "approved"], [await StatusAsync(app, silent), await StatusAsync(app, owed), await StatusAsync(app, active), await StatusAsync(app, talker)]);

        // One click brings the links back; opening the page does not.
        var own = ApplicationTests.LinkIn(last, "application");
        Assert.Contains("Your links are at rest", await app.Anonymous.GetStringAsync(own), StringComparison.Ordinal);
        Assert.Equal("suspended", await StatusAsync(app, silent));
        using (var empty = new FormUrlEncodedContent([]))
            Assert.Equal(HttpStatusCode.OK, (await app.Anonymous.PostAsync(own, empty)).StatusCode);
        Assert.Equal("approved", await StatusAsync(app, silent));
        await app.PostAsync($"/v1/partners/{silent["id"]}/suspend", new { reason = "fraud" });
        using (var empty = new FormUrlEncodedContent([]))
            (await app.Anonymous.PostAsync(own, empty)).Dispose();
        Assert.Equal("suspended", await StatusAsync(app, silent));
    }

    static async Task<(int, int)> NightAsync(SidecarApp app, int days)
    {
        app.Clock.AdjustTime(app.Clock.GetUtcNow().AddDays(days));
        await app.PostAsync("/v1/segments/refresh", new { });
        return await app.Services.GetRequiredService<WakeRun>().RunAsync(default);
    }

    static async Task<string?> StatusAsync(SidecarApp app, System.Text.Json.Nodes.JsonObject partner) => (string?)(await app.GetAsync($"/v1/partners/{partner["id"]}"))["status"];
}
