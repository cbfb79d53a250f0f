using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// Promises: a payout run over 10,000 partners and 1,000,000 entries in 10 s on MariaDB within 300 MB; the balance of a partner with 100,000 entries in 20 ms; everything
/// computed again (<c>db verify</c>) over 200,000 orders in 60 s; 64 changes of one order at once right in 100 of 100 rounds on SQLite, MariaDB and a Galera cluster of three.
/// </summary>
static class Money
{
    public static async Task<int> RunAsync(bool brief)
    {
        await using var mariaDb = new MariaDbServer { Durable = true };
        var kept = true;
        foreach (var own in new[] { await MariaDbServer.NewDatabaseAsync(), null })
        {
            kept &= await PayoutAsync(own, brief);
            kept &= await VerifyAsync(own is null ? null : await MariaDbServer.NewDatabaseAsync(), brief);
            kept &= await ManyAsync(own is null ? "SQLite" : "MariaDB", [own is null ? null : await MariaDbServer.NewDatabaseAsync()], brief);
        }
        // Three nodes take longer to start than all the rest takes briefly, and the tests start them too.
        if (brief)
            return kept ? 0 : 1;
        await using var cluster = await GaleraCluster.StartAsync();
        return kept & await ManyAsync("Galera", await cluster.NewDatabaseAsync(), brief) ? 0 : 1;
    }

