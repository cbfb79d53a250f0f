using System.Net;
using AffiliateSidecar.Shops.WooCommerce.Health;
using Xunit;

namespace AffiliateSidecar.Shops;

public sealed class WebhookJudgementTests
{
    const string Path = "/v1/shops/main/webhooks/woocommerce", Url = "https://partners.example" + Path;
    static readonly Uri[] Home = [new("https://shop.example:8443/")];

    static readonly string[] Topics = ["order.created", "order.updated", "order.deleted", "order.restored"];

    static List<ShopWebhook> Four(Func<ShopWebhook, ShopWebhook>? change = null) =>
        [.. Topics.Select((topic, i) => new ShopWebhook { Id = i + 1, Status = "active", DeliveryUrl = Url, Topic = topic }).Select(change ?? (w => w))];

    static WebhookVerdict Judge(IReadOnlyList<ShopWebhook> webhooks, bool? hpos = true) => WebhookJudgement.Judge(webhooks, Path, Home, Addresses, hpos);

    static IReadOnlyList<IPAddress>? Addresses(string name) => name switch
    {
        "partners.example" => [IPAddress.Parse("203.0.113.9")],
        "six.example" => [IPAddress.Parse("2001:db8::9")],
        "inside.example" => [IPAddress.Parse("10.0.0.5")],
        "mixed.example" => [IPAddress.Parse("203.0.113.9"), IPAddress.Parse("192.168.1.5")],
        "silent.example" => null,
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ => [],
    };

    [Fact]
    public void Four_webhooks_that_work_are_no_problem()
    {
        var verdict = Judge(Four());
        Assert.Empty(verdict.Problems);
        Assert.Equal(4, verdict.Ours.Count);
        Assert.Null(verdict.Unknown);
    }

    [Theory]
    [InlineData("https://partners.example/v1/shops/main/webhooks/woocommerce/", true)]
    [InlineData("https://partners.example/proxied/v1/shops/MAIN/webhooks/woocommerce", true)]
    [InlineData("https://partners.example/v1/shops/other/webhooks/woocommerce", false)]
    [InlineData("https://partners.example/v1/shops/main/webhooks/woocommerce/more", false)]
    [InlineData("https://partners.example/?to=/v1/shops/main/webhooks/woocommerce", false)]
    [InlineData("not an address", false)]
    public void Ours_are_those_whose_address_ends_in_our_path(string url, bool ours)
    {
        var problem = Judge(Four(w => w with { DeliveryUrl = url })).Problems;
        if (ours)
            Assert.Empty(problem);
        else
            Assert.Equal(WebhookProblem.Missing, Assert.Single(problem).Code);
    }

    [Fact]
    public void A_topic_without_a_webhook_is_named()
    {
        var problem = Assert.Single(Judge([.. Four().Where(w => w.Topic is not ("order.deleted" or "order.restored"))]).Problems);
        Assert.Equal((WebhookProblem.TopicMissing, "order.deleted, order.restored: the shop has no webhook for it."), (problem.Code, problem.Sentence));
    }

    [Fact]
    public void Disabled_after_failures_and_paused_by_hand_are_told_apart()
    {
        var disabled = Assert.Single(Judge(Four(w => w with { Status = "disabled", FailureCount = 6 })).Problems);
        Assert.Equal(WebhookProblem.Disabled, disabled.Code);
        Assert.Contains("after failed deliveries", disabled.Sentence);
        Assert.Contains("(6 failed in a row)", disabled.Sentence);
        Assert.Equal(Topics, disabled.Topics);
        var paused = Assert.Single(Judge(Four(w => w with { Status = "paused" })).Problems);
        Assert.Equal(WebhookProblem.Disabled, paused.Code);
        Assert.Contains("paused by hand", paused.Sentence);
        Assert.Contains("Active", paused.Mend);
    }

    [Fact]
    public void A_disabled_webhook_says_as_well_that_its_address_would_be_refused() =>
        Assert.Contains("3000", Assert.Single(Judge(Four(w => w with { Status = "disabled", DeliveryUrl = "http://partners.example:3000" + Path })).Problems).Sentence);

    [Fact]
    public void A_copy_that_is_disabled_does_no_harm() =>
        Assert.Empty(Judge([.. Four(w => w with { Status = "disabled", FailureCount = 6 }), .. Four(w => w with { Id = w.Id + 10 })]).Problems);

    [Theory]
    [InlineData(3, true, false)]
    [InlineData(2, true, false)]
    [InlineData(1, true, true)]
    [InlineData(1, false, false)]
    [InlineData(-1, false, true)]
    [InlineData(-1, true, true)]
    public void An_api_version_that_sends_no_orders_is_a_problem(int version, bool hpos, bool isProblem) =>
        Assert.Equal(isProblem ? [WebhookProblem.ApiVersion] : [], Judge(Four(w => w with { ApiVersion = version }), hpos).Problems.Select(p => p.Code));

