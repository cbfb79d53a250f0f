using System.IO.Compression;
using AffiliateSidecar.Http;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>The two recorded shops: the same WooCommerce, with its orders in tables of their own or in posts.</summary>
public enum RecordedShop
{
    Hpos,
    Legacy,
}

/// <summary>
/// The database of a recorded shop, restored into a database of its own on the private MariaDB, with an account that may only read it.
/// </summary>
public sealed class RecordedDatabase : IAsyncDisposable
{
    readonly string root, name;

    RecordedDatabase(string root, string prefix)
    {
        this.root = root;
        Prefix = prefix;
        var builder = new MySqlConnectionStringBuilder(root);
        name = builder.Database;
        builder.UserID = User;
        builder.Password = "reads-only";
        ConnectionString = builder.ConnectionString;
    }

    public string Prefix { get; }

    /// <summary>Of the account that may only read.</summary>
    public string ConnectionString { get; }

    /// <summary>Of the shop itself, which may do everything.</summary>
    public string OwnerConnectionString => root + ";Allow User Variables=true;Allow Zero DateTime=true;Pooling=false";

    /// <summary>The account's name, at <c>%</c>.</summary>
    public string User => name[..30];

    /// <summary>A shop of the configuration that stands on this database.</summary>
    internal ShopSettings Shop => new() { Name = "main", Kind = "woocommerce", ConnectionString = ConnectionString, TablePrefix = Prefix };

    /// <summary>The same for the command line.</summary>
    public string[] Arguments =>
    [
        "--Sidecar:Shops:main:Kind=woocommerce", "--Sidecar:Shops:main:Url=https://shop.example/", $"--Sidecar:Shops:main:TablePrefix={Prefix}",
        $"--Sidecar:Shops:main:ConnectionString={ConnectionString}", "--Sidecar:Shops:main:SweepDays=10000",
    ];

    /// <param name="prefix">Other table names than the recorded ones, such as <c>wp_2_</c> for a site of a multisite.</param>
    /// <param name="charset"><c>utf8mb3</c> for tables as old as many shops have them.</param>
    /// <param name="granted">False: the test grants what the account may read.</param>
    public static async Task<RecordedDatabase> RestoreAsync(RecordedShop shop, string? prefix = null, string charset = "utf8mb4", bool granted = true)
    {
        var recorded = shop == RecordedShop.Hpos ? "wp_" : "shop7_";
        var dump = (await ReadAsync(shop == RecordedShop.Hpos ? "dump-hpos.sql.gz" : "dump-legacy.sql.gz"))
            .Replace($"`{recorded}", $"`{prefix ?? recorded}", StringComparison.Ordinal)
            .Replace("CHARSET=utf8mb4 COLLATE=utf8mb4_", $"CHARSET={charset} COLLATE={charset}_", StringComparison.Ordinal);
        var database = new RecordedDatabase(await MariaDbServer.NewDatabaseAsync(), prefix ?? recorded);
        await database.ExecuteAsync(dump);
        await database.ExecuteAsync($"create user {database.User}@'%' identified by 'reads-only'");
        if (granted)
            await database.GrantAsync("*");
        return database;
    }

    /// <summary>Let the account read a table, by its whole name.</summary>
    public Task GrantAsync(string table) => ExecuteAsync($"grant select on {name}.{table} to {User}@'%'");

    /// <summary>As the shop itself: any number of statements.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new MySqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every row of a query, as texts.</summary>
    public async Task<List<Dictionary<string, string?>>> RowsAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Dictionary<string, string?>>();
        while (await reader.ReadAsync())
            rows.Add(Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, i => reader.IsDBNull(i) ? null : reader.GetValue(i).ToString()));
        return rows;
    }

    public async Task<MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnection(OwnerConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>A file of the recording.</summary>
    public static async Task<string> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Shops", "Recorded", file));
        using var text = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        return await text.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"drop user if exists {User}@'%'");
        await MariaDbServer.DropAsync(root);
    }
}
