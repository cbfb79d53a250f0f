using System.Net;
using System.Net.Http.Json;
using AffiliateSidecar.Support;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Storage;

public sealed class FaultTests
{
    [Fact]
    public async Task While_another_program_locks_the_file_the_answer_is_503_and_nothing_is_lost()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(app.DataFolder, "sidecar.db")};Pooling=false"))
        {
            await other.OpenAsync();
            await using var transaction = other.BeginTransaction(deferred: false);
            using var locked = await app.Http.PutAsJsonAsync("/v1/orders/main/2", Some.Order(partner: "sara"));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, locked.StatusCode);
            Assert.NotNull(locked.Headers.RetryAfter);
            Assert.Equal("application/problem+json", locked.Content.Headers.ContentType?.MediaType);
            Assert.Single((await app.GetAsync("/v1/orders"))["data"]!.AsArray());
        }
        await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "sara"));
        Assert.Equal(2, (await app.GetAsync("/v1/orders"))["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task While_the_file_is_gone_nothing_is_called_stored_and_nothing_is_lost()
    {
        await using var app = await SidecarApp.StartAsync();
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        var (file, elsewhere) = (Path.Combine(app.DataFolder, "sidecar.db"), Path.Combine(app.DataFolder, "elsewhere.db"));
        File.Move(file, elsewhere);
        using var refused = await app.Http.PutAsJsonAsync("/v1/orders/main/2", Some.Order(partner: "sara"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.False(File.Exists(file));
        File.Move(elsewhere, file);
        await app.PutAsync("/v1/orders/main/2", Some.Order(partner: "sara"));
        Assert.Equal(2, (await app.GetAsync("/v1/orders"))["data"]!.AsArray().Count);
        await app.VerifyAsync();
    }

    [Fact]
    public async Task A_read_only_file_is_read_and_writes_are_refused_clearly()
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var file = Path.Combine(folder, "sidecar.db");
        await using var writer = await SidecarApp.StartAsync(dataFolder: folder);
        await writer.PartnerAsync("sara");
        await using var app = await SidecarApp.StartAsync(settings: new Dictionary<string, string?> { ["ConnectionStrings:Sidecar"] = $"Data Source={file};Mode=ReadOnly" });
        Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
        using var refused = await app.Http.PutAsJsonAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Single((await app.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_full_disk_counts_as_unavailable_not_as_a_mistake()
    {
        var file = Path.GetTempFileName();
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "create table t (x blob); pragma max_page_count = 10;";
        await command.ExecuteNonQueryAsync();
        command.CommandText = "insert into t values (randomblob(1000000))";
        var full = await Assert.ThrowsAsync<SqliteException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(13, full.SqliteErrorCode);
        Assert.True(Database.IsUnavailable(full));
        await connection.CloseAsync();
        File.Delete(file);
    }

    [Fact]
    public async Task With_a_wrong_password_the_service_starts_says_so_and_recovers()
    {
        var admin = await MariaDbServer.NewDatabaseAsync();
        var settings = new MySqlConnectionStringBuilder(admin);
        var (user, database) = ("u" + settings.Database[1..13], settings.Database);
        settings.UserID = user;
        settings.Password = "right-one";
        await using var app = await SidecarApp.StartAsync(connectionString: settings.ConnectionString);
        using var refused = await app.Http.GetAsync("/v1/partners");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.DoesNotContain("right-one", await refused.Content.ReadAsStringAsync());

        await using (var connection = new MySqlConnection(admin))
        {
            await connection.OpenAsync();
            await using var grant = new MySqlCommand($"create user '{user}'@'%' identified by 'right-one'; grant all on {database}.* to '{user}'@'%'", connection);
            await grant.ExecuteNonQueryAsync();
        }
        for (var i = 0; i < 100; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(3));
            using var answer = await app.Http.GetAsync("/v1/partners");
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            await Task.Delay(100);
        }
        await app.PartnerAsync("sara");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_dies_in_the_middle_of_an_answer_counts_as_unavailable(bool reset)
    {
        var connection = new MySqlConnectionStringBuilder(await MariaDbServer.NewDatabaseAsync());
        await using var gate = new TcpGate((int)connection.Port);
        connection.Port = (uint)gate.Port;
        await using var app = await SidecarApp.StartAsync(Db.MariaDb, connectionString: connection.ConnectionString);
        var database = app.Services.GetRequiredService<Database>();
        var work = database.WriteAsync((db, cancel) => db.ExecuteAsync("do sleep(20)", cancel));
        await Task.Delay(300);
        gate.Shut(reset);
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => work);
        Assert.True(Database.IsUnavailable(fault), fault.ToString());
        gate.Open();
    }

    [Fact]
    public async Task After_the_server_was_restarted_nobody_notices()
    {
        var connection = new MySqlConnectionStringBuilder(await MariaDbServer.NewDatabaseAsync());
        await using var gate = new TcpGate((int)connection.Port);
        connection.Port = (uint)gate.Port;
        await using var app = await SidecarApp.StartAsync(Db.MariaDb, connectionString: connection.ConnectionString);
        await app.PartnerAsync("sara");
        // The pool's connections are dead without knowing it.
        for (var id = 1; id <= 3; id++)
        {
            gate.Shut();
            gate.Open();
            using var answer = await app.Http.PutAsJsonAsync($"/v1/orders/main/{id}", Some.Order(partner: "sara"));
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            using var partner = await app.Http.PostAsJsonAsync("/v1/partners", new { name = $"P{id}", email = $"p{id}@partner.example" });
            Assert.Equal(HttpStatusCode.Created, partner.StatusCode);
            using var read = await app.Http.GetAsync("/v1/orders");
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
    }

    [Theory, BothDatabases]
    public async Task A_schema_newer_than_the_program_is_refused(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        var database = app.Services.GetRequiredService<Database>();
        await using (var connection = database.Open())
            await connection.ExecuteAsync("insert into afs_schema (version) values (99990101)");
        var refusal = Assert.Throws<NewerSchemaException>(() => app.Services.GetRequiredService<Migrator>().Migrate());
        Assert.Contains("99990101", refusal.Message);
    }

    [Theory]
    [InlineData("2026-11-23T07:47:00.123456Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999999Z")]
    public void Times_come_back_as_they_were_written(string time)
    {
        var value = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(value, UnixTime.FromMicros(UnixTime.ToMicros(value)));
    }

    [Fact]
    public void Ids_sort_by_age_and_numbers_come_back()
    {
        var now = DateTimeOffset.UtcNow;
        var ids = Enumerable.Range(0, 100).Select(i => PublicId.New(PublicId.Order, now.AddMilliseconds(i))).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        foreach (var number in new[] { 1, 31, 32, 12345, int.MaxValue })
            Assert.Equal(number, PublicId.NumberOf(PublicId.Partner, PublicId.Of(PublicId.Partner, number)));
        Assert.Null(PublicId.NumberOf(PublicId.Partner, "prt_zzz"));
        Assert.Null(PublicId.NumberOf(PublicId.Partner, "ord_00000080"));
    }
}
