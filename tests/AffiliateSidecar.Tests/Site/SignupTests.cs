using System.Net;
using AffiliateSidecar.Support;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class SignupTests
{
    static Dictionary<string, string> Sara() => new()
    {
        ["name"] = "Sara Jones", ["email"] = "sara@mail.example", ["website"] = "sara.example/blog", ["terms"] = "yes", ["locale"] = "en", ["code"] = "", ["company"] = "",
    };

    [Theory, BothDatabases]
    public async Task Somebody_who_signs_up_waits_for_approval(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        using var answer = await PostAsync(app, Sara());
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/site/en/thank-you/", answer.Headers.Location!.OriginalString);
        var partner = Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray())!;
        Assert.Equal(("pending", "sara-jones", "Sara Jones", "https://sara.example/blog", "en"),
            ((string)partner["status"]!, (string)partner["code"]!, (string)partner["name"]!, (string)partner["website"]!, (string)partner["locale"]!));
    }

    [Theory, BothDatabases]
    public async Task Signing_up_again_is_answered_alike_and_makes_no_second_partner(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var answer = await PostAsync(app, Sara(), ("code", "sara"));
            Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        }));
        using var other = await PostAsync(app, Sara(), ("email", "SARA+shop@mail.example"), ("name", "Someone Else"));
        Assert.Equal(HttpStatusCode.SeeOther, other.StatusCode);
        Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Theory, BothDatabases]
    public async Task A_taken_name_is_said_beside_its_field_whoever_asks(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        using var stranger = await PostAsync(app, Sara(), ("code", "SARA"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stranger.StatusCode);
        Assert.StartsWith("Someone has this name already", await ErrorAsync(stranger, "code"), StringComparison.Ordinal);

        // Else the answer would tell that this address belongs to a partner.
        app.Clock.Advance(TimeSpan.FromHours(1));
        using var known = await PostAsync(app, Sara(), ("code", "sara"), ("email", "sara@partner.example"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, known.StatusCode);
    }

    [Theory]
    [InlineData("name", "", "Enter your name.")]
    [InlineData("name", " \u202E\u200B \r\n", "Enter your name.")]
    [InlineData("email", "", "Enter your e-mail address.")]
    [InlineData("email", "sara@localhost", "Enter an e-mail address")]
    [InlineData("email", "sara@mail.example, tom@mail.example", "Enter an e-mail address")]
    [InlineData("email", "sara@mail.example\r\nBcc: x@y.example", "Enter an e-mail address")]
    [InlineData("website", "", "Enter the address")]
    [InlineData("website", "javascript:alert(1)", "Enter a web address")]
    [InlineData("website", "data://text/html,x", "Enter a web address")]
    [InlineData("website", "http://admin:secret@sara.example", "Enter a web address")]
    [InlineData("website", "my blog", "Enter a web address")]
    [InlineData("code", "ab", "Use 3 to 40 Latin letters")]
    [InlineData("code", "سارا", "Use 3 to 40 Latin letters")]
    [InlineData("code", "../admin", "Use 3 to 40 Latin letters")]
    [InlineData("terms", "", "Agree to the terms")]
    public async Task A_mistake_comes_back_on_the_same_page_with_the_rest_kept(string field, string value, string message)
    {
        await using var app = await SidecarApp.StartAsync();
        using var answer = await PostAsync(app, Sara(), (field, value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith(message, await ErrorAsync(answer, field), StringComparison.Ordinal);
        var page = await PageAsync(answer);
        Assert.Equal($"#{field}", Assert.Single(page.QuerySelectorAll(".summary a")).GetAttribute("href"));
        Assert.Equal("true", page.GetElementById(field)!.GetAttribute("aria-invalid"));
        foreach (var (name, typed) in Sara().Where(f => f.Key != field && f.Key is "name" or "email" or "website"))
            Assert.Equal(field == name ? page.GetElementById(name)!.GetAttribute("value") : typed, page.GetElementById(name)!.GetAttribute("value"));
        Assert.Empty((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\" onfocus=alert(1) autofocus \"")]
    [InlineData("'\"><img src=x onerror=alert(1)>")]
    [InlineData("{{ 1 + 1 }}")]
    public async Task Hostile_text_is_shown_as_text(string name)
    {
        await using var app = await SidecarApp.StartAsync();
        using var answer = await PostAsync(app, Sara(), ("name", name), ("terms", ""));
        var page = await PageAsync(answer);
        Assert.Equal(name.Trim(), page.GetElementById("name")!.GetAttribute("value"));
        Assert.Empty(page.QuerySelectorAll("img,[onfocus],[autofocus],script:not([type='application/ld+json'])"));
    }

    [Fact]
    public async Task Marks_that_turn_text_around_and_line_breaks_are_not_stored()
    {
        await using var app = await SidecarApp.StartAsync();
        using var answer = await PostAsync(app, Sara(), ("name", "  سارا\u202E\u2066 می\u200Cنویسد\r\nX-Evil: 1\u0007 "), ("locale", "fa"));
        Assert.Equal("/site/fa/thank-you/", answer.Headers.Location!.OriginalString);
        var partner = Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray())!;
        Assert.Equal("سارا می\u200Cنویسد X-Evil: 1", (string)partner["name"]!);
        Assert.Equal("fa", (string)partner["locale"]!);
    }

    [Fact]
    public async Task What_people_do_not_see_only_programs_fill_in()
    {
        await using var app = await SidecarApp.StartAsync();
        using var answer = await PostAsync(app, Sara(), ("company", "Cheap Links Ltd"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Empty((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Fact]
    public async Task The_form_is_taken_from_the_sites_own_pages_only()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Sidecar:Site:BaseUrl"] = "https://partners.shop.example/", ["Sidecar:Site:ServiceUrl"] = "https://api.shop.example",
        });
        async Task<HttpResponseMessage> FromAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/signup") { Content = new FormUrlEncodedContent(new Dictionary<string, string>(Sara()) { ["stamp"] = Stamp(app) }) };
            request.Headers.Add(header, value);
            return await app.Anonymous.SendAsync(request);
        }
        foreach (var (header, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://partners.shop.example.evil.example") })
            using (var refused = await FromAsync(header, value))
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
        using var own = await FromAsync("Origin", app.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal("/site/en/thank-you/", own.Headers.Location!.OriginalString);
        using var published = await FromAsync("Origin", "https://partners.shop.example");
        Assert.Equal("https://partners.shop.example/en/thank-you/", published.Headers.Location!.OriginalString);
        Assert.Equal("https://api.shop.example/signup", BuiltFolder.Page(await app.BuildAsync(), "fa/signup/index.html").QuerySelector("form")!.GetAttribute("action"));
    }

    [Fact]
    public async Task What_no_browser_would_send_is_refused()
    {
        await using var app = await SidecarApp.StartAsync();
        using var large = await PostAsync(app, Sara(), ("name", new string('x', 100_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var many = await app.Anonymous.PostAsync("/signup", new FormUrlEncodedContent(Enumerable.Range(0, 500).Select(i => new KeyValuePair<string, string>($"f{i}", ""))));
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
        using var nul = await PostAsync(app, Sara(), ("name", "a\0b"));
        Assert.Equal(HttpStatusCode.BadRequest, nul.StatusCode);
        using var json = await app.Anonymous.PostAsync("/signup", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        using var empty = await app.Anonymous.PostAsync("/signup", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, empty.StatusCode);
        using var broken = await app.Anonymous.PostAsync("/signup", new StringContent("name=%FF%FE&email=%zz&&&=", null, "application/x-www-form-urlencoded"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
        using var long_ = await PostAsync(app, Sara(), ("name", new string('x', 5_000)));
        Assert.StartsWith("Your name is too long", await ErrorAsync(long_, "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_a_good_stamp_comes_back_with_one()
    {
        await using var app = await SidecarApp.StartAsync();
        var good = Stamp(app);
        foreach (var stamp in new[] { "", "x", "1", "99999999999999999999.x", "-1.x", good[..^1], good.Replace('.', '0'), "1" + good })
        {
            using var answer = await PostAsync(app, Sara(), ("stamp", stamp));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.StartsWith("Please press the button once more", await ErrorAsync(answer, "send"), StringComparison.Ordinal);
        }
        await using var other = await SidecarApp.StartAsync();
        using var foreign = await PostAsync(app, Sara(), ("stamp", Stamp(other)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, foreign.StatusCode);
        Assert.Empty((await app.GetAsync("/v1/partners"))["data"]!.AsArray());

        // Nobody reads a page and mends his mistake in no time.
        var again = (await PageAsync(foreign)).QuerySelector("input[name=stamp]")!.GetAttribute("value")!;
        using var quick = await PostAsync(app, Sara(), ("stamp", again));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, quick.StatusCode);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        using var taken = await PostAsync(app, Sara(), ("stamp", again));
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);

        // A form on a page of the shop's own cannot sign.
        using var own = await app.Anonymous.PostAsync("/signup", new FormUrlEncodedContent(Sara()));
        Assert.Equal(HttpStatusCode.SeeOther, own.StatusCode);
    }

    [Fact]
    public async Task A_site_that_is_built_once_a_year_has_a_form_that_is_taken_at_once()
    {
        await using var app = await SidecarApp.StartAsync();
        var stamp = BuiltFolder.Page(await app.BuildAsync(), "fa/signup/index.html").QuerySelector("input[name=stamp]")!.GetAttribute("value")!;
        app.Leap(TimeSpan.FromDays(365));
        using var taken = await PostAsync(app, Sara(), ("stamp", stamp));
        Assert.Equal(HttpStatusCode.SeeOther, taken.StatusCode);
        app.Leap(TimeSpan.FromDays(365));
        using var late = await PostAsync(app, Sara(), ("stamp", stamp));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.StatusCode);
    }

    [Theory, BothDatabases]
    public async Task The_door_is_remembered_through_a_mistake(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        async Task<HttpResponseMessage> FromAsync(string referrer, Dictionary<string, string> fields)
        {
            fields["stamp"] = Stamp(app);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/signup") { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Add("Referer", referrer);
            return await app.Anonymous.SendAsync(request);
        }
        const string page = "https://partners.shop.example/en/signup/?utm_source=shop&utm_medium=order&utm_campaign=partner-program";
        using var mistake = await FromAsync(page, new(Sara()) { ["terms"] = "" });
        var kept = (await PageAsync(mistake)).QuerySelector("input[name=source]")!.GetAttribute("value")!;
        Assert.Equal("order", kept);
        using var sara = await FromAsync("https://api.shop.example/signup", new(Sara()) { ["source"] = kept });
        using var tom = await FromAsync(page.Replace("order", "<b>", StringComparison.Ordinal), new(Sara()) { ["name"] = "Tom", ["email"] = "tom@mail.example" });
        using var ann = await FromAsync(page.Replace("partner-program", "spring", StringComparison.Ordinal), new(Sara()) { ["name"] = "Ann", ["email"] = "ann@mail.example" });
        var partners = (await app.GetAsync("/v1/partners"))["data"]!.AsArray();
        Assert.Equal([("Ann", null), ("Sara Jones", "order"), ("Tom", null)], partners.Select(p => ((string)p!["name"]!, (string?)p["signup_source"])).OrderBy(p => p.Item1));
        await app.BuildAsync();
        // Whoever came by a partner's link, and what he has agreed to.
        var omid = await app.PartnerAsync("omid");
        using var again = await FromAsync(page.Replace("order", "partner", StringComparison.Ordinal).Replace("=shop", "=omid", StringComparison.Ordinal), new(Sara()) { ["email"] = "?" });
        kept = (await PageAsync(again)).QuerySelector("input[name=recruiter]")!.GetAttribute("value")!;
        using var nima = await FromAsync("https://api.shop.example/signup", new(Sara()) { ["name"] = "Nima", ["email"] = "nima@mail.example", ["recruiter"] = kept });
        var brought = (await app.GetAsync("/v1/partners?q=nima"))["data"]![0]!;
        Assert.Equal(((string?)omid["id"], 1), ((string?)brought["referred_by"], (int?)brought["terms_version"]));
        Assert.Null(partners[0]!["terms_version"]);
        Assert.Equal(1, (int?)(await app.GetAsync("/v1/applications"))["data"]!.AsArray().Single(a => (string?)a!["name"] == "Nima")!["terms_version"]);
        Assert.Equal([("order", 1), (null, 3)], (await app.GetAsync("/v1/site/status"))["signups"]!.AsArray().Select(s => ((string?)s!["source"], (int)s["applications"]!)));
    }

    static string Stamp(SidecarApp app) => app.Services.GetRequiredService<SignupStamp>().OfBuild();

    static Task<HttpResponseMessage> PostAsync(SidecarApp app, Dictionary<string, string> fields, params (string Field, string Value)[] changes)
    {
        fields.TryAdd("stamp", Stamp(app));
        foreach (var (field, value) in changes)
            fields[field] = value;
        return app.Anonymous.PostAsync("/signup", new FormUrlEncodedContent(fields));
    }

    static async Task<IHtmlDocument> PageAsync(HttpResponseMessage answer) => (IHtmlDocument)new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

    static async Task<string> ErrorAsync(HttpResponseMessage answer, string field) => (await PageAsync(answer)).GetElementById($"{field}-error")?.TextContent ?? "no error";
}
