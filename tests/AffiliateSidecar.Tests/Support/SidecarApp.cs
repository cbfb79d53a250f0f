using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Support;

/// <summary>The whole service on a real port and a real database, with a clock the test turns.</summary>
public sealed class SidecarApp : IAsyncDisposable
{
    public const string AdminKey = "test-admin-key";

    readonly WebApplication app;
    readonly string folder;
    readonly string? mariaDb;

    SidecarApp(WebApplication app, string folder, string? mariaDb, FakeTimeProvider clock)
    {
        this.app = app;
        this.folder = folder;
        this.mariaDb = mariaDb;
        Clock = clock;
        Url = new Uri(app.Urls.First());
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Url };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        Anonymous = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
    }

    public FakeTimeProvider Clock { get; }

    public Uri Url { get; }

    /// <summary>With an admin key; follows no redirect.</summary>
    public HttpClient Http { get; }

    /// <summary>Without a key; follows no redirect.</summary>
    public HttpClient Anonymous { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>The <c>--data</c> folder.</summary>
    public string DataFolder => folder;

    public static async Task<SidecarApp> StartAsync(Db db = Db.Sqlite, IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? customise = null, string? dataFolder = null, string? connectionString = null, Action<WebApplication>? map = null,
        DateTimeOffset? now = null, DatabaseTemplate? template = null)
    {
        template ??= DatabaseTemplate.Migrated;
        var folder = dataFolder ?? Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var mariaDb = connectionString ?? (db == Db.MariaDb ? await template.CopyAsync() : null);
        if (dataFolder is null && mariaDb is null)
            await template.CopyAsync(folder);
        var clock = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var all = new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["data"] = folder,
            ["ConnectionStrings:Sidecar"] = mariaDb,
            ["Sidecar:BootstrapKey"] = AdminKey,
            ["Sidecar:Shops:main:Kind"] = "woocommerce",
            ["Sidecar:Shops:main:Url"] = "https://shop.example/",
            ["Sidecar:Shops:main:WebhookSecret"] = "test-secret",
            ["Sidecar:Site:Out"] = Path.Combine(folder, "site"),
            ["Sidecar:Site:Watch"] = "false",
            ["Sidecar:Site:Monitor"] = "false",
            ["Sidecar:Plugins:Folder"] = Path.Combine(folder, "plugins"),
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
            all[name] = value;
        var app = Program.Build(all, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            customise?.Invoke(services);
        });
        map?.Invoke(app);
        await app.StartAsync();
        return new SidecarApp(app, folder, mariaDb, clock);
    }

    /// <summary>
    /// Days go by, of which the service sees the last minute. Where it lives through all of them, whatever beats every second beats millions of times: half a
    /// minute of computing for forty days.
    /// </summary>
    public void Leap(TimeSpan time)
    {
        var minute = TimeSpan.FromMinutes(1);
        Clock.AdjustTime(Clock.GetUtcNow() + time - minute);
        Clock.Advance(minute);
    }

    /// <summary>An approved partner.</summary>
    public async Task<JsonObject> PartnerAsync(string code, params string[] aliases)
    {
        var partner = await PostAsync("/v1/partners", new { code, name = code, email = $"{code}@partner.example", aliases });
        return await PostAsync($"/v1/partners/{(string)partner["id"]!}/approve", new { });
    }

    /// <summary>POST that must succeed; the body of the answer.</summary>
    public async Task<JsonObject> PostAsync(string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(path, body);
        return await JsonAsync(response);
    }

    public async Task<JsonObject> PutAsync(string path, object body)
    {
        using var response = await Http.PutAsJsonAsync(path, body);
        return await JsonAsync(response);
    }

    public async Task<JsonObject> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return await JsonAsync(response);
    }

    /// <summary>What <c>db verify</c> asks.</summary>
    public async Task VerifyAsync()
    {
        await using var db = app.Services.GetRequiredService<Database>().Open();
        foreach (var check in app.Services.GetServices<IIntegrityCheck>())
            await foreach (var broken in check.FindAsync(db, default))
                Assert.Fail($"{check.Name}: {broken}");
    }

    static async Task<JsonObject> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Anonymous.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (mariaDb is not null)
            await MariaDbServer.DropAsync(mariaDb);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