    [Fact]
    public void Failures_are_a_problem_before_the_webhook_is_disabled()
    {
        var problem = Assert.Single(Judge(Four(w => w.Topic == "order.updated" ? w with { FailureCount = 2 } : w)).Problems);
        Assert.Equal((WebhookProblem.Failing, "order.updated"), (problem.Code, Assert.Single(problem.Topics)));
        Assert.Contains("one more failure disables", Assert.Single(Judge(Four(w => w with { FailureCount = 6 })).Problems).Sentence);
    }

    [Fact]
    public void The_worst_problem_comes_first() => Assert.Equal([WebhookProblem.TopicMissing, WebhookProblem.Disabled, WebhookProblem.UrlRefused, WebhookProblem.Failing],
        Judge([Four()[0] with { FailureCount = 1 }, Four()[1] with { DeliveryUrl = "http://10.0.0.5" + Path }, Four()[2] with { Status = "paused" }]).Problems.Select(p => p.Code));

    [Theory]
    [InlineData("https://partners.example", null)]
    [InlineData("http://partners.example", null)]
    [InlineData("http://partners.example:8080", null)]
    [InlineData("https://partners.example:443", null)]
    [InlineData("http://partners.example:3000", "port 3000")]
    [InlineData("https://partners.example:8443", "port 8443")]
    [InlineData("http://partners.example:9099", "port 9099")]
    [InlineData("https://shop.example:8443", null)]
    [InlineData("https://SHOP.example:443", null)]
    [InlineData("https://shop.example:9000", "port 9000")]
    [InlineData("http://203.0.113.9", null)]
    [InlineData("http://10.1.2.3", "private network")]
    [InlineData("http://172.16.0.1", "private network")]
    [InlineData("http://172.31.255.255", "private network")]
    [InlineData("http://172.32.0.1", null)]
    [InlineData("http://192.168.1.5:8080", "private network")]
    [InlineData("http://169.254.169.254", "private network")]
    [InlineData("http://100.64.0.1", "private network")]
    [InlineData("http://100.127.255.255", "private network")]
    [InlineData("http://100.128.0.1", null)]
    [InlineData("http://127.0.0.1", "private network")]
    [InlineData("http://localhost", "private network")]
    [InlineData("http://[::1]", "IPv6")]
    [InlineData("http://[2001:db8::1]", "IPv6")]
    [InlineData("http://six.example", "no IPv4")]
    [InlineData("http://sidecar", "no IPv4")]
    [InlineData("http://inside.example", "10.0.0.5")]
    [InlineData("http://mixed.example", "192.168.1.5")]
    [InlineData("http://silent.example", null)]
    [InlineData("https://user:geheim@partners.example", "user name or password")]
    [InlineData("ftp://partners.example", "no http address")]
    public void What_wordpress_would_not_send_to_is_known(string origin, string? reason)
    {
        var problems = Judge(Four(w => w with { DeliveryUrl = origin + Path, FailureCount = 0 })).Problems;
        if (reason is null)
        {
            Assert.Empty(problems);
            return;
        }
        var problem = Assert.Single(problems);
        Assert.Equal(WebhookProblem.UrlRefused, problem.Code);
        Assert.Contains(reason, problem.Sentence);
        Assert.DoesNotContain("geheim", problem.Sentence + problem.Mend);
        Assert.Contains("the shop lets it through", problem.Sentence);
    }

    [Fact]
    public void Only_names_that_are_not_the_shops_own_are_looked_up() => Assert.Equal(["partners.example", null, null, null],
        new[] { Url, "https://shop.example" + Path, "http://10.0.0.5/", "nonsense" }.Select(url => DeliveryUrl.HostToLookUp(url, Home)));

    [Fact]
    public async Task A_name_server_that_does_not_answer_is_no_verdict()
    {
        var names = new HostNames((name, _) => name switch
        {
            "nowhere" => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
            "later" => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.TryAgain),
            "never" => new TaskCompletionSource<IPAddress[]>().Task,
            _ => Task.FromResult(new[] { IPAddress.Loopback }),
        });
        var found = await names.LookUpAsync(["here", "HERE", "nowhere", "later", "never"], TestContext.Current.CancellationToken);
        Assert.Equal(4, found.Count);
        Assert.Equal(IPAddress.Loopback, Assert.Single(found["here"]!));
        Assert.Empty(found["nowhere"]!);
        Assert.Null(found["later"]);
        Assert.Null(found["never"]);
    }
}
