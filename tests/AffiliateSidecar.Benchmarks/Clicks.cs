using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace AffiliateSidecar.Benchmarks;

/// <summary>
/// Durable click redirects against a bare minimal-API redirect that stores nothing, each in its own process with the same settings,
/// in alternating rounds because the machine may be shared, and beside a sidecar whose clicks move no days of links and partners. Promise: half of the bare
/// requests per second, nine tenths of those without days, 99 % under 10 ms, no more than 250 MB after 100,000 clicks.
/// </summary>
static class Clicks
{
    const string BareUrl = "http://127.0.0.1:5140", SidecarUrl = "http://127.0.0.1:5141", WithoutUrl = "http://127.0.0.1:5142";

    public static async Task<int> RunAsync(bool brief)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-benchmark-").FullName;
        try
        {
            var script = Path.Combine(folder, "visitors.lua");
            await File.WriteAllTextAsync(script, Visitors);
            await using var bare = await ServerProcess.StartAsync(BareUrl, "serve-bare", BareUrl);
            await using var sidecar = await ServerProcess.StartAsync(SidecarUrl, "serve-sidecar", SidecarUrl, Path.Combine(folder, "data"));
            await using var without = await ServerProcess.StartAsync(WithoutUrl, "serve-without-days", WithoutUrl, Path.Combine(folder, "without"));
            await AddPartnerAsync(SidecarUrl);
            await AddPartnerAsync(WithoutUrl);
            return await CompareAsync(script, sidecar, Path.Combine(folder, "data"), brief ? (1, 1) : (5, 4));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<int> CompareAsync(string script, ServerProcess sidecar, string data, (int Rounds, int Seconds) plan)
    {
        // The runtime compiles hot code again, better, while it runs: all get the time for that first.
        await Load.RunAsync(BareUrl + "/r/sara", script, 2 * plan.Seconds);
        await Load.RunAsync(WithoutUrl + "/r/sara", script, 2 * plan.Seconds);
        var clicks = (await Load.RunAsync(SidecarUrl + "/r/sara", script, 2 * plan.Seconds)).Requests;
        var rounds = new List<(Load Bare, Load Without, Load Sidecar)>();
        Console.WriteLine("round   bare/s  no days/s  durable/s  of bare  of no days  durable p99   clicks so far  working set");
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var bare = await Load.RunAsync(BareUrl + "/r/sara", script, plan.Seconds);
            var without = await Load.RunAsync(WithoutUrl + "/r/sara", script, plan.Seconds);
            var durable = await Load.RunAsync(SidecarUrl + "/r/sara", script, plan.Seconds);
            clicks += durable.Requests;
            rounds.Add((bare, without, durable));
            Console.WriteLine($"{round,5} {bare.RequestsPerSecond,8:N0} {without.RequestsPerSecond,10:N0} {durable.RequestsPerSecond,10:N0} {durable.RequestsPerSecond / bare.RequestsPerSecond,8:P0} {durable.RequestsPerSecond / without.RequestsPerSecond,11:P0}"
                + $" {durable.P99Milliseconds,9:N2} ms {clicks,15:N0} {sidecar.WorkingSetMegabytes,9} MB {durable.Errors}");
        }
        var (ratio, p99) = (Median(rounds.Select(r => r.Sidecar.RequestsPerSecond / r.Bare.RequestsPerSecond)), Median(rounds.Select(r => r.Sidecar.P99Milliseconds)));
        var days = Median(rounds.Select(r => r.Sidecar.RequestsPerSecond / r.Without.RequestsPerSecond));
        var (stored, memory) = (Count(data), sidecar.WorkingSetMegabytes);
        Console.WriteLine($"median: {ratio:P0} of bare, {days:P0} of what it is without days, p99 {p99:N2} ms; {stored:N0} clicks stored for {clicks:N0} answers; {memory} MB");
        // A connection that wrk drops at the end may have stored a click whose answer it did not count.
        var complete = stored >= clicks && rounds.All(r => r.Sidecar.Errors is null);
        return complete && (plan.Rounds == 1 || (ratio >= 0.5 && days >= 0.9 && p99 < 10 && memory <= 250)) ? 0 : 1;
    }

    static async Task AddPartnerAsync(string url)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarServer.AdminKey);
        using var made = await http.PostAsJsonAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@partner.example" });
        var id = (await made.Content.ReadFromJsonAsync<JsonObject>())!["id"];
        using var approved = await http.PostAsJsonAsync($"/v1/partners/{id}/approve", new { });
        approved.EnsureSuccessStatusCode();
    }

    static long Count(string data)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "sidecar.db")};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from afs_clicks";
        return (long)command.ExecuteScalar()!;
    }

    static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    /// <summary>A thousand visitors with real-looking agents; the connection is kept, as browsers and proxies do.</summary>
    const string Visitors = """
        local n = 0
        request = function()
          n = n % 1000 + 1
          wrk.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0." .. n .. ".0 Safari/537.36"
          wrk.headers["Referer"] = "https://blog.example/posts/tea/"
          return wrk.format("GET")
        end
        """;
}
