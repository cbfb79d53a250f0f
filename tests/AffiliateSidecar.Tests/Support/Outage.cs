using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>
/// Takes a service's database away and gives it back: SQLite's file is locked by another process's transaction,
/// MariaDB's connections are cut and refused by a gate in front of it.
/// </summary>
public sealed class Outage : IAsyncDisposable
{
    readonly Gate? gate;
    SqliteConnection? locker;

    Outage(Gate? gate) => this.gate = gate;

    /// <summary>Start the service with it; null for SQLite in its data folder.</summary>
    public string? ConnectionString => gate?.ConnectionString;

    public static async Task<Outage> PrepareAsync(Db db) => new(db == Db.MariaDb ? new Gate(await MariaDbServer.NewDatabaseAsync()) : null);

    public async Task BeginAsync(SidecarApp app)
    {
        if (gate is not null)
        {
            gate.Close();
            return;
        }
        locker = new SqliteConnection($"Data Source={Path.Combine(app.DataFolder, "sidecar.db")};Pooling=false");
        await locker.OpenAsync();
        using var command = locker.CreateCommand();
        command.CommandText = "begin exclusive";
        await command.ExecuteNonQueryAsync();
    }

    public async Task EndAsync()
    {
        gate?.Open();
        if (locker is not null)
            await locker.DisposeAsync();
        locker = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (locker is not null)
            await locker.DisposeAsync();
        gate?.Close();
    }

    sealed class Gate
    {
        readonly int target, port;
        readonly List<TcpClient> passing = [];
        TcpListener listener = new(IPAddress.Loopback, 0);

        public Gate(string connectionString)
        {
            target = (int)new MySqlConnectionStringBuilder(connectionString).Port;
            Open();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
            ConnectionString = new MySqlConnectionStringBuilder(connectionString) { Port = (uint)port }.ConnectionString;
        }

        public string ConnectionString { get; }

        public void Open()
        {
            if (port != 0)
                listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            _ = PassAsync(listener);
        }

        public void Close()
        {
            listener.Stop();
            lock (passing)
            {
                passing.ForEach(c => c.Dispose());
                passing.Clear();
            }
        }

        async Task PassAsync(TcpListener from)
        {
            try
            {
                while (true)
                    _ = ConnectAsync(await from.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        async Task ConnectAsync(TcpClient near)
        {
            using var far = new TcpClient();
            lock (passing)
                passing.AddRange([near, far]);
            try
            {
                await far.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
            }
            near.Dispose();
        }
    }
}
