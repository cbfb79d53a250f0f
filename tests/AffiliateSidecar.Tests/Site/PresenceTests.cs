using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

public sealed class PresenceTests
{
    [Theory, BothDatabases]
    public async Task A_program_that_is_there_passes_and_everybody_is_told_so(Db db)
    {
        await using var world = await LivingProgram.StartAsync(db);
        var report = await world.LookAsync();
        Assert.Empty(report.Failed);
        Assert.Equal(["door-address", "door-followed", "door-present", "door-visible", "signup-allowed", "signup-answers", "signup-canonical", "signup-in-sitemap", "signup-indexable", "signup-weight"],
            report.Checks.Select(c => c.Check).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2 * 4 + 2 * 6, report.Checks.Count);
        var status = await world.App.GetAsync("/v1/site/status");
        Assert.All(status["data"]!.AsArray(), page => Assert.Equal((bool)page!["indexable"]! ? 200 : (int?)null, (int?)page["live_status"]));
        Assert.Equal(report.Checks.Count, status["presence"]!["checks"]!.AsArray().Count);
        Assert.Equal("ok", await world.ReadinessAsync());
    }

    [Theory]
    [InlineData("door-present", "<p>No door here</p>")]
    [InlineData("door-visible", "<div style=\"display: none\">{0}</div>")]
    [InlineData("door-visible", "<noscript>{0}</noscript>")]
    [InlineData("door-visible", "<a href=\"{1}en/signup/\"> </a>")]
    [InlineData("door-address", "<a href=\"{1}en/sign-up/\">Join</a>")]
    [InlineData("door-address", "<a href=\"{1}en/signup\">Join</a>")]
    [InlineData("door-followed", "<a rel=\"noopener nofollow\" href=\"{1}en/signup/\">Join</a>")]
    [InlineData("door-followed", "<meta name=ROBOTS content=\"index, nofollow\">{0}")]
    [InlineData("widget-version", "{0}<script async integrity=x src=\"https://api.shop.example/widget/v1/footer.0123456789abcdef.js\"></script>")]
    public async Task A_fault_of_the_shops_page_is_found_and_somebody_is_told_to_mend_it(string check, string footer)
    {
        await using var world = await LivingProgram.StartAsync();
        world.Footer = footer;
        var report = await world.LookAsync();
        var failed = report.Failed.Where(c => c.Check == check).ToList();
        Assert.Equal(["/shop/", "/shop/product/mug/"], failed.Select(c => new Uri(c.Url).AbsolutePath));
        Assert.All(failed, c => Assert.StartsWith("Whoever edits the shop's theme: ", c.Mend, StringComparison.Ordinal));
        Assert.All(report.Failed, c => Assert.Equal(check, c.Check));
        Assert.Equal("degraded", await world.ReadinessAsync());
    }

