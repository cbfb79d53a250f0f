using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using MySqlConnector;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// A shop's whole history read from its database and booked, by the program in a process of its own; then runs that find nothing new.
/// Promise: 5,000 orders a second, 300 MB, and 5 ms of the shop's server for a run without news, the same (± 2×) in a shop a hundred times as large.
/// </summary>
static class Shop
{
    const int Large = 200_000, Small = 2_000, OrdersPerSecond = 5_000, Megabytes = 300, Milliseconds = 5;

    public static async Task<int> RunAsync(bool brief)
    {
        await using var server = new MariaDbServer { Durable = true };
        Console.WriteLine("storage  shop's orders  into      orders/s  working set  ms of the shop's server without news");
        var kept = true;
        foreach (var hpos in new[] { true, false })
        {
            var large = await GrownShop.MakeAsync(hpos, brief ? 400 : Large);
            if (brief)
            {
                // Each storage and each database once, which shows that they work.
                await MeasureAsync(large, hpos ? null : await MariaDbServer.NewDatabaseAsync());
                continue;
            }
            var small = await GrownShop.MakeAsync(hpos, Small);
            var (_, _, least) = await MeasureAsync(small, null);
            foreach (var own in new[] { null, await MariaDbServer.NewDatabaseAsync() })
            {
                var (speed, memory, idle) = await MeasureAsync(large, own);
                kept &= speed >= OrdersPerSecond && memory <= Megabytes && idle <= Milliseconds && idle <= 2 * least;
            }
            await MariaDbServer.DropAsync(small.ConnectionString);
            await MariaDbServer.DropAsync(large.ConnectionString);
        }
        return kept ? 0 : 1;
    }

    /// <param name="own">Connection string of the sidecar's own database; null: SQLite.</param>
    static async Task<(double OrdersPerSecond, long Megabytes, double Idle)> MeasureAsync(GrownShop shop, string? own)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            var data = Path.Combine(folder, "data");
            await AddPartnersAsync(data, own);
            var (outcome, memory) = await SyncAsync(folder, shop.Settings(data, own));
            var (read, seconds) = ((long)outcome["new"]!, (double)outcome["seconds"]!);
            if (read != shop.Orders)
                throw new InvalidOperationException($"{read} of {shop.Orders} orders were read.");
            var idle = await IdleAsync(shop, shop.Settings(data, own));
            Console.WriteLine($"{(shop.Hpos ? "hpos" : "legacy"),-7} {read,14:N0}  {(own is null ? "SQLite" : "MariaDB"),-8} {read / seconds,9:N0} {memory,9} MB {idle,10:N2}");
            return (read / seconds, memory, idle);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<(JsonNode Outcome, long Megabytes)> SyncAsync(string folder, IReadOnlyDictionary<string, string?> settings)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "affiliate-sidecar"),
            ["shop", "sync", "--json", .. settings.Where(s => s.Value is not null).Select(s => $"--{s.Key}={s.Value}")])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        long memory = 0;
        while (!process.HasExited)
        {
            memory = Math.Max(memory, process.Memory());
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(100));
        }
        return process.ExitCode == 0
            ? (JsonNode.Parse(await text)![0]!["outcome"]!, memory / 1_048_576)
            : throw new InvalidOperationException($"shop sync ended with {process.ExitCode}.");
    }

    /// <summary>How long the shop's server is busy with a run that finds nothing, by its own account.</summary>
    static async Task<double> IdleAsync(GrownShop shop, IReadOnlyDictionary<string, string?> settings)
    {
        const int Runs = 30;
        await using var app = Program.Build(new Dictionary<string, string?>(settings));
        var sync = app.Services.GetRequiredService<ShopSync>();
        await RunAsync(5);
        var before = await shop.BusySecondsAsync();
        await RunAsync(Runs);
        return (await shop.BusySecondsAsync() - before) * 1000 / Runs;

        async Task RunAsync(int runs)
        {
            for (var run = 0; run < runs; run++)
                await sync.RunAsync(sync.Shops.Single(), SyncScope.Changes, thorough: false, null, CancellationToken.None);
        }
    }

    /// <summary>About a fifth of the orders name one of them.</summary>
    static async Task AddPartnersAsync(string data, string? own)
    {
        var url = $"http://127.0.0.1:{MariaDbServer.FreePort()}";
        string[] arguments = ["serve-sidecar", url, data, .. own is null ? Array.Empty<string>() : [own]];
        await using var sidecar = await ServerProcess.StartAsync(url, arguments);
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
        foreach (var code in ShopGenerator.PartnerCodes)
        {
            using var made = await http.PostAsJsonAsync("/v1/partners", new { code, name = code, email = $"{code}@partner.example" });
            using var approved = await http.PostAsJsonAsync($"/v1/partners/{(await made.Content.ReadFromJsonAsync<JsonObject>())!["id"]}/approve", new { });
            approved.EnsureSuccessStatusCode();
        }
    }
}

/// <summary>The recorded shop multiplied, and an account that reads it.</summary>
sealed record GrownShop(bool Hpos, int Orders, string Prefix, string ConnectionString)
{
    string Reader => new MySqlConnectionStringBuilder(ConnectionString).Database[..30];

    public static async Task<GrownShop> MakeAsync(bool hpos, int orders)
    {
        var database = await MariaDbServer.NewDatabaseAsync();
        var generator = hpos ? await ShopGenerator.HposAsync(database) : await ShopGenerator.LegacyAsync(database);
        await generator.MultiplyAsync(orders, DateTimeOffset.UtcNow.AddHours(-1), TimeSpan.FromDays(365));
        var shop = new GrownShop(hpos, orders, generator.TablePrefix, database);
        await shop.QueryAsync($"""
            CREATE USER {shop.Reader} IDENTIFIED BY 'reads-only'; GRANT SELECT ON {new MySqlConnectionStringBuilder(database).Database}.* TO {shop.Reader};
            SET GLOBAL userstat = 1; SELECT 0
            """);
        return shop;
    }

    public Dictionary<string, string?> Settings(string data, string? own) => new()
    {
        ["data"] = data, ["ConnectionStrings:Sidecar"] = own, ["Sidecar:Shops:main:Kind"] = "woocommerce", ["Sidecar:Shops:main:Url"] = "https://shop.example/",
        ["Sidecar:Shops:main:TablePrefix"] = Prefix, ["Sidecar:Shops:main:OrdersPerSecond"] = "1000000", ["Logging:LogLevel:Default"] = "Warning",
        ["Sidecar:Shops:main:ConnectionString"] = new MySqlConnectionStringBuilder(ConnectionString) { UserID = Reader, Password = "reads-only" }.ConnectionString,
    };

    public Task<double> BusySecondsAsync() => QueryAsync($"SELECT busy_time FROM information_schema.user_statistics WHERE user = '{Reader}'");

    async Task<double> QueryAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToDouble(await command.ExecuteScalarAsync());
    }
}
