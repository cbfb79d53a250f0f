using System.IO.Compression;
using System.Text.Json;

namespace AffiliateSidecar.Shops.Demo;

/// <summary>Somebody who sent customers to the shop; the aliases are what the links say.</summary>
sealed record RecordedPartner(string Code, string Name, IReadOnlyList<string> Aliases, IReadOnlyList<string> Coupons);

/// <summary>
/// A real WooCommerce 11 shop, recorded on one day in November 2026: browser checkouts, status changes, refunds, in dollars and euros.
/// Names and addresses in it are invented. The demo replays it; the tests do too.
/// </summary>
static class DemoShop
{
    /// <summary>The secret of all recorded webhooks.</summary>
    public const string Secret = "rig_secret_4f1c9a7e2b";

    static readonly Lazy<IReadOnlyList<RecordedDelivery>> All = new(Load);

    /// <summary>Who sent customers to the shop.</summary>
    public static IReadOnlyList<RecordedPartner> Partners { get; } =
    [
        new("sara", "Sara", ["partner-sara"], ["sara-15"]),
        new("tom", "Tom", ["partner-tom"], []),
        new("lin", "Lin", ["partner-lin"], []),
    ];

    /// <summary>Everything that both shops sent, in order: pings and topics that nobody needs as well.</summary>
    public static IReadOnlyList<RecordedDelivery> Recording => All.Value;

    /// <summary>What one shop said about its orders.</summary>
    public static IReadOnlyList<RecordedDelivery> Deliveries { get; } =
        [.. Recording.Where(d => d.Shop == "hpos" && d.Topic?.StartsWith("order.", StringComparison.Ordinal) == true)];

    /// <summary>Deliver the orders as WooCommerce does: to the webhook's address, signed with the shop's secret.</summary>
    /// <exception cref="HttpRequestException">A delivery was not answered with 200.</exception>
    public static async Task ReplayAsync(HttpClient http, string shop, string secret, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        for (var i = 0; i < Deliveries.Count; i++)
        {
            using var request = Deliveries[i].Request(shop, secret);
            using var response = await http.SendAsync(request, cancel);
            response.EnsureSuccessStatusCode();
            progress?.Report((i + 1.0) / Deliveries.Count);
        }
    }

    static List<RecordedDelivery> Load()
    {
        using var file = typeof(DemoShop).Assembly.GetManifestResourceStream("deliveries.jsonl.gz")!;
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var all = new List<RecordedDelivery>();
        while (lines.ReadLine() is { } line)
            all.Add(JsonSerializer.Deserialize<RecordedDelivery>(line, Http.Json.Options)!);
        return all;
    }
}
