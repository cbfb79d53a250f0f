using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class FlagTests
{
    static async Task<string> FlagAsync(SidecarApp app, Action<HttpRequestMessage> change)
    {
        using var response = await RedirectTests.ClickAsync(app, "/r/sara", change);
        Assert.Contains("aff_click=clk_", response.Headers.Location!.Query);
        return (await RedirectTests.ClicksAsync(app))[^1].Flag;
    }

    static Action<HttpRequestMessage> Agent(string? agent) => request =>
    {
        request.Headers.Remove("User-Agent");
        if (agent is not null)
            request.Headers.TryAddWithoutValidation("User-Agent", agent);
    };

    [Theory, BothDatabases]
    public async Task Bots_prefetches_and_heads_are_answered_alike_and_flagged(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        string?[] bots =
        [
            null, " ", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0", "Wget/1.21", "facebookexternalhit/1.1",
            "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "TelegramBot (like TwitterBot)", "Mozilla/5.0 AdsBot-Google (+http://www.google.com/adsbot.html)",
        ];
        foreach (var bot in bots)
            Assert.Equal("bot", await FlagAsync(app, Agent(bot)));
        foreach (var (header, value) in new[] { ("Sec-Purpose", "prefetch;prerender"), ("Purpose", "Prefetch"), ("X-Purpose", "preview"), ("X-Moz", "prefetch") })
            Assert.Equal("prefetch", await FlagAsync(app, r => r.Headers.Add(header, value)));
        Assert.Equal("head", await FlagAsync(app, r => r.Method = HttpMethod.Head));
        Assert.Equal("", await FlagAsync(app, _ => { }));
    }

    [Fact]
    public void Browsers_of_people_are_no_bots()
    {
        string[] people =
        [
            RedirectTests.Firefox,
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 334.0.0.30.109",
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/470.0]",
        ];
        var agents = new Agents(Reference.Shipped());
        Assert.All(people, agent => Assert.False(agents.Find(agent).IsBot, agent));
    }

    [Fact]
    public void An_agent_is_kept_without_control_characters_and_cut_between_characters()
    {
        var agents = new Agents(Reference.Shipped());
        Assert.Equal("Mozilla/5.0 tab", agents.Find("Mozilla/5.0\t tab\u0085\u0007").Text);
        var cut = agents.Find(new string('x', 511) + "😀😀").Text;
        Assert.Equal(new string('x', 511), cut);
        Assert.False(agents.Find(string.Concat(Enumerable.Repeat("ContextualBot", 5000))).Text.Length > 512);
    }

    [Theory, BothDatabases]
    public async Task A_second_click_of_a_visitor_on_the_same_link_within_half_an_hour_is_a_repetition(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var sara = await app.PartnerAsync("sara");
        await app.PartnerAsync("tom");
        await app.PostAsync($"/v1/partners/{sara["id"]}/links", new { path = "/tea/" });
        async Task ClickAsync(string path, Action<HttpRequestMessage>? change = null)
        {
            using var response = await RedirectTests.ClickAsync(app, path, change);
            app.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
        await ClickAsync("/r/sara");
        await ClickAsync("/r/sara");
        await ClickAsync("/r/sara/tea/");
        await ClickAsync("/r/tom");
        await ClickAsync("/r/sara", Agent(RedirectTests.Firefox + " other"));
        app.Clock.Advance(TimeSpan.FromMinutes(29));
        await ClickAsync("/r/sara");
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        await ClickAsync("/r/sara");
        var clicks = await RedirectTests.ClicksAsync(app);
        Assert.Equal(["", "duplicate", "", "", "", "duplicate", ""], clicks.Select(c => c.Flag));
        Assert.Equal(clicks[0].Visitor, clicks[6].Visitor);
        Assert.NotEqual(clicks[0].Visitor, clicks[4].Visitor);
        Assert.DoesNotContain("127.0.0.1", string.Join(' ', clicks));
    }
}
