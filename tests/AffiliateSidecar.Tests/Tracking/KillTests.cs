using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AffiliateSidecar.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class KillTests
{
    /// <summary>With a shop and an approved partner.</summary>
    static async Task<SidecarProcess> StartAsync(string folder, string? connection)
    {
        var sidecar = await SidecarProcess.StartAsync(folder, connection, ("Sidecar__BootstrapKey", SidecarApp.AdminKey), ("Sidecar__Shops__main__Url", "https://shop.example/"));
        sidecar.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SidecarApp.AdminKey);
        using var made = await sidecar.Http.PostAsJsonAsync("/v1/partners", new { code = "sara", name = "Sara", email = "sara@partner.example" });
        var id = (await made.Content.ReadFromJsonAsync<JsonObject>())!["id"];
        using var approved = await sidecar.Http.PostAsJsonAsync($"/v1/partners/{id}/approve", new { });
        approved.EnsureSuccessStatusCode();
        return sidecar;
    }

    /// <summary>Clicks without end until the process is gone; the ids that were answered.</summary>
    static async Task<ConcurrentBag<string>> ClickUntilKilledAsync(SidecarProcess sidecar, int atLeast)
    {
        var answered = new ConcurrentBag<string>();
        var visitors = Enumerable.Range(0, 16).Select(async visitor =>
        {
            try
            {
                while (true)
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/r/sara");
                    request.Headers.TryAddWithoutValidation("User-Agent", $"{RedirectTests.Firefox} {visitor}");
                    using var response = await sidecar.Http.SendAsync(request);
                    answered.Add(response.Headers.Location!.OriginalString.Split("aff_click=")[1]);
                }
            }
            catch (HttpRequestException)
            {
                // Killed.
            }
        }).ToArray();
        await OutageTests.UntilAsync(() => Task.FromResult(answered.Count >= atLeast));
        sidecar.Kill();
        await Task.WhenAll(visitors);
        return answered;
    }

    static async Task AssertStoredAsync(SidecarApp app, ConcurrentBag<string> answered)
    {
        var stored = (await RedirectTests.ClicksAsync(app)).Select(c => c.Id).ToHashSet();
        Assert.Empty(answered.Except(stored));
        // Each of the 16 visitors may have had one click stored whose answer did not reach him.
        Assert.InRange(stored.Count, answered.Count, answered.Count + 16);
    }

    [Theory, BothDatabases]
    public async Task Every_click_that_was_answered_survives_kill_9(Db db)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var connection = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        ConcurrentBag<string> answered;
        using (var sidecar = await StartAsync(folder, connection))
        {
            answered = await ClickUntilKilledAsync(sidecar, atLeast: 500);
        }
        await using var app = await SidecarApp.StartAsync(db, dataFolder: folder, connectionString: connection);
        await AssertStoredAsync(app, answered);
    }

    [Fact]
    public async Task So_does_every_click_of_an_outage()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        ConcurrentBag<string> answered;
        using (var sidecar = await StartAsync(folder, null))
        {
            using (await sidecar.Http.GetAsync("/r/sara"))
            {
            }
            await using var other = new SqliteConnection($"Data Source={Path.Combine(folder, "sidecar.db")};Pooling=false");
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction();
            answered = await ClickUntilKilledAsync(sidecar, atLeast: 500);
        }
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "spool")));
        await using var app = await SidecarApp.StartAsync(dataFolder: folder);
        await OutageTests.UntilAsync(() => Task.FromResult(Directory.GetFiles(Path.Combine(folder, "spool")).Length == 0));
        answered.Add((await RedirectTests.ClicksAsync(app))[0].Id);
        await AssertStoredAsync(app, answered);
    }
}
