using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AffiliateSidecar.Fraud;

/// <summary>The bundled program: sixty synthetic partners, sixty days, nine of them cheat.</summary>
static class Sample
{
    static readonly Lazy<Dictionary<string, string>> Codes = new(() =>
    {
        using var file = new CsvFile(Path("affiliates"), ["id", "code"], (_, e) => throw e);
        var codes = new Dictionary<string, string>();
        while (file.Read())
            codes.Add(file.Required("id", 60), file.Required("code", 40));
        return codes;
    });

    /// <summary>Code → how the partner cheats. For judging only.</summary>
    public static readonly IReadOnlyDictionary<string, string> Cheats = new Dictionary<string, string>
    {
        [Code("a0007")] = "checkout_injection", [Code("a0011")] = "self_purchase", [Code("a0018")] = "bot_burst", [Code("a0029")] = "brand_bidding",
        [Code("a0031")] = "bot_burst", [Code("a0038")] = "fake_orders", [Code("a0046")] = "checkout_injection", [Code("a0047")] = "cookie_stuffing",
        [Code("a0055")] = "fake_orders",
    };

    static readonly (string Kind, string File)[] Files =
        [("partners", "affiliates"), ("clicks", "clicks"), ("orders", "orders"), ("refunds", "refunds"), ("impressions", "impressions")];

    static readonly ConcurrentDictionary<DateTimeOffset, DatabaseTemplate> Imported = new();

    /// <summary>A service that has imported the program at that time.</summary>
    public static Task<SidecarApp> StartAsync(Db db = Db.Sqlite, DateTimeOffset? now = null, IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? customise = null)
    {
        var time = now ?? new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
        return SidecarApp.StartAsync(db, settings, customise, now: time, template: Imported.GetOrAdd(time, _ => new DatabaseTemplate(empty => FillAsync(empty, time))));
    }

    static async Task FillAsync(Dictionary<string, string?> settings, DateTimeOffset time)
    {
        settings["Sidecar:Shops:main:Kind"] = "woocommerce";
        await using var app = Program.Build(settings, services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(time)));
        app.Services.GetRequiredService<Migrator>().Migrate();
        await ImportAsync(app.Services);
    }

    public static async Task<IReadOnlyList<FileReport>> ImportAsync(IServiceProvider services) => await HistoryImport.RunAsync(services,
        Files.ToDictionary(f => f.Kind, f => Path(f.File)), new ImportProgress(TextWriter.Null), CancellationToken.None);

    static string Path(string file, [CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(here, $"../../../../src/AffiliateSidecar/Cli/Demo/Sample/{file}.csv.gz"));

    static string Code(string id) => Codes.Value[id];
}
