using System.Net;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class SiteCommandTests : IDisposable
{
    readonly CommandFolder cli = new();

    string Out => Path.Combine(cli.Path, "site");

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_site_is_built_and_has_no_faults_until_somebody_touches_it()
    {
        var built = await cli.RunAsync("site", "build", "--out", Out, "--base-url", "https://partners.shop.example/", "--json");
        Assert.Equal((0, ""), (built.Exit, built.Error));
        Assert.Equal("https://partners.shop.example/", (string?)built.Json["base_url"]);
        var clean = await cli.RunAsync("site", "audit", "--out", Out);
        Assert.Equal((0, ""), (clean.Exit, clean.Error));

        File.Delete(Path.Combine(Out, "fa/terms/index.html"));
        var spoiled = await cli.RunAsync("site", "audit", "--out", Out);
        Assert.Equal(1, spoiled.Exit);
        Assert.Contains("sitemap.xml\tsitemap\tfound: https://partners.shop.example/fa/terms/\texpected: a page of this site", spoiled.Out, StringComparison.Ordinal);
        Assert.False((bool)(await cli.RunAsync("site", "audit", "--out", Out, "--json")).Json["ok"]!);
    }

    [Fact]
    public async Task The_published_program_is_looked_at_and_each_fault_says_who_must_do_what()
    {
        await using var host = await StaticHost.StartAsync();
        host.Folder = Out;
        var published = $"--Sidecar:Site:BaseUrl={host.Url}";
        await cli.RunAsync("site", "build", "--out", Out, published);
        var well = await cli.RunAsync("site", "audit", "--live", published);
        Assert.Equal((0, ""), (well.Exit, well.Error));
        Assert.Contains($"ok\tsignup-canonical\t{host.Url}fa/signup/", well.Out, StringComparison.Ordinal);

        File.Delete(Path.Combine(Out, "fa/signup/index.html"));
        var faulty = await cli.RunAsync("site", "audit", "--live", published);
        Assert.Equal(1, faulty.Exit);
        Assert.Contains($"FAULT\tsignup-answers\t{host.Url}fa/signup/\tfound: status 404\texpected: status 200", faulty.Out, StringComparison.Ordinal);
        Assert.Contains("\tWhoever runs the site's host: upload the newest build", faulty.Out, StringComparison.Ordinal);
        var json = (await cli.RunAsync("site", "audit", "--live", "--json", published)).Json;
        Assert.Equal((false, 1), ((bool)json["ok"]!, json["data"]!.AsArray().Count(c => (bool?)c!["ok"] == false)));
        Assert.Contains("signup-answers", (await cli.RunAsync("doctor", published)).Out, StringComparison.Ordinal);
        Assert.Contains("Set Sidecar:Site:BaseUrl", (await cli.RunAsync("site", "audit", "--live")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--base-url", "shop.example")]
    [InlineData("--base-url", "localhost:5000/site")]
    [InlineData("--Sidecar:Site:BaseUrl", "shop.example")]
    public async Task A_base_url_without_its_scheme_is_wrong_usage(string option, string address)
    {
        var result = await cli.RunAsync("site", "build", "--out", Out, option, address);
        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.Contains($"'{address}' is no base URL", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_used_is_a_sentence()
    {
        File.WriteAllText(Out, "a file");
        var blocked = await cli.RunAsync("site", "build", "--out", Path.Combine(Out, "below"));
        Assert.Equal(1, blocked.Exit);
        Assert.StartsWith("error: ", blocked.Error, StringComparison.Ordinal);
        Assert.Equal("a file", File.ReadAllText(Out));
        var empty = await cli.RunAsync("site", "audit", "--out", Path.Combine(cli.Path, "none"));
        Assert.Equal(1, empty.Exit);
        Assert.Contains("holds no site", empty.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_shows_the_site_below_the_path_of_its_base_url()
    {
        await cli.RunAsync("site", "build", "--out", Out, "--base-url", "https://shop.example/partners");
        using var stop = new CancellationTokenSource();
        var port = FreePort();
        var preview = cli.RunAsync(stop.Token, "site", "serve", "--out", Out, "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Assert.Contains("lang=\"fa\"", await http.GetStringAsync("/partners/fa/"), StringComparison.Ordinal);
                break;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
        using var top = await http.GetAsync("/");
        Assert.Equal("/partners/", top.RequestMessage!.RequestUri!.AbsolutePath);
        using var missing = await http.GetAsync("/partners/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        await stop.CancelAsync();
        Assert.Equal(0, (await preview).Exit);
    }

    [Fact]
    public async Task A_watched_site_is_built_at_each_change_and_open_pages_are_told()
    {
        var file = Path.Combine(cli.Path, "pages.json");
        void Write(string title) => File.WriteAllText(file, $$"""
            [{"slug":"green-tea","title":"{{title}}","description":"What green tea does for readers who write about tea all day long.","body_html":"<p>Tea.</p>","lang":"en"}]
            """);
        Write("Green tea for readers");
        using var stop = new CancellationTokenSource();
        var port = FreePort();
        var watch = cli.RunAsync(stop.Token, "site", "build", "--watch", "--out", Out, "--pages", file, "--base-url", "https://shop.example/", "--urls", $"http://127.0.0.1:{port}");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(1) };
        var first = await ShownAsync("Green tea for readers");
        // The page's own policy would let no script run.
        Assert.Contains("new EventSource('/.changes')", first, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", first, StringComparison.Ordinal);

        var told = await ListenAsync();
        Write("Green tea for writers");
        Assert.Equal("data: built\n\n", await told);
        await ShownAsync("Green tea for writers");

        told = await ListenAsync();
        File.WriteAllText(file, "[{");
        await told;
        await ShownAsync("Green tea for writers");
        await stop.CancelAsync();
        var ended = await watch;
        Assert.Equal(0, ended.Exit);
        Assert.Contains("is no array of pages", ended.Error, StringComparison.Ordinal);

        // It answers at once, and goes on when there is something to tell.
        async Task<Task<string>> ListenAsync()
        {
            var answer = await http.GetAsync("/.changes", HttpCompletionOption.ResponseHeadersRead);
            await Task.Delay(50);
            return answer.Content.ReadAsStringAsync();
        }

        async Task<string> ShownAsync(string title)
        {
            for (var attempt = 0; ; attempt++)
                try
                {
                    var page = await http.GetStringAsync("/en/green-tea/");
                    Assert.Contains($"<title>{title}</title>", page, StringComparison.Ordinal);
                    return page;
                }
                catch (HttpRequestException) when (attempt < 200)
                {
                    await Task.Delay(100);
                }
        }
    }

    [Fact]
    public async Task The_doctor_looks_at_the_site()
    {
        await cli.RunAsync("site", "build", "--out", Out);
        var well = await cli.RunAsync("doctor", $"--Sidecar:Site:Out={Out}");
        Assert.Contains("has no faults", well.Out, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Out, "en/index.html"), "");
        var spoiled = await cli.RunAsync("doctor", $"--Sidecar:Site:Out={Out}");
        Assert.Contains("site audit", spoiled.Out, StringComparison.Ordinal);
        var wrong = await cli.RunAsync("doctor", "--Sidecar:Site:ServiceUrl=shop.example");
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("'shop.example' is no base URL", wrong.Out, StringComparison.Ordinal);
    }

    static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
