namespace AffiliateSidecar.Support;

/// <summary>Three private MariaDB nodes that replicate to each other by Galera, all on loopback.</summary>
public sealed class GaleraCluster : IAsyncDisposable
{
    const string Provider = "/usr/lib/galera/libgalera_smm.so";

    readonly List<MariaDbServer> nodes = [];

    public static async Task<GaleraCluster> StartAsync()
    {
        if (!File.Exists(Provider))
            throw new InvalidOperationException($"There is no {Provider}. Is the package galera-4 installed? Run ./test.sh, which installs it with mariadb-server.");
        var cluster = new GaleraCluster();
        try
        {
            var first = 0;
            for (var node = 0; node < 3; node++)
            {
                var port = MariaDbServer.FreePort();
                // The first is a cluster of its own, the others join it one by one and copy its data.
                cluster.nodes.Add(await MariaDbServer.StartOwnAsync(TimeSpan.FromMinutes(2), "--wsrep-on=ON", $"--wsrep-provider={Provider}", "--wsrep-cluster-name=test",
                    $"--wsrep-cluster-address=gcomm://{(node == 0 ? "" : $"127.0.0.1:{first}")}", $"--wsrep-node-address=127.0.0.1:{port}",
                    $"--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:{port};ist.recv_addr=127.0.0.1:{MariaDbServer.FreePort()};gcache.size=16M", "--wsrep-sst-method=mysqldump",
                    "--wsrep-sst-auth=root:", "--wsrep-sst-receive-address=127.0.0.1:{port}", "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2"));
                first = node == 0 ? port : first;
            }
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database: its connection string on each node.</summary>
    public async Task<IReadOnlyList<string>> NewDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await nodes[0].ExecuteAsync($"create database {name}");
        return [.. nodes.Select(n => $"{n.ConnectionString};Database={name};Maximum Pool Size=20")];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(nodes))
            await node.DisposeAsync();
    }
}
