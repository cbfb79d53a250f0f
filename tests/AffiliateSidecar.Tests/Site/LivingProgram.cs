using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Site;

/// <summary>A shop with its pages, the published site, and a stand-in for Google that checks signatures: all on the port of the service.</summary>
sealed class LivingProgram : IAsyncDisposable
{
    readonly RSA key = RSA.Create(2048);
    readonly string keyFile = Path.GetTempFileName();

    /// <summary>With <c>{0}</c> for the site's footer snippet and <c>{1}</c> for its base URL.</summary>
    public string Footer { get; set; } = "{0}";

    /// <summary>Null: the shop is down.</summary>
    public string? Home { get; set; } = "<a href=\"product/mug/\">A mug</a>";

    /// <summary>Empty: there is none; a number: that status.</summary>
    public string Robots { get; set; } = "";

    /// <summary>What is said of every page; null: refused.</summary>
    public object? Google { get; set; }
    public List<string> Inspected { get; } = [];
    public SidecarApp App { get; private set; } = null!;
    public string Site { get; private set; } = null!;
    Uri Url => new(App.Url, "/site/");

    public static async Task<LivingProgram> StartAsync(Db db = Db.Sqlite, bool google = false, bool nightly = false)
    {
        var world = new LivingProgram();
        var origin = $"http://127.0.0.1:{StaticHost.FreePort()}";
        var keyFile = world.keyFile;
        File.WriteAllText(keyFile, JsonSerializer.Serialize(new
        {
            type = "service_account", client_email = "monitor@shop.iam.example", private_key = world.key.ExportPkcs8PrivateKeyPem(), private_key_id = "k1", token_uri = $"{origin}/google/token",
        }));
        world.App = await SidecarApp.StartAsync(db, new Dictionary<string, string?>
        {
            ["urls"] = origin, ["Sidecar:Site:BaseUrl"] = $"{origin}/site/", ["Sidecar:Shops:main:Url"] = $"{origin}/shop/", ["Sidecar:Site:Monitor"] = nightly ? "true" : "false",
            ["Sidecar:Site:GoogleKeyFile"] = google ? keyFile : null, ["Sidecar:Site:GoogleProperty"] = "sc-domain:shop.example",
        }, services => services.AddSingleton(p => new GoogleInspection(p.GetRequiredService<GoogleQuota>(), p.GetRequiredService<TimeProvider>(), new Uri($"{origin}/google/"))), map: world.Map);
        world.Site = await world.App.BuildAsync();
        return world;
    }

    public Task<PresenceReport> LookAsync() => App.Services.GetRequiredService<PresenceMonitor>().RunAsync(default);

    public async Task<string> ReadinessAsync() =>
        (string)JsonNode.Parse(await App.Anonymous.GetStringAsync("/readyz"))!["checks"]!.AsArray().Single(c => (string)c!["name"]! == "site-presence")!["status"]!;

    void Map(WebApplication app)
    {
        IResult Page(string? body) => body is null ? TypedResults.StatusCode(503)
            : TypedResults.Content($"<!doctype html><title>Shop</title>{body}<footer>{string.Format(null, Footer, File.ReadAllText(Path.Combine(Site, "en/footer.html")), Url)}</footer>", "text/html; charset=utf-8");
        app.MapGet("/shop/", () => Page(Home));
        app.MapGet("/shop/product/mug/", () => Page("A mug"));
        app.MapGet("/robots.txt", () => Robots.Length == 0 ? TypedResults.NotFound() : int.TryParse(Robots, out var status) ? TypedResults.StatusCode(status) : (IResult)TypedResults.Text(Robots));
        app.MapPost("/google/token", Token);
        app.MapPost("/google/v1/urlInspection/index:inspect", InspectAsync);
    }

    ContentHttpResult Token(HttpRequest request)
    {
        var parts = request.Form["assertion"].ToString().Split('.');
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", request.Form["grant_type"]);
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var now = App.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(("monitor@shop.iam.example", $"{App.Url.GetLeftPart(UriPartial.Authority)}/google/token", now + 3600), ((string)claims["iss"]!, (string)claims["aud"]!, (long)claims["exp"]!));
        return TypedResults.Text("{\"access_token\":\"let-me-in\",\"expires_in\":3599}", "application/json");
    }

    async Task<IResult> InspectAsync(HttpRequest request)
    {
        if (request.Headers.Authorization != "Bearer let-me-in" || Google is null)
            return TypedResults.StatusCode(403);
        var asked = (await JsonNode.ParseAsync(request.Body))!;
        Assert.Equal("sc-domain:shop.example", (string?)asked["siteUrl"]);
        Inspected.Add((string)asked["inspectionUrl"]!);
        return TypedResults.Text(JsonSerializer.Serialize(new { inspectionResult = new { indexStatusResult = Google } }), "application/json");
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        key.Dispose();
        File.Delete(keyFile);
    }
}
