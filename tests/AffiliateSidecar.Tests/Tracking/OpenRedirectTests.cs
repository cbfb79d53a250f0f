using System.Net.Sockets;
using System.Text;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Tracking;

/// <summary>Raw bytes, because an HTTP client would tidy them up first.</summary>
public sealed class OpenRedirectTests
{
    static readonly string[] Targets =
    [
        "/r/sara//evil.example", "/r/sara///evil.example", "/r/sara/%2F%2Fevil.example", "/r/sara/%2f/evil.example", "/r/sara/%252F%252Fevil.example",
        @"/r/sara/\evil.example", @"/r/sara/\\evil.example", "/r/sara/%5Cevil.example", "/r/sara/%5c%5cevil.example", "/r/sara/%255Cevil.example", @"/r/sara/a\..\b",
        "/r/sara/https://evil.example", "/r/sara/https:evil.example", "/r/sara/https:%2F%2Fevil.example", "/r/sara/http%3A%2F%2Fevil.example/",
        "/r/sara/javascript:alert(1)", "/r/sara/JaVaScRiPt%3Aalert(1)", "/r/sara/data:text/html,x", "/r/sara/@evil.example", "/r/sara/%40evil.example/", "/r/sara@evil.example",
        "/r/sara/.evil.example", "/r/sara/%2Eevil.example", "/r/sara/:80@evil.example", "/r/sara/%3A80%40evil.example",
        "/r/sara/../../etc/passwd", "/r/sara/..%2f..%2fwp-admin", "/r/sara/%2e%2e/%2e%2e/wp-admin", "/r/sara/%2e%2e%2f%2e%2e", "/r/sara/a/%252e%252e/b", "/r/sara/..;/x", "/r/../r/sara/x",
        "/r/sara/a%0D%0ALocation:%20https://evil.example", "/r/sara/a%0d%0aSet-Cookie:x=1", "/r/sara/%E5%98%8D%E5%98%8ALocation:evil", "/r/sara/a%09b", "/r/sara/%09/evil.example",
        "/r/sara/%00", "/r/sara/%01", "/r/sara/%7F", "/r/sara/%C2%85", "/r/sara/%E2%80%AE", "/r/sara/%20//evil.example", "/r/sara/%20/evil.example",
        "/r/sara/%C0%AFevil.example", "/r/sara/%FF", "/r/sara/%ED%A0%80", "/r/sara/%zz", "/r/sara/%", "/r/sara/%u002Fevil", "/r/sara/\uFF0Fevil.example", "/r/sara/%EF%BC%8Fevil.example",
        "/r/sara?url=https://evil.example", "/r/sara?//evil.example", @"/r/sara?a=\\evil", "/r/sara?a=%0D%0AX:y", "/r/sara?a=\tb", "/r/sara?a=<script>\"'", "/r/sara?\u062F=\u0633", "/r/sara?a=%zz&%",
        "/r/sara#@evil.example", "/r/sara/#//evil.example", "/r/sara/a#b", "/r/sara/?#@evil.example/", "/r/sara;@evil.example", "/r/%2F%2Fevil.example", "/r/..%2Fsara", "/r//sara", "/r/%2e%2e/sara",
        "http://evil.example/r/sara/x", "https://evil.example/r/sara//x", "//evil.example/r/sara", "/R/sara/x", "/r/sara/x\rLocation: https://evil.example", "/r/sara/x\nLocation: https://evil.example",
        "/r/nobody//evil.example", "/r/nobody/%5Cevil.example", "/r/nobody/@evil.example", "/r/nobody?//evil.example", "/r/\u0633\u0627\u0631\u0627/x", "/r/%D8%B3//evil.example",
    ];

    static async Task<(int Status, string[] Headers)> RawAsync(Uri url, string method, string target, string host = "sidecar.example")
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.Host, url.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {RedirectTests.Firefox}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var lines = (await reader.ReadToEndAsync()).Split("\r\n\r\n")[0].Split("\r\n");
        return (int.Parse(lines[0].Split(' ')[1]), lines[1..]);
    }

    [Fact]
    public async Task Whatever_is_asked_for_the_answer_leads_to_the_shops_own_host_or_nowhere()
    {
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["Sidecar:Shops:main:Url"] = "https://shop.example/store" });
        await app.PartnerAsync("sara", "سارا");
        var led = 0;
        foreach (var target in Targets)
            foreach (var method in new[] { "GET", "HEAD" })
            {
                var (status, headers) = await RawAsync(app.Url, method, target);
                var locations = headers.Where(h => h.StartsWith("Location:", StringComparison.OrdinalIgnoreCase)).ToArray();
                Assert.True(status is 302 or 400 or 404, $"{target} was answered with {status}");
                Assert.DoesNotContain(headers, h => h.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase));
                if (status != 302)
                {
                    Assert.Empty(locations);
                    continue;
                }
                led++;
                var location = Assert.Single(locations)["Location: ".Length..];
                Assert.StartsWith("https://shop.example/store/", location);
                Assert.DoesNotContain("//", location["https://".Length..].Split('?')[0]);
                Assert.All(location, c => Assert.InRange(c, '!', '~'));
                Assert.DoesNotContain('\\', location);
                // As a browser would read it.
                var read = new Uri(location);
                Assert.Equal(("shop.example", "https", ""), (read.Host, read.Scheme, read.UserInfo));
                Assert.StartsWith("/store/", read.AbsolutePath);
            }
        Assert.InRange(led, 40, Targets.Length * 2);
        await RedirectTests.ClicksAsync(app);
    }

    [Fact]
    public async Task The_host_of_the_request_does_not_matter()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        foreach (var host in new[] { "evil.example", "shop.example.evil.example", "127.0.0.1" })
        {
            var (status, headers) = await RawAsync(app.Url, "GET", "/r/sara/x", host);
            Assert.Equal(302, status);
            Assert.StartsWith("Location: https://shop.example/x?", Assert.Single(headers, h => h.StartsWith("Location", StringComparison.Ordinal)));
        }
    }
}
