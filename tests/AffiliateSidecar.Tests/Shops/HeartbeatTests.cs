using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>The service knows when it was not running. The nodes here share the database of a service that has beaten once, at noon.</summary>
public sealed class HeartbeatTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, BothDatabases]
    public async Task The_first_start_ever_is_no_downtime_and_is_remembered(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        await BeatenAsync(app, Noon.AddSeconds(20));
        await using var connection = Open(app);
        Assert.Empty(await connection.Downtimes.ToListAsync(Cancel));
        Assert.Equal(Noon, await connection.InstantAsync("first_alive_at", Cancel));
        Assert.Equal(Noon, await Heartbeat.ConnectedSinceAsync(connection, "MAIN", Cancel));
        Assert.Null(await Heartbeat.ConnectedSinceAsync(connection, "other", Cancel));
    }

    [Theory, BothDatabases]
    public async Task The_sidecar_stands_beside_a_shop_since_it_was_first_told_of_an_order_however_old_the_order_is(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        app.Clock.Advance(TimeSpan.FromHours(1));
        // Not in the configuration yet; and an order of long ago.
        await app.PutAsync("/v1/orders/late/1", Some.Order(placedAt: "2019-01-01T00:00:00Z"));
        var configured = new ShopDirectory(new ConfigurationBuilder().AddInMemoryCollection([new("Sidecar:Shops:main:Kind", "woocommerce"), new("Sidecar:Shops:late:Kind", "api")]).Build());
        using var node = await Node.StartAsync(app, Noon.AddHours(2), shops: configured);
        await node.BegunAsync();
        await app.PutAsync("/v1/orders/main/1", Some.Order(placedAt: "2019-01-01T00:00:00Z"));
        await using var connection = Open(app);
        Assert.Equal(Noon.AddHours(1), await Heartbeat.ConnectedSinceAsync(connection, "late", Cancel));
        Assert.Equal(Noon, await Heartbeat.ConnectedSinceAsync(connection, "main", Cancel));
    }

    [Theory, BothDatabases]
    public async Task A_start_long_after_the_last_beat_ends_a_downtime(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        using var killed = await Node.StartAsync(app, Noon.AddHours(1));
        await BeatenAsync(app, Noon.AddHours(1));
        killed.Clock.Advance(TimeSpan.FromSeconds(20));
        await BeatenAsync(app, Noon.AddHours(1).AddSeconds(20));
        killed.Kill();
        using var later = await Node.StartAsync(app, Noon.AddHours(2));
        await BeatenAsync(app, Noon.AddHours(2));
        await using var connection = Open(app);
        Assert.Equal([(Noon, Noon.AddHours(1)), (Noon.AddHours(1).AddSeconds(20), Noon.AddHours(2))],
            (await connection.Downtimes.OrderBy(d => d.Id).ToListAsync(Cancel)).Select(d => (d.FromAt, d.ToAt)));
        Assert.Equal(Noon, await Heartbeat.ConnectedSinceAsync(connection, "main", Cancel));
    }

    [Theory, BothDatabases]
    public async Task A_short_restart_and_the_start_of_a_second_node_are_no_downtime(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        using var second = await Node.StartAsync(app, Noon.AddSeconds(90));
        await BeatenAsync(app, Noon.AddSeconds(90));
        await using var connection = Open(app);
        Assert.Empty(await connection.Downtimes.ToListAsync(Cancel));
    }

    [Theory, BothDatabases]
    public async Task Nodes_that_start_together_record_the_downtime_once(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Node.StartAsync(app, Noon.AddHours(1).AddMilliseconds(i))));
        await Task.WhenAll(nodes.Select(n => n.BegunAsync()));
        await using var connection = Open(app);
        Assert.Single(await connection.Downtimes.ToListAsync(Cancel));
        foreach (var node in nodes)
            node.Dispose();
    }

    [Theory, BothDatabases]
    public async Task A_database_that_was_away_while_the_service_ran_is_no_downtime(Db db)
    {
        await using var outage = await Outage.PrepareAsync(db);
        await using var app = await SidecarApp.StartAsync(db, connectionString: outage.ConnectionString);
        await BeatenAsync(app, Noon);
        using var node = await Node.StartAsync(app, Noon.AddSeconds(20));
        await BeatenAsync(app, Noon.AddSeconds(20));
        await outage.BeginAsync(app);
        node.Clock.Advance(TimeSpan.FromHours(1));
        await node.BeatenAsync(Noon.AddHours(1).AddSeconds(20));
        await outage.EndAsync();
        // It ends and starts again at once, and only the data folder knows that it ran until then.
        node.Kill();
        using var again = await Node.StartAsync(app, Noon.AddHours(1).AddSeconds(60), node.Folder);
        await BeatenAsync(app, Noon.AddHours(1).AddSeconds(60));
        await using var connection = Open(app);
        Assert.Empty(await connection.Downtimes.ToListAsync(Cancel));
    }

    [Theory, BothDatabases]
    public async Task A_clean_end_is_the_begin_of_the_downtime(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        using var node = await Node.StartAsync(app, Noon.AddSeconds(20));
        await BeatenAsync(app, Noon.AddSeconds(20));
        // Less than a beat later.
        node.Clock.Advance(TimeSpan.FromSeconds(7));
        await node.StopAsync();
        await BeatenAsync(app, Noon.AddSeconds(27));
    }

    [Theory, BothDatabases]
    public async Task A_killed_process_is_noticed_by_the_next_start(Db db)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var connectionString = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        var started = DateTimeOffset.UtcNow;
        using (var process = await SidecarProcess.StartAsync(folder, connectionString))
        {
            for (var i = 0; i < 100 && !File.Exists(Path.Combine(folder, "alive")); i++)
                await Task.Delay(100, Cancel);
            await Task.Delay(1000, Cancel);
            process.Kill();
        }
        var clock = new FakeTimeProvider(started.AddHours(1));
        await using var app = await SidecarApp.StartAsync(db, dataFolder: folder, connectionString: connectionString, customise: s => s.AddSingleton<TimeProvider>(clock));
        await BeatenAsync(app, UnixTime.Truncate(started.AddHours(1)));
        await using var connection = Open(app);
        var downtime = Assert.Single(await connection.Downtimes.ToListAsync(Cancel));
        Assert.InRange(downtime.FromAt, started, started.AddMinutes(2));
        Assert.Equal(UnixTime.Truncate(started.AddHours(1)), downtime.ToAt);
    }

    [Theory, BothDatabases]
    public async Task A_change_belongs_to_the_downtime_into_which_its_news_was_sent(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await BeatenAsync(app, Noon);
        using var node = await Node.StartAsync(app, Noon.AddHours(1));
        await BeatenAsync(app, Noon.AddHours(1));
        await using var connection = Open(app);
        async Task<bool> IsDownAsync(DateTimeOffset at) => (await connection.Downtimes.ToListAsync(Cancel)).At(at) is not null;
        // The shop's queue sends minutes later.
        Assert.False(await IsDownAsync(Noon.AddMinutes(-6)));
        Assert.True(await IsDownAsync(Noon.AddMinutes(-4)));
        Assert.True(await IsDownAsync(Noon.AddMinutes(30)));
        Assert.True(await IsDownAsync(Noon.AddMinutes(60)));
        Assert.False(await IsDownAsync(Noon.AddMinutes(62)));
    }

    static SidecarDb Open(SidecarApp app) => app.Services.GetRequiredService<Database>().Open();

    /// <summary>Wait until some node has beaten at that time.</summary>
    static async Task BeatenAsync(SidecarApp app, DateTimeOffset at)
    {
        DateTimeOffset? beat = null;
        for (var i = 0; i < 200 && beat != at; i++)
        {
            await Task.Delay(50, Cancel);
            await using var db = Open(app);
            beat = await db.InstantAsync("alive_at", Cancel);
        }
        Assert.Equal(at, beat);
    }

    /// <summary>One more node beside the service, with a clock and a data folder of its own.</summary>
    sealed class Node : IDisposable
    {
        readonly Heartbeat heartbeat;
        readonly bool ownsFolder;

        Node(SidecarApp app, DateTimeOffset at, string? folder, ShopDirectory? shops)
        {
            (ownsFolder, Folder) = (folder is null, folder ?? Directory.CreateTempSubdirectory("sidecar-node-").FullName);
            Clock = new FakeTimeProvider(at);
            var data = new DataFolder(new ConfigurationBuilder().AddInMemoryCollection([new("data", Folder)]).Build());
            heartbeat = new Heartbeat(app.Services.GetRequiredService<Database>(), data, shops ?? app.Services.GetRequiredService<ShopDirectory>(), Clock, NullLogger<Heartbeat>.Instance);
        }

        public FakeTimeProvider Clock { get; }

        public string Folder { get; }

        public static async Task<Node> StartAsync(SidecarApp app, DateTimeOffset at, string? folder = null, ShopDirectory? shops = null)
        {
            var node = new Node(app, at, folder, shops);
            await node.heartbeat.StartAsync(Cancel);
            return node;
        }

        public async Task BegunAsync()
        {
            for (var i = 0; i < 200 && !heartbeat.HasBegun; i++)
                await Task.Delay(50, Cancel);
            Assert.True(heartbeat.HasBegun);
        }

        /// <summary>Wait until its own data folder has the beat.</summary>
        public async Task BeatenAsync(DateTimeOffset at)
        {
            var text = "";
            for (var i = 0; i < 200 && text != Instants.Text(at); i++)
            {
                await Task.Delay(50, Cancel);
                text = await File.ReadAllTextAsync(Path.Combine(Folder, "alive"), Cancel);
            }
            Assert.Equal(Instants.Text(at), text);
        }

        /// <summary>Nothing is written any more.</summary>
        public void Kill() => heartbeat.Dispose();

        public Task StopAsync() => heartbeat.StopAsync(Cancel);

        public void Dispose()
        {
            heartbeat.Dispose();
            if (ownsFolder && Directory.Exists(Folder))
                Directory.Delete(Folder, recursive: true);
        }
    }
}