    static async Task<bool> PayoutAsync(string? own, bool brief)
    {
        var (partners, entries, ofOne) = brief ? (100, 10_000, 1_000) : (10_000, 1_000_000, 100_000);
        using var folder = new Folder();
        await using var app = Open(folder, own);
        await LargeLedger.FillAsync(app.Services.GetRequiredService<Database>(), partners, entries, ofOne);
        var watch = Stopwatch.StartNew();
        var (batch, _) = await app.Services.GetRequiredService<PayoutRun>().CreateAsync(new PayoutOrder("EUR", null, 0, null, null, null, "benchmark"), default);
        var made = watch.Elapsed.TotalSeconds;
        var (file, _) = await app.Services.GetRequiredService<PayoutExport>().WriteAsync(batch, "csv", default);
        var exported = watch.Elapsed.TotalSeconds;
        await app.Services.GetRequiredService<Settlement>().SettleAsync(batch.Id, null, "benchmark", "benchmark", default);
        var (all, memory) = (watch.Elapsed.TotalSeconds, Environment.WorkingSet / 1_048_576);
        Console.WriteLine($"payout run   {Name(own),-8} {batch.LineCount,7:N0} partners {entries,10:N0} entries   {all:N1} s (batch {made:N1}, file of {file!.Bytes.Length / 1024:N0} kB {exported - made:N1}, paid {all - exported:N1}), {memory} MB");
        await app.StartAsync();
        using var http = Client(app);
        await LargeLedger.CloseAsync(app.Services.GetRequiredService<Database>());
        var balance = $"/v1/partners/{PublicId.Of(PublicId.Partner, 1)}/balance";
        var times = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            watch.Restart();
            await http.GetStringAsync(balance);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }
        times.Sort();
        Console.WriteLine($"balance      {Name(own),-8} {ofOne,7:N0} entries   median {times[25]:N1} ms, worst of the last 49 {times[^2]:N1} ms");
        await app.StopAsync();
        return brief || ((own is null || (all <= 10 && memory <= 300)) && times[25] <= 20);
    }

    /// <summary>As if the entries had been there for half an hour.</summary>
    static async Task<bool> VerifyAsync(string? own, bool brief)
    {
        var orders = brief ? 500 : 200_000;
        using var folder = new Folder();
        await using var app = Open(folder, own);
        await LargeLedger.FillAsync(app.Services.GetRequiredService<Database>(), 100, 0, 0);
        var intake = app.Services.GetRequiredService<OrderIntake>();
        foreach (var numbers in Enumerable.Range(1, orders).Chunk(500))
            await intake.AcceptManyAsync([.. numbers.Select(n => new OrderStated(SomeOrder(n)))]);
        var watch = Stopwatch.StartNew();
        var broken = 0;
        var slow = new List<string>();
        await using var db = app.Services.GetRequiredService<Database>().Open();
        foreach (var check in app.Services.GetServices<IIntegrityCheck>())
        {
            var since = watch.Elapsed;
            await foreach (var sentence in check.FindAsync(db, default))
                if (broken++ < 3)
                    Console.WriteLine($"  {check.Name}: {sentence}");
            if ((watch.Elapsed - since).TotalSeconds > 1)
                slow.Add($"{check.Name} {(watch.Elapsed - since).TotalSeconds:N1} s");
        }
        Console.WriteLine($"db verify    {Name(own),-8} {orders,7:N0} orders   {watch.Elapsed.TotalSeconds:N1} s, {broken} broken ({string.Join("; ", slow)})");
        return broken == 0 && (brief || watch.Elapsed.TotalSeconds <= 60);
    }

    static Order SomeOrder(int n) => new()
    {
        Shop = "main", ExternalId = $"{n}", Status = n % 20 == 0 ? "cancelled" : "completed", Currency = "EUR", PlacedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(n),
        UpdatedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(n), PartnerCode = $"partner{1 + n % 100}", Total = 113.07m, Tax = 18.06m,
        Customer = new() { ExternalId = $"{n % 50_000}" },
        Lines = [.. Enumerable.Range(1, 3).Select(l => new OrderLine { ExternalId = $"{l}", ProductId = $"{70 + l}", Name = "Green tea", Quantity = 2, Subtotal = 35, Total = 31.67m, Tax = 6.02m })],
        Refunds = n % 10 == 0 ? [new Refund { ExternalId = $"r{n}", Amount = 20 + n % 7 }] : null,
    };

    static async Task<bool> ManyAsync(string name, IReadOnlyList<string?> databases, bool brief)
    {
        var rounds = brief ? 2 : 100;
        var nodes = new List<(WebApplication App, HttpClient Http, Folder Folder)>();
        foreach (var database in databases)
        {
            var folder = new Folder();
            var app = Open(folder, database);
            await app.StartAsync();
            nodes.Add((app, Client(app), folder));
        }
        using var made = await nodes[0].Http.PostAsJsonAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@partner.example" });
        using var approved = await nodes[0].Http.PostAsJsonAsync($"/v1/partners/{(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]}/approve", new { });
        // The other nodes look for new partners every second.
        await Task.Delay(1_500);
        var right = 0;
        var watch = Stopwatch.StartNew();
        for (var round = 1; round <= rounds; round++)
            if (await ManyAtOnce.RoundAsync([.. nodes.Select(n => n.Http)], "sara", $"{round}") is var (booked, deserved) && booked == deserved)
                right++;
        Console.WriteLine($"64 at once   {name,-8} {nodes.Count,7} nodes   {right} of {rounds} rounds right, {watch.Elapsed.TotalMilliseconds / rounds:N0} ms a round");
        foreach (var (app, http, folder) in nodes)
        {
            http.Dispose();
            await app.StopAsync();
            await app.DisposeAsync();
            folder.Dispose();
        }
        return right == rounds;
    }

    static string Name(string? own) => own is null ? "SQLite" : "MariaDB";

    static WebApplication Open(Folder folder, string? own)
    {
        var app = Program.Build(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0", ["data"] = folder.Path, ["ConnectionStrings:Sidecar"] = own, ["Sidecar:BootstrapKey"] = SidecarServer.AdminKey, ["Sidecar:Site:Watch"] = "false",
            ["Sidecar:Site:Out"] = Path.Combine(folder.Path, "site-out"), ["Sidecar:Shops:main:Url"] = "https://shop.example/", ["Logging:LogLevel:Default"] = "Warning",
        });
        app.Services.GetRequiredService<Migrator>().Migrate();
        app.Services.GetRequiredService<Installation>().KeyFor("start");
        return app;
    }

    static HttpClient Client(WebApplication app)
    {
        var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
        return http;
    }

    sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
