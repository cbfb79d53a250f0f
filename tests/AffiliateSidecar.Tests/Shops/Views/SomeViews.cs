using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Support;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Shops.Views;

/// <summary>A shop's database on the private MariaDB. A table serves as a view as well as a view does.</summary>
sealed class SomeViews : IAsyncDisposable
{
    const string Numbered = """
        CREATE TABLE afs_orders (external_id INT PRIMARY KEY, status VARCHAR(40), currency VARCHAR(20), placed_at DATETIME, updated_at DATETIME(6), total DECIMAL(20,6),
          tax DECIMAL(20,6), shipping DECIMAL(20,6), fees DECIMAL(20,6), discount DECIMAL(20,6), customer_id INT, customer_email VARCHAR(255), customer_country VARCHAR(2),
          customer_ip VARCHAR(45), is_new_customer TINYINT, payment_method VARCHAR(60), coupons TEXT, click_id VARCHAR(100), partner_code VARCHAR(100), landing_url TEXT,
          KEY (updated_at, external_id)) DEFAULT CHARSET utf8mb4;
        CREATE TABLE afs_order_lines (order_id INT, external_id INT, product_id INT, sku VARCHAR(100), name VARCHAR(600), categories TEXT, quantity INT,
          subtotal DECIMAL(20,6), total DECIMAL(20,6), tax DECIMAL(20,6), KEY (order_id)) DEFAULT CHARSET utf8mb4;
        CREATE TABLE afs_refunds (order_id INT, external_id INT, amount DECIMAL(20,6), reason TEXT, occurred_at DATETIME, lines_known TINYINT, KEY (order_id)) DEFAULT CHARSET utf8mb4;
        CREATE TABLE afs_refund_lines (order_id INT, refund_id INT, line_id INT, amount DECIMAL(20,6), quantity INT, KEY (order_id));
        """;

    /// <summary>Ids, dates and amounts in text columns, as some shops have them.</summary>
    const string Texts = """
        CREATE TABLE afs_orders (external_id VARCHAR(200), status TEXT, currency TEXT, placed_at VARCHAR(40), updated_at VARCHAR(40), total TEXT) DEFAULT CHARSET utf8mb4;
        CREATE TABLE afs_order_lines (order_id VARCHAR(200), external_id VARCHAR(200), quantity TEXT, total TEXT) DEFAULT CHARSET utf8mb4;
        CREATE TABLE afs_refunds (order_id VARCHAR(200), external_id VARCHAR(200), amount TEXT) DEFAULT CHARSET utf8mb4;
        """;

    readonly string connectionString;

    SomeViews(string connectionString) => this.connectionString = connectionString;

    public ShopSettings Shop => new() { Name = "corner", TablePrefix = "afs_", ConnectionString = connectionString };

    public string Database => new MySqlConnectionStringBuilder(connectionString).Database;

    public static async Task<SomeViews> EmptyAsync() => new(await MariaDbServer.NewDatabaseAsync());

    public static Task<SomeViews> NumberedAsync() => MadeOfAsync(Numbered);

    /// <summary>On a server of the test's own, with which it ends.</summary>
    public static async Task<SomeViews> NumberedAsync(MariaDbServer server)
    {
        await new SomeViews(server.ConnectionString).ExecuteAsync("CREATE DATABASE shop");
        var views = new SomeViews(server.ConnectionString + ";Database=shop");
        await views.ExecuteAsync(Numbered);
        return views;
    }

    public static Task<SomeViews> TextsAsync() => MadeOfAsync(Texts);

    static async Task<SomeViews> MadeOfAsync(string sql)
    {
        var views = await EmptyAsync();
        await views.ExecuteAsync(sql);
        return views;
    }

    public async Task<ViewReader> OpenAsync() => await ViewReader.OpenAsync(Shop, ShopDb.OptionsFor(Shop), TestContext.Current.CancellationToken);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(connectionString + ";Allow User Variables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One order of 119.00 with one line of 100.00.</summary>
    public Task OrderAsync(int id, string updatedAt = "2026-11-20 10:00:00", string status = "completed", string? placedAt = null) => ExecuteAsync($"""
        INSERT INTO afs_orders (external_id, status, currency, placed_at, updated_at, total, tax) VALUES ({id}, '{status}', 'EUR', '{placedAt ?? updatedAt}', '{updatedAt}', 119, 19);
        INSERT INTO afs_order_lines (order_id, external_id, quantity, subtotal, total, tax) VALUES ({id}, {id * 10}, 1, 100, 100, 19);
        """);

    public async ValueTask DisposeAsync() => await MariaDbServer.DropAsync(connectionString);
}
