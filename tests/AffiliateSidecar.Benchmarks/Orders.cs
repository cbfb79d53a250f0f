using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using LinqToDB.Async;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// Distinct orders of three lines put over 16 connections, each attributed, rated and booked before it is answered.
/// Promise: 1,500 a second on SQLite, 600 on MariaDB, every one of them stored.
/// </summary>
static class Orders
{
    const int Connections = 16;

    public static async Task<int> RunAsync(bool brief)
    {
        await using var mariaDb = new MariaDbServer { Durable = true };
        Console.WriteLine("database  orders/s      p99   answered     stored");
        var sqlite = await MeasureAsync("SQLite", null, brief ? null : 1_500);
        var maria = await MeasureAsync("MariaDB", await MariaDbServer.NewDatabaseAsync(), brief ? null : 600);
        return sqlite && maria ? 0 : 1;
    }

    /// <param name="database">Connection string; null: SQLite.</param>
    /// <param name="promise">Orders a second; null: a short run that only asks whether it works.</param>
    static async Task<bool> MeasureAsync(string name, string? database, int? promise)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            var url = $"http://127.0.0.1:{MariaDbServer.FreePort()}";
            var script = Path.Combine(folder, "orders.lua");
            await File.WriteAllTextAsync(script, Shop);
            string[] arguments = ["serve-sidecar", url, Path.Combine(folder, "data"), .. database is null ? Array.Empty<string>() : [database]];
            await using var sidecar = await ServerProcess.StartAsync(url, arguments);
            using var http = new HttpClient { BaseAddress = new Uri(url) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
            await AddPartnerAsync(http);
            var warm = await Load.RunAsync(url, script, promise is null ? 1 : 3, Connections);
            await File.WriteAllTextAsync(script, Shop.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
            var load = await Load.RunAsync(url, script, promise is null ? 1 : 8, Connections);
            var answered = warm.Requests + load.Requests;
            var stored = await CountAsync(folder, database);
            Console.WriteLine($"{name,-8} {load.RequestsPerSecond,9:N0} {load.P99Milliseconds,6:N1} ms {answered,10:N0} {stored,10:N0} {warm.Errors} {load.Errors}");
            // What is under way when wrk ends may be stored without its answer being counted.
            return warm.Errors is null && load.Errors is null && stored >= answered && stored <= answered + 2 * Connections && load.RequestsPerSecond >= (promise ?? 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task AddPartnerAsync(HttpClient http)
    {
        using var made = await http.PostAsJsonAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@partner.example" });
        var id = (await made.Content.ReadFromJsonAsync<JsonObject>())!["id"];
        using var approved = await http.PostAsJsonAsync($"/v1/partners/{id}/approve", new { });
        approved.EnsureSuccessStatusCode();
    }

    /// <summary>Orders that have their commission.</summary>
    static async Task<long> CountAsync(string folder, string? database)
    {
        await using var app = Program.Build(new Dictionary<string, string?> { ["data"] = Path.Combine(folder, "data"), ["ConnectionStrings:Sidecar"] = database });
        await using var db = app.Services.GetRequiredService<Storage.Database>().Open();
        return await db.Commissions.Join(db.Orders, c => c.OrderId, o => o.Id, (c, o) => c.Id).LongCountAsync();
    }

    const string Shop = """
        local n = 0
        wrk.headers["Authorization"] = "Bearer benchmark-key"
        wrk.headers["Content-Type"] = "application/json"
        local line = '{"external_id":"%d","product_id":"%d","sku":"TEA-%d","name":"Green tea","quantity":2,"subtotal":"35.00","total":"31.67","tax":"6.02"}'
        local lines = string.format(line, 1, 71, 1) .. "," .. string.format(line, 2, 72, 2) .. "," .. string.format(line, 3, 73, 3)
        request = function()
          n = n + 1
          return wrk.format("PUT", "/v1/orders/main/" .. "a" .. n, nil, '{"status":"completed","currency":"EUR",'
            .. '"placed_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:05:00Z","total":"113.07","tax":"18.06","customer":{"external_id":"' .. n
            .. '","email":"buyer' .. n .. '@example.com","is_new":true,"country":"DE"},"partner_code":"sara","lines":[' .. lines .. ']}')
        end
        """;
}
