using System.IO.Compression;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>
/// A recorded WooCommerce shop in an empty database on MariaDB, and that shop grown: its orders again and again, with their refunds, lines,
/// addresses and meta, each copy under ids, dates and customers of its own.
/// </summary>
public sealed class ShopGenerator
{
    /// <summary>Partners whom about a fifth of the copied orders name, as campaign or as <c>?ref=</c>; the recorded orders name none of them.</summary>
    public static readonly IReadOnlyList<string> PartnerCodes = ["mina", "noor", "olga", "pedro", "ruth"];

    readonly string connectionString;
    readonly CopiedShop shop;

    ShopGenerator(string connectionString, CopiedShop shop) =>
        (this.connectionString, this.shop) = (new MySqlConnectionStringBuilder(connectionString)
        {
            Pooling = false, AllowUserVariables = true, DefaultCommandTimeout = 300,
        }.ConnectionString, shop);

    public string TablePrefix => shop.Prefix;

    /// <summary>The shop that keeps its orders in tables of their own: 92 orders, prefix <c>wp_</c>.</summary>
    public static Task<ShopGenerator> HposAsync(string connectionString) => new ShopGenerator(connectionString, CopiedShop.Hpos).RestoreAsync("dump-hpos.sql.gz");

    /// <summary>The shop that keeps its orders as posts: 20 orders, prefix <c>shop7_</c>.</summary>
    public static Task<ShopGenerator> LegacyAsync(string connectionString) => new ShopGenerator(connectionString, CopiedShop.Legacy).RestoreAsync("dump-legacy.sql.gz");

    async Task<ShopGenerator> RestoreAsync(string dump)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Shops", "Recorded", dump)), CompressionMode.Decompress));
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection, await text.ReadToEndAsync());
        return this;
    }

    /// <summary>Make the recorded orders into so many, placed at even distances in the time before <paramref name="until"/>.</summary>
    public async Task MultiplyAsync(int orders, DateTimeOffset until, TimeSpan within)
    {
        await using var connection = await OpenAsync();
        await PlanAsync(connection, orders, until, within);
        foreach (var table in shop.Tables)
            await ExecuteAsync(connection, $"RENAME TABLE {shop.Prefix}{table.Name} TO seed_{table.Name}; CREATE TABLE {shop.Prefix}{table.Name} LIKE seed_{table.Name}");
        // One processor a table.
        await Parallel.ForEachAsync(shop.Tables, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (table, _) => await CopyAsync(table));
        await ExecuteAsync(connection, $"DROP TABLE {string.Join(", ", shop.Tables.Select(t => "seed_" + t.Name))}, copies");
    }

    /// <summary>Which order is copied to which id, by how much its dates move, and which partner it names.</summary>
    async Task PlanAsync(MySqlConnection connection, int orders, DateTimeOffset until, TimeSpan within)
    {
        var known = await NumberAsync(connection, $"SELECT COUNT(*) FROM ({shop.Orders}) o WHERE parent = 0");
        var last = (orders - 1) / known;
        await ExecuteAsync(connection, $"""
            SELECT MAX(id) - MIN(id) + 1 INTO @ids FROM ({shop.Orders}) o;
            SELECT MAX(order_item_id) INTO @items FROM {shop.Prefix}woocommerce_order_items;
            SELECT MAX(ID) INTO @users FROM {shop.Prefix}users;
            CREATE TABLE copies (copy int, old_id bigint, new_id bigint, new_parent bigint, items bigint, users bigint, seconds bigint, code varchar(20)) ENGINE=InnoDB;
            INSERT INTO copies
            SELECT n.seq, o.id, o.id + n.seq * @ids, IF(o.parent = 0, 0, o.parent + n.seq * @ids), n.seq * @items, n.seq * @users,
                TIMESTAMPDIFF(SECOND, r.created, '{until.UtcDateTime:yyyy-MM-dd HH:mm:ss}')
                    - ({orders} - 1 - CAST(n.seq AS SIGNED) * {known} - r.place) * {(long)within.TotalSeconds} DIV {orders},
                ELT(1 + MOD(n.seq, {2 * PartnerCodes.Count}), {string.Join(", ", PartnerCodes.Select(c => $"'{c}'"))})
            FROM seq_0_to_{last} n STRAIGHT_JOIN ({shop.Orders}) o
            JOIN (SELECT id, created, CAST(ROW_NUMBER() OVER (ORDER BY id) AS SIGNED) - 1 AS place FROM ({shop.Orders}) placed WHERE parent = 0) r
                ON r.id = IF(o.parent = 0, o.id, o.parent)
            WHERE n.seq * {known} + r.place < {orders}
            ORDER BY n.seq, o.id;
            INSERT INTO {shop.Prefix}users (ID, user_login, user_nicename, user_email, user_registered, display_name)
            SELECT u.ID + n.seq * @users, CONCAT(u.user_login, n.seq), CONCAT(u.user_nicename, n.seq), CONCAT(n.seq, '.', u.user_email), u.user_registered, u.display_name
            FROM seq_0_to_{last} n STRAIGHT_JOIN {shop.Prefix}users u WHERE n.seq > 0
            """);
    }

    async Task CopyAsync(CopiedTable table)
    {
        await using var connection = await OpenAsync();
        var columns = new List<string>();
        await using (var command = new MySqlCommand($"SHOW COLUMNS FROM seed_{table.Name}", connection))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                columns.Add(reader.GetString(0));
        // One statement fills the empty table, and nothing is checked row by row: MariaDB then sorts each index at one go.
        await ExecuteAsync(connection, $"""
            INSERT INTO {shop.Prefix}{table.Name} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", columns.Select(c => table.Values.GetValueOrDefault(c, $"s.{c}")))} FROM copies m {table.Join};
            {Rest(table, columns)}
            ANALYZE TABLE {shop.Prefix}{table.Name}
            """);
    }

    string Rest(CopiedTable table, List<string> columns)
    {
        var values = columns.Select(c => table.Values.GetValueOrDefault(c) == CopiedTable.Numbered ? CopiedTable.Numbered : $"s.{c}");
        return table.Rest is null ? "" : $"INSERT INTO {shop.Prefix}{table.Name} SELECT {string.Join(", ", values)} FROM seed_{table.Name} s WHERE {table.Rest};";
    }

    async Task<MySqlConnection> OpenAsync()
    {
        var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "SET SESSION sql_mode = '', unique_checks = 0, foreign_key_checks = 0");
        return connection;
    }

    static async Task ExecuteAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static async Task<long> NumberAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }
}