    [Theory]
    [InlineData("signup-allowed", "User-agent: *\nDisallow: /site/fa/", null, null)]
    [InlineData("signup-allowed", "500", null, null)]
    [InlineData("signup-answers", "", "fa/signup/index.html", null)]
    [InlineData("signup-in-sitemap", "", "sitemap.xml", null)]
    [InlineData("signup-indexable", "", "fa/signup/index.html", "<meta name=\"googlebot\" content=\"none\">")]
    [InlineData("signup-canonical", "", "fa/signup/index.html", "<link rel=\"canonical\" href=\"https://other.example/\">")]
    public async Task A_fault_of_the_published_form_is_found(string check, string robots, string? file, string? put)
    {
        await using var world = await LivingProgram.StartAsync();
        world.Robots = robots;
        if (file is not null && put is null)
            File.Delete(Path.Combine(world.Site, file));
        else if (file is not null)
            File.WriteAllText(Path.Combine(world.Site, file), File.ReadAllText(Path.Combine(world.Site, file)).Replace("<title>", put + "<title>", StringComparison.Ordinal));
        var failed = (await world.LookAsync()).Failed.Where(c => c.Check == check && c.Url.EndsWith("/fa/signup/", StringComparison.Ordinal));
        Assert.StartsWith("Whoever runs ", Assert.Single(failed).Mend, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_that_cannot_be_reached_and_a_product_that_cannot_be_found_are_no_faults_of_the_link()
    {
        await using var world = await LivingProgram.StartAsync();
        world.Footer = "{0}";
        world.Home = "<p>No products today</p>";
        Assert.Equal(["shop-page"], (await world.LookAsync()).Failed.Select(c => c.Check));
        world.Home = null;
        var report = await world.LookAsync();
        Assert.Equal("status 503", Assert.Single(report.Failed, c => c.Ok is null).Found);
    }

    [Theory]
    [InlineData("PASS", "Submitted and indexed", true, null)]
    [InlineData("NEUTRAL", "URL is unknown to Google", false, "submit the sitemap")]
    [InlineData("FAIL", "Excluded by ‘noindex’ tag", false, "take noindex away")]
    public async Task Google_is_asked_with_a_signed_key_and_its_word_is_kept(string verdict, string coverage, bool ok, string? mend)
    {
        await using var world = await LivingProgram.StartAsync(google: true);
        world.Google = new { verdict, coverageState = coverage, indexingState = verdict == "FAIL" ? "BLOCKED_BY_META_TAG" : "INDEXING_ALLOWED", pageFetchState = "SUCCESSFUL" };
        var checks = (await world.LookAsync()).Checks.Where(c => c.Check == "google-index").ToList();
        Assert.Equal(2, checks.Count);
        Assert.All(checks, c => Assert.Equal((ok, coverage), (c.Ok, c.Found)));
        Assert.All(checks, c => Assert.Contains(mend ?? "", c.Mend ?? "", StringComparison.Ordinal));
        Assert.Equal(["en", "fa"], world.Inspected.Select(i => new Uri(i).Segments[^2].Trim('/')));
    }

    [Fact]
    public async Task Google_is_not_asked_more_often_than_it_allows_and_a_refusal_says_who_must_let_us_in()
    {
        await using var world = await LivingProgram.StartAsync(google: true);
        await using (var db = world.App.Services.GetRequiredService<Database>().Open())
            await db.InsertOrReplaceAsync(new SettingRow { Name = "google-inspections", Value = $"2026-11-24 {GoogleQuota.PerDay - 1}" });
        world.Google = new { verdict = "PASS", coverageState = "Submitted and indexed" };
        var checks = (await world.LookAsync()).Checks.Where(c => c.Check == "google-index").ToList();
        Assert.Equal([true, null], checks.Select(c => c.Ok));
        Assert.Single(world.Inspected);
        world.App.Leap(TimeSpan.FromDays(1));
        world.Google = null;
        Assert.All((await world.LookAsync()).Failed, c => Assert.Contains("add monitor@shop.iam.example as a user", c.Mend, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_looks_every_night()
    {
        await using var world = await LivingProgram.StartAsync(nightly: true);
        async Task<DateTimeOffset?> LastAsync()
        {
            await using var db = world.App.Services.GetRequiredService<Database>().Open();
            return (await PresenceReport.ReadAsync(db, default))?.CheckedAt;
        }
        async Task<DateTimeOffset> NextAsync(DateTimeOffset? before)
        {
            for (var i = 0; i < 200; i++)
            {
                if (await LastAsync() is { } last && last != before)
                    return last;
                await Task.Delay(50);
            }
            throw new TimeoutException("Nobody looked.");
        }
        world.App.Clock.Advance(TimeSpan.FromMinutes(11));
        var first = await NextAsync(null);
        world.App.Leap(TimeSpan.FromHours(10));
        world.App.Clock.Advance(TimeSpan.FromMinutes(11));
        await Task.Delay(300);
        Assert.Equal(first, await LastAsync());
        world.App.Leap(TimeSpan.FromHours(6));
        world.App.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True(await NextAsync(first) > first.AddHours(12));
    }

    [Theory]
    [InlineData("User-agent: *\nDisallow: /", "/a", "Disallow: /")]
    [InlineData("User-agent: *\nDisallow: /\nAllow: /a", "/a", null)]
    [InlineData("User-agent: *\nDisallow: /a*b$\n", "/axxb", "Disallow: /a*b$")]
    [InlineData("User-agent: *\nDisallow: /a*b$\n", "/axxbc", null)]
    [InlineData("User-agent: *\nDisallow: /\n\nUser-agent: googlebot\nDisallow:\n", "/a", null)]
    [InlineData("User-agent: other\nUser-agent: Googlebot\nDisallow: /a # why\r\nAllow: /a", "/a", null)]
    [InlineData("Disallow: /", "/a", null)]
    [InlineData("\uFEFFuser-AGENT : *\n disallow : /a", "/ab", "Disallow: /a")]
    [InlineData("User-agent: Googlebot-Image\nDisallow: /", "/a", null)]
    public void Robots_are_told_what_the_standard_says(string text, string path, string? rule) => Assert.Equal(rule, RobotsTxt.Of(text, "Googlebot").Forbids(path));
}
