using System.Text.RegularExpressions;
using MySqlConnector;
using Xunit;

namespace AffiliateSidecar.Support;

/// <summary>
/// The tables of a WooCommerce shop with two orders in them, in a database of its own on the private server; accounts with whatever rights a test
/// gives them; and `shop check` as its owner would call it.
/// </summary>
public sealed class SmallShop : IAsyncDisposable
{
    public const string Password = "s3cr;et='in the wild";

    /// <summary>What must never be printed: from the rows of customers, from options that nobody asked for, from the connection string.</summary>
    public static readonly string[] Secrets = ["buyer@example.com", "sk_live_4711", Password, "$P$hash"];

    static readonly string Schema = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shops", "Recorded", "schema.sql"));

    readonly CommandFolder cli = new();
    readonly List<string> accounts = [];
    readonly string administrator;

    SmallShop(string administrator, string prefix) => (this.administrator, Prefix) = (administrator, prefix);

    public string Prefix { get; }

    public string Database => new MySqlConnectionStringBuilder(administrator).Database;

    /// <summary>A name that no other test's account has on the same server.</summary>
    public string User { get; } = "u" + Guid.NewGuid().ToString("N")[..12];

    public static async Task<SmallShop> OpenAsync(bool hpos = true, string prefix = "wp_", string? administrator = null)
    {
        var shop = new SmallShop(administrator ?? await MariaDbServer.NewDatabaseAsync(), prefix);
        var (storage, order) = hpos
            ? ("yes", $"""
                INSERT INTO {prefix}wc_orders (id, type, status, currency, billing_email, total_amount, date_created_gmt, date_updated_gmt) VALUES
                (11, 'shop_order', 'wc-completed', 'EUR', 'buyer@example.com', 10, '2026-11-20 10:00:00', '2026-11-20 10:05:00'),
                (12, 'shop_order', 'wc-processing', 'EUR', 'buyer@example.com', 10, '2026-11-21 12:30:00', '2026-11-21 12:30:00')
                """)
            : ("no", $"""
                INSERT INTO {prefix}posts (ID, post_type, post_status, post_content, post_title, post_excerpt, to_ping, pinged, post_content_filtered, post_date_gmt) VALUES
                (11, 'shop_order', 'wc-completed', '', '', '', '', '', '', '2026-11-20 10:00:00'),
                (12, 'shop_order', 'wc-processing', '', '', '', '', '', '', '2026-11-21 12:30:00')
                """);
        await shop.AdministratorAsync($"""
            SET sql_mode = '';
            {Schema.Replace("`wp_", $"`{prefix}", StringComparison.Ordinal)}
            INSERT INTO {prefix}options (option_name, option_value) VALUES ('siteurl', 'https://shop.example'), ('home', 'https://shop.example'),
            ('woocommerce_version', '11.0.1'), ('woocommerce_db_version', '11.0.1'), ('woocommerce_custom_orders_table_enabled', '{storage}'),
            ('woocommerce_stripe_settings', 'sk_live_4711');
            INSERT INTO {prefix}users (user_login, user_email, user_pass) VALUES ('buyer', 'buyer@example.com', '$P$hash');
            {order}
            """);
        return shop;
    }

    public async Task AdministratorAsync(string sql)
    {
        await using var connection = new MySqlConnection(administrator + ";Pooling=false;Allow User Variables=true");
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>An account of the shop with these rights.</summary>
    /// <param name="grants">Such as <c>SELECT ON {db}.*</c>.</param>
    /// <returns>Its connection string.</returns>
    public async Task<string> AccountAsync(params string[] grants)
    {
        await AdministratorAsync($"CREATE USER {User} IDENTIFIED BY {Quoted(Password)}");
        accounts.Add(User);
        foreach (var grant in grants)
            await GrantAsync(grant);
        return ConnectionString(User);
    }

    public Task GrantAsync(string grant) => AdministratorAsync(
        (grant.Contains(" WITH ", StringComparison.Ordinal) ? $"GRANT {grant.Replace(" WITH ", $" TO {User} WITH ", StringComparison.Ordinal)}" : $"GRANT {grant} TO {User}")
            .Replace("{db}", Database, StringComparison.Ordinal));

    public string ConnectionString(string user, string? password = Password) => new MySqlConnectionStringBuilder(administrator)
    {
        UserID = user, Password = password ?? "", MaximumPoolSize = 2,
    }.ConnectionString;

    /// <summary>`shop check`, and that it gave nothing away and said of whatever is wrong how to mend it.</summary>
    public async Task<CliResult> CheckAsync(string connectionString, params string[] further)
    {
        var result = await cli.RunAsync([.. Arguments("shop", connectionString), .. further]);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, result.Out + result.Error, StringComparison.Ordinal));
        var lines = result.Out.Split('\n');
        Assert.All(lines.Index().Where(l => Regex.IsMatch(l.Item, "^(failed|warn) ")), l => Assert.Matches("^ +→ .{10}", lines[l.Index + 1]));
        Assert.False(Directory.Exists(Path.Combine(cli.Path, "data", "sidecar.db")));
        return result;
    }

    public Task<CliResult> DoctorAsync(string connectionString) => cli.RunAsync(Arguments("doctor", connectionString));

    string[] Arguments(string command, string connectionString) =>
    [
        command, .. command == "shop" ? ["check"] : Array.Empty<string>(), "--Sidecar:Shops:tea:Kind=woocommerce", "--Sidecar:Shops:tea:Url=https://shop.example/",
        $"--Sidecar:Shops:tea:TablePrefix={Prefix}", $"--Sidecar:Shops:tea:ConnectionString={connectionString}",
    ];

    /// <summary>Does what the owner does: copies the statements out of what was printed, puts a password in and runs them.</summary>
    public async Task<string> FollowAsync(CliResult printed)
    {
        var statements = printed.Out.Split('\n').Where(l => Regex.IsMatch(l, "^(CREATE USER|GRANT) ")).ToList();
        Assert.NotEmpty(statements);
        foreach (var statement in statements)
            await AdministratorAsync(statement.Replace("'…choose one…'", Quoted(Password), StringComparison.Ordinal));
        var account = Regex.Match(statements[0], "^CREATE USER IF NOT EXISTS (.+) IDENTIFIED BY").Groups[1].Value;
        accounts.Add(account);
        return account;
    }

    static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    public async ValueTask DisposeAsync()
    {
        foreach (var account in accounts)
            await AdministratorAsync($"DROP USER IF EXISTS {account}");
        await AdministratorAsync($"DROP DATABASE `{Database.Replace("`", "``", StringComparison.Ordinal)}`");
        cli.Dispose();
    }
}
