using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Cli;

public sealed class CommandLineTests : IDisposable
{
    readonly CommandFolder cli = new();

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData("serve")]
    [InlineData("demo")]
    [InlineData("import")]
    [InlineData("keys")]
    [InlineData("keys", "create")]
    [InlineData("keys", "list")]
    [InlineData("keys", "revoke")]
    [InlineData("db", "migrate")]
    [InlineData("db", "verify")]
    [InlineData("shop", "check")]
    [InlineData("doctor")]
    [InlineData("data", "show")]
    [InlineData("data", "update")]
    [InlineData("site", "build")]
    [InlineData("site", "audit")]
    [InlineData("site", "serve")]
    public async Task Every_command_explains_itself(params string[] command)
    {
        var help = await cli.RunAsync([.. command, "--help"]);
        Assert.Equal((0, ""), (help.Exit, help.Error));
        Assert.Contains("Usage:", help.Out, StringComparison.Ordinal);
        Assert.Contains("--data <DIR>", help.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kyes")]
    [InlineData("keys", "create", "--name", "x")]
    [InlineData("keys", "revoke")]
    [InlineData("serve", "--port", "80")]
    [InlineData("serve", "--urls", "somewhere")]
    [InlineData("keys")]
    public async Task Wrong_usage_is_2_with_a_hint_and_changes_nothing(params string[] command)
    {
        var result = await cli.RunAsync(command);
        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cli.Path, "data")));
    }

    [Fact]
    public async Task A_new_key_is_all_that_stdout_has_and_opens_what_its_scopes_say()
    {
        var made = await cli.RunAsync("keys", "create", "--name", "shop", "--scopes", "partners:read, orders:write");
        Assert.Equal(0, made.Exit);
        await using var app = await SidecarApp.StartAsync(dataFolder: Path.Combine(cli.Path, "data"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/partners");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", made.Out.Trim());
        using var response = await app.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var beyond = new HttpRequestMessage(HttpMethod.Get, "/v1/plugins");
        beyond.Headers.Authorization = request.Headers.Authorization;
        using var refused = await app.Anonymous.SendAsync(beyond);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task An_unknown_scope_is_refused_with_the_list()
    {
        var result = await cli.RunAsync("keys", "create", "--name", "shop", "--scopes", "orders:write,everything");
        Assert.Equal(2, result.Exit);
        Assert.Contains("everything", result.Error, StringComparison.Ordinal);
        Assert.Contains("fraud:read", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_listed_without_its_secret_and_revoked_once()
    {
        var made = await cli.RunAsync("keys", "create", "--name", "shop", "--scopes", "admin", "--json");
        var id = (string)made.Json["id"]!;
        var list = await cli.RunAsync("keys", "list", "--json");
        Assert.Equal(id, (string?)list.Json[0]!["id"]);
        Assert.DoesNotContain((string)made.Json["key"]!, list.Out, StringComparison.Ordinal);
        Assert.Equal(0, (await cli.RunAsync("keys", "revoke", id)).Exit);
        Assert.Equal(1, (await cli.RunAsync("keys", "revoke", id)).Exit);
        Assert.NotNull((await cli.RunAsync("keys", "list", "--json")).Json[0]!["revoked_at"]);
    }

    [Fact]
    public async Task An_empty_installation_has_nothing_broken()
    {
        var verify = await cli.RunAsync("db", "verify", "--json");
        Assert.Equal(0, verify.Exit);
        Assert.True((bool)verify.Json["ok"]!);
        Assert.NotEmpty(verify.Json["checks"]!.AsArray());
    }

    [Theory, BothDatabases]
    public async Task A_ledger_that_was_tampered_with_is_found(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara"));
        var database = app.Services.GetRequiredService<Database>();
        string[] verify = ["db", "verify", $"--ConnectionStrings:Sidecar={database.ConnectionString}"];
        Assert.Equal(0, (await cli.RunAsync(verify)).Exit);
        await using (var connection = database.Open())
        {
            // Whoever may do anything to the database can take the lock off, and is found out all the same.
            await connection.ExecuteAsync("drop trigger afs_ledger_no_update");
            await connection.ExecuteAsync("update afs_ledger set amount_minor = amount_minor + 1 where amount_minor > 0");
        }
        var broken = await cli.RunAsync(verify);
        Assert.Equal(1, broken.Exit);
        Assert.Contains("BROKEN  every ledger transaction sums to zero per currency", broken.Out, StringComparison.Ordinal);
        Assert.Contains("BROKEN  the database refuses to change or delete ledger entries", broken.Out, StringComparison.Ordinal);
        await cli.RunAsync("db", "migrate", verify[2]);
        Assert.Contains("ok      the database refuses", (await cli.RunAsync(verify)).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db", "migrate")]
    [InlineData("keys", "list")]
    [InlineData("db", "verify")]
    public async Task A_database_that_is_away_is_one_line_and_not_a_secret(params string[] command)
    {
        var result = await cli.RunAsync([.. command, "--ConnectionStrings:Sidecar=Server=127.0.0.1;Port=1;User ID=me;Password=geheim"]);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.StartsWith("error: The database cannot be used", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_one_line()
    {
        var result = await cli.RunAsync("db", "migrate", "--ConnectionStrings:Sidecar=Serv=127.0.0.1");
        Assert.Equal(1, result.Exit);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("serve", "--urls", "http://127.0.0.1:0")]
    [InlineData("db", "migrate")]
    public async Task A_newer_schema_is_refused_and_left_as_it_is(params string[] command)
    {
        await cli.RunAsync("db", "migrate");
        await using (var db = new SqliteConnection($"Data Source={Path.Combine(cli.Path, "data", "sidecar.db")};Pooling=false"))
        {
            await db.OpenAsync();
            await using var insert = db.CreateCommand();
            insert.CommandText = "insert into afs_schema (version) values (20990101)";
            await insert.ExecuteNonQueryAsync();
        }
        var result = await cli.RunAsync(command);
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains($"schema 20990101, but this program knows only {Migrator.Known}", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("--Sidecar:Http:TrustedProxies=my-proxy")]
    [InlineData("--Sidecar:RateLimit:key:Requests=many")]
    [InlineData("--urls=somewhere")]
    public async Task A_setting_that_cannot_be_is_one_line(string setting)
    {
        var result = await cli.RunAsync("serve", "--urls", "http://127.0.0.1:0", setting);
        Assert.Equal("", result.Out);
        Assert.NotEqual(0, result.Exit);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var result = await cli.RunAsync("serve", "--urls", $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.Contains("address already in use", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Serve_says_where_it_answers_and_ends_in_peace()
    {
        using var stop = new CancellationTokenSource();
        using var output = new StringWriter();
        var serving = CommandLine.RunAsync(["serve", "--urls", "http://127.0.0.1:0", "--data", cli.Path], TextWriter.Synchronized(output), TextWriter.Null, stop.Token);
        string? api;
        while ((api = output.ToString().Split('\n').FirstOrDefault(l => l.Contains("API", StringComparison.Ordinal))) is null)
            await Task.Delay(50);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(api.Trim().Split(' ')[^1] + "/partners");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await stop.CancelAsync();
        Assert.Equal(0, await serving);
    }
}
