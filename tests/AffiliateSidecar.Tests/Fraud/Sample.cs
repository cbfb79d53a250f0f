using System.Runtime.CompilerServices;
using AffiliateSidecar.Cli.Import;
using AffiliateSidecar.Support;

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

    public static async Task<IReadOnlyList<FileReport>> ImportAsync(SidecarApp app) => await HistoryImport.RunAsync(app.Services,
        Files.ToDictionary(f => f.Kind, f => Path(f.File)), new ImportProgress(TextWriter.Null), CancellationToken.None);

    static string Path(string file, [CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(here, $"../../../../src/AffiliateSidecar/Cli/Demo/Sample/{file}.csv.gz"));

    static string Code(string id) => Codes.Value[id];
}
