using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>
/// A private MariaDB with a data folder of its own, started when the first test asks for it and ended with the run.
/// Every test gets a database of its own on it.
/// </summary>
public sealed class MariaDbServer : IAsyncDisposable
{
    static readonly SemaphoreSlim Starting = new(1, 1);
    static MariaDbServer? running;

    static readonly string[] Quick = ["--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync", "--skip-innodb-doublewrite"];

    readonly string[] further = [];
    Process? process;
    string? folder;
    int port;

    public MariaDbServer() => running = this;

    /// <summary>What is committed outlives the machine; otherwise the server alone, which is quicker.</summary>
    public bool Durable { get; init; }

    MariaDbServer(string[] arguments) => further = arguments;

    /// <summary>A server of the test's own, with further arguments; the test ends it.</summary>
    public static Task<MariaDbServer> StartOwnAsync(params string[] arguments) => StartOwnAsync(TimeSpan.FromSeconds(30), arguments);

    /// <param name="arguments"><c>{port}</c> is the server's own.</param>
    /// <param name="patience">How long it may take until it answers.</param>
    public static async Task<MariaDbServer> StartOwnAsync(TimeSpan patience, params string[] arguments)
    {
        var server = new MariaDbServer(arguments);
        await server.StartAsync(patience);
        return server;
    }

    /// <summary>As an administrator, in no database.</summary>
    public string ConnectionString => $"Server=127.0.0.1;Port={port};User ID=root";

    /// <summary>Connection string of a new, empty database.</summary>
    public static async Task<string> NewDatabaseAsync()
    {
        var server = running ?? throw new InvalidOperationException("The assembly fixture has not been made.");
        await Starting.WaitAsync();
        try
        {
            if (server.process is null)
                await server.StartAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            Starting.Release();
        }
        var name = "t" + Guid.NewGuid().ToString("N");
        await server.ExecuteAsync($"create database {name}");
        return $"Server=127.0.0.1;Port={server.port};User ID=root;Database={name};Maximum Pool Size=20;Connection Idle Timeout=10";
    }

    public static async Task DropAsync(string connectionString)
    {
        // A database on a server of the test's own goes with that server; this one may never have been started.
        if (running?.process is null)
            return;
        var name = new MySqlConnectionStringBuilder(connectionString).Database;
        await running.ExecuteAsync($"drop database if exists {name}");
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection($"Server=127.0.0.1;Port={port};User ID=root;Pooling=false;Connection Timeout=30");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    async Task StartAsync(TimeSpan patience)
    {
        folder = Directory.CreateTempSubdirectory("sidecar-mariadb-").FullName;
        port = FreePort();
        var data = Path.Combine(folder, "data");
        var said = new ConcurrentQueue<string>();
        var install = Start("mariadb-install-db", ["--no-defaults", $"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db", $"--user={Environment.UserName}"], said);
        await install.WaitForExitAsync();
        if (install.ExitCode != 0)
            throw new InvalidOperationException("mariadb-install-db failed. Is the package mariadb-server installed? Run ./test.sh, which installs it. It said: " + string.Join(" | ", said.TakeLast(12)));
        process = Start(File.Exists("/usr/sbin/mariadbd") ? "/usr/sbin/mariadbd" : "mariadbd",
        [
            "--no-defaults", $"--datadir={data}", $"--socket={Path.Combine(folder, "s.sock")}", $"--port={port}", "--bind-address=127.0.0.1",
            $"--pid-file={Path.Combine(folder, "pid")}", $"--user={Environment.UserName}", .. Durable ? ["--innodb-flush-log-at-trx-commit=1"] : Quick,
            "--innodb-buffer-pool-size=256M", "--innodb-log-file-size=64M", "--skip-log-bin", "--max-connections=2000",
            .. further.Select(a => a.Replace("{port}", $"{port}", StringComparison.Ordinal)),
        ]);
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                // A node that still joins its cluster answers, but not from a table.
                await ExecuteAsync("select count(*) from mysql.plugin");
                return;
            }
            catch (MySqlException) when (since.Elapsed < patience && !process.HasExited)
            {
                await Task.Delay(200);
            }
        }
    }

    static Process Start(string program, string[] arguments, ConcurrentQueue<string>? said = null)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, line) => said?.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => said?.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
        process?.Dispose();
        if (folder is not null)
            Directory.Delete(folder, recursive: true);
    }
}
