using System.Text.RegularExpressions;
using AffiliateSidecar.Support;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops.Views;

/// <summary>A shop with the tables that its maker publishes, and the views as its owner takes them out of the guide.</summary>
sealed partial class PublishedShop : IAsyncDisposable
{
    public static readonly string Guide = File.ReadAllText(Path.Combine(HouseTests.Root, "docs", "shop-database.md"));

    readonly string name;

    PublishedShop(string name, string connectionString) => (this.name, ConnectionString) = (name, connectionString);

    public string ConnectionString { get; }

    /// <param name="name">As the guide calls it, such as <c>PrestaShop 8</c>.</param>
    public static async Task<PublishedShop> OpenAsync(string name)
    {
        var shop = new PublishedShop(name, await MariaDbServer.NewDatabaseAsync());
        var tables = Path.Combine(AppContext.BaseDirectory, "Shops", "Views", "Published", name.Replace(' ', '-').ToLowerInvariant() + ".sql");
        await shop.ExecuteAsync(await File.ReadAllTextAsync(tables, TestContext.Current.CancellationToken));
        await shop.FollowAsync($"## {name}");
        return shop;
    }

    public Task KeepChangesAsync() => FollowAsync($"For {name}:");

    /// <summary>Runs the SQL that comes first after the line. The server of the tests knows no time zone by name, so the distance is written, as the guide says.</summary>
    Task FollowAsync(string line) =>
        ExecuteAsync(Sql().Match(Guide, Guide.IndexOf($"\n{line}\n", StringComparison.Ordinal)).Groups[1].Value.Replace("'Europe/Berlin'", "'+01:00'", StringComparison.Ordinal));

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(ConnectionString + ";Allow User Variables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<List<string>> RowsAsync(string sql, params string[] columns)
    {
        await using var connection = new MySqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join(' ', columns.Select(c => reader[c])));
        return rows;
    }

    public async ValueTask DisposeAsync() => await MariaDbServer.DropAsync(ConnectionString);

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sql();
}
