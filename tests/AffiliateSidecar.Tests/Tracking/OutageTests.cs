using System.Net;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class OutageTests
{
    static async Task<string> ClickAsync(SidecarApp app, string path = "/r/sara")
    {
        using var response = await RedirectTests.ClickAsync(app, path);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        var location = response.Headers.Location!.OriginalString;
        return location[(location.IndexOf("aff_click=", StringComparison.Ordinal) + "aff_click=".Length)..].Split('&')[0];
    }

    internal static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; !await holds(); attempt++)
        {
            Assert.True(attempt < 300, "It did not come about in 30 seconds.");
            await Task.Delay(100);
        }
    }

    static Task UntilHomeAsync(SidecarApp app) => UntilAsync(() => Task.FromResult(!app.Services.GetRequiredService<ClickWriter>().IsDegraded));

    static string[] Spooled(SidecarApp app) =>
        Directory.Exists(Path.Combine(app.DataFolder, "spool")) ? Directory.GetFiles(Path.Combine(app.DataFolder, "spool")) : [];

    [Fact]
    public async Task While_the_database_file_is_locked_clicks_go_to_the_spool_and_come_home_afterwards()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        List<string> answered = [await ClickAsync(app)];
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(app.DataFolder, "sidecar.db")};Pooling=false"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                var id = await ClickAsync(app);
                lock (answered)
                    answered.Add(id);
            }));
            Assert.Single(await RedirectTests.ClicksAsync(app));
            Assert.Single(Spooled(app));
        }
        await UntilHomeAsync(app);
        Assert.Empty(Spooled(app));
        answered.Add(await ClickAsync(app));
        Assert.Equal(answered.Order(StringComparer.Ordinal), (await RedirectTests.ClicksAsync(app)).Select(c => c.Id));
    }

    [Fact]
    public async Task While_the_database_server_is_gone_clicks_go_on_even_on_a_node_that_starts_then()
    {
        var connection = new MySqlConnectionStringBuilder(await MariaDbServer.NewDatabaseAsync());
        await using var gate = new TcpGate((int)connection.Port);
        connection.Port = (uint)gate.Port;
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var copy = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var answered = new List<string>();
        await using (var app = await SidecarApp.StartAsync(Db.MariaDb, dataFolder: folder, connectionString: connection.ConnectionString))
        {
            await app.PartnerAsync("sara");
            answered.Add(await ClickAsync(app));
            foreach (var file in Directory.GetFiles(folder))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            gate.Shut();
            answered.Add(await ClickAsync(app));
            answered.Add(await ClickAsync(app));
            Assert.NotEmpty(Spooled(app));

            await using var started = await SidecarApp.StartAsync(Db.MariaDb, dataFolder: copy, connectionString: connection.ConnectionString);
            answered.Add(await ClickAsync(started));
            Assert.NotEmpty(Spooled(started));

            gate.Open();
            await UntilHomeAsync(app);
            await UntilHomeAsync(started);
            answered.Add(await ClickAsync(app));
            Assert.Equal(answered.Order(StringComparer.Ordinal), (await RedirectTests.ClicksAsync(app)).Select(c => c.Id));
        }
    }

    [Theory, BothDatabases]
    public async Task A_spooled_click_that_is_in_the_database_already_is_not_counted_again(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await ClickAsync(app);
        var known = Assert.Single(await RedirectTests.ClicksAsync(app));
        var fresh = known with { Id = app.Services.GetRequiredService<ClickIds>().New(known.At, known.PartnerId, 0, 30), UserAgent = "Ünïcode \"quoted\" 😀" };
        var database = app.Services.GetRequiredService<Database>();
        for (var i = 0; i < 3; i++)
            Assert.Equal(i == 0 ? 1 : 0, await database.WriteAsync((write, token) => write.InsertNewAsync([known, fresh, fresh], token)));
        Assert.Equal([known.Id, fresh.Id], (await RedirectTests.ClicksAsync(app)).Select(c => c.Id));
        Assert.Equal(fresh.UserAgent, (await RedirectTests.ClicksAsync(app))[1].UserAgent);
    }

    [Fact]
    public async Task A_line_cut_by_a_crash_was_never_promised_and_a_damaged_one_is_kept_for_a_person()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        await ClickAsync(app);
        var click = Assert.Single(await RedirectTests.ClicksAsync(app));
        var folder = Directory.CreateDirectory(Path.Combine(app.DataFolder, "spool")).FullName;
        using (var spool = new Spool<ClickRow>(folder, "x", TimeProvider.System))
        {
            spool.Append([click, click]);
            var file = Assert.Single(spool.Closed());
            Assert.Equal(click, Spool<ClickRow>.Read(file).Rows[0]);
            var line = (await File.ReadAllLinesAsync(file))[0];
            await File.WriteAllTextAsync(file, $"{line}\n{line[..^20]}");
            Assert.Equal((1, 0), (Spool<ClickRow>.Read(file).Rows.Count, Spool<ClickRow>.Read(file).Damaged));
            await File.WriteAllTextAsync(file, $"{line}\n{line[..^20]}\n{line}\n");
            Assert.Equal((2, 1), (Spool<ClickRow>.Read(file).Rows.Count, Spool<ClickRow>.Read(file).Damaged));
        }
    }

    [Fact]
    public async Task Where_neither_database_nor_spool_takes_the_click_the_visitor_still_arrives()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        var spool = Path.Combine(app.DataFolder, "spool");
        if (Directory.Exists(spool))
            Directory.Delete(spool, recursive: true);
        await File.WriteAllTextAsync(spool, "a file where the folder should be");
        await using var other = new SqliteConnection($"Data Source={Path.Combine(app.DataFolder, "sidecar.db")};Pooling=false");
        await other.OpenAsync();
        await using var transaction = other.BeginTransaction();
        using var response = await RedirectTests.ClickAsync(app, "/r/sara/tea/?q=1");
        Assert.Equal((HttpStatusCode.Found, "https://shop.example/tea/?q=1"), (response.StatusCode, response.Headers.Location!.OriginalString));
    }

    [Theory, BothDatabases]
    public async Task A_recount_finds_the_hour_that_is_wrong(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await ClickAsync(app);
        await ClickAsync(app);
        var click = (await RedirectTests.ClicksAsync(app))[0];
        var database = app.Services.GetRequiredService<Database>();
        await database.WriteAsync((write, token) => write.Clicks.Where(c => c.Id == click.Id).Set(c => c.Flag, ClickFlag.Bot).UpdateAsync(token));
        await using var read = database.Open();
        var wrong = new RollupDifference { PartnerId = click.PartnerId, Hour = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero), Clicks = -1, Bots = 1 };
        Assert.Equal([wrong], await RollupCheck.RunAsync(read, default));
    }
}
