using AffiliateSidecar.Support;
using MySqlConnector;

namespace AffiliateSidecar.Shops;

/// <summary>A database with the few tables of a WooCommerce shop that tell of its webhooks, as WooCommerce 11 makes them, and an account that reads them.</summary>
sealed class ShopTables : IAsyncDisposable
{
    readonly string account = "shop" + Guid.NewGuid().ToString("N")[..12];
    readonly string owner;

    ShopTables(string owner) => this.owner = owner;

    /// <summary>Of the reading account.</summary>
    public string ConnectionString => new MySqlConnectionStringBuilder(owner) { UserID = account, Password = "geheim", MaximumPoolSize = 4 }.ConnectionString;

    /// <param name="rights">On the webhooks: <c>SELECT</c>, or with columns; empty: none.</param>
    public static async Task<ShopTables> CreateAsync(string rights = "SELECT", string hpos = "yes")
    {
        var shop = new ShopTables(await MariaDbServer.NewDatabaseAsync());
        await shop.ExecuteAsync($"""
            CREATE TABLE wp_wc_webhooks (
              webhook_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, status varchar(200) NOT NULL, name text NOT NULL, user_id bigint(20) unsigned NOT NULL,
              delivery_url text NOT NULL, secret text NOT NULL, topic varchar(200) NOT NULL, date_created datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
              date_created_gmt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', date_modified datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
              date_modified_gmt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', api_version smallint(4) NOT NULL, failure_count smallint(10) NOT NULL DEFAULT 0,
              pending_delivery tinyint(1) NOT NULL DEFAULT 0, PRIMARY KEY (webhook_id), KEY user_id (user_id)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
            CREATE TABLE wp_actionscheduler_actions (
              action_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, hook varchar(191) NOT NULL, status varchar(20) NOT NULL,
              scheduled_date_gmt datetime DEFAULT '0000-00-00 00:00:00', args varchar(191) DEFAULT NULL, extended_args varchar(8000) DEFAULT NULL,
              PRIMARY KEY (action_id), KEY hook_status_scheduled_date_gmt (hook(163),status,scheduled_date_gmt), KEY args (args)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
            CREATE TABLE wp_options (
              option_id bigint(20) unsigned NOT NULL AUTO_INCREMENT, option_name varchar(191) NOT NULL DEFAULT '', option_value longtext NOT NULL,
              autoload varchar(20) NOT NULL DEFAULT 'yes', PRIMARY KEY (option_id), UNIQUE KEY option_name (option_name)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
            INSERT INTO wp_options (option_name, option_value) VALUES ('home', 'http://127.0.0.1:8088'), ('woocommerce_custom_orders_table_enabled', '{hpos}');
            CREATE USER '{shop.account}'@'%' IDENTIFIED BY 'geheim';
            GRANT SELECT ON wp_options TO '{shop.account}'@'%';
            """);
        if (rights.Length > 0)
            await shop.ExecuteAsync($"GRANT {rights} ON wp_wc_webhooks TO '{shop.account}'@'%'; GRANT SELECT ON wp_actionscheduler_actions TO '{shop.account}'@'%'");
        return shop;
    }

    public Task WebhookAsync(string topic, string status = "active", string url = "http://127.0.0.1/v1/shops/main/webhooks/woocommerce", int failures = 0, int version = 3) =>
        ExecuteAsync($"INSERT INTO wp_wc_webhooks (status, name, user_id, delivery_url, secret, topic, api_version, failure_count) "
            + $"VALUES ('{status}', '{topic}', 1, '{url}', 'never-read', '{topic}', {version}, {failures})");

    public async Task WebhooksAsync(string status = "active", string url = "http://127.0.0.1/v1/shops/main/webhooks/woocommerce", int failures = 0)
    {
        foreach (var topic in new[] { "order.created", "order.updated", "order.deleted", "order.restored" })
            await WebhookAsync(topic, status, url, failures);
    }

    public Task QueuedAsync(string args, string status = "pending", string at = "2026-11-24 11:00:00", string hook = "woocommerce_deliver_webhook_async") =>
        ExecuteAsync($"INSERT INTO wp_actionscheduler_actions (hook, status, scheduled_date_gmt, args) VALUES ('{hook}', '{status}', '{at}', '{args}')");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new MySqlConnection(owner);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP USER '{account}'@'%'");
        await MariaDbServer.DropAsync(owner);
    }
}
