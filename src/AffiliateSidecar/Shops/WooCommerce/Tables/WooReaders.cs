using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Which of its two storages a WooCommerce keeps its orders in: it says so itself. The other one may be full of old copies.</summary>
static class WooReaders
{
    public static Task<IShopReader> OpenAsync(ShopSettings shop, DataOptions options, CancellationToken cancel) => ShopDb.AskAsync<IShopReader>(shop, options, async db =>
    {
        var custom = await CustomTablesAsync(db, shop, cancel);
        await TouchAsync(db, custom ? HposTables.Of(shop) : LegacyTables.Of(shop), cancel);
        return custom ? new HposReader(shop, options) : new LegacyReader(shop, options);
    });

    static async Task<bool> CustomTablesAsync(ShopDb db, ShopSettings shop, CancellationToken cancel)
    {
        try
        {
            return await db.ExecuteAsync<string?>(
                $"SELECT option_value FROM {shop.TablePrefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled'", cancel) == "yes";
        }
        catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.NoSuchTable)
        {
            throw await WrongPrefixAsync(db, shop, e, cancel);
        }
    }

    /// <summary>Asks for nothing: the server says here if a table is missing or may not be read.</summary>
    static Task<int> TouchAsync(ShopDb db, OrderTables tables, CancellationToken cancel) => db.ExecuteAsync(
        $"SELECT {string.Join(", ", tables.All.Select(table => $"(SELECT 1 FROM {tables.Prefix}{table} LIMIT 1)"))}", cancel);

    static async Task<ShopDatabaseException> WrongPrefixAsync(ShopDb db, ShopSettings shop, MySqlException e, CancellationToken cancel)
    {
        var prefixes = await db.QueryToListAsync<string>("""
            SELECT LEFT(o.table_name, CHAR_LENGTH(o.table_name) - 7) FROM information_schema.tables o
            JOIN information_schema.tables i ON i.table_schema = o.table_schema
              AND i.table_name = CONCAT(LEFT(o.table_name, CHAR_LENGTH(o.table_name) - 7), 'woocommerce_order_items')
            WHERE o.table_schema = DATABASE() AND o.table_name LIKE '%options' ORDER BY 1
            """, cancel);
        var setting = $"Sidecar:Shops:{shop.Name}:TablePrefix";
        return new ShopDatabaseException(prefixes switch
        {
            [] => $"There is no table {shop.TablePrefix}options in the database of the shop {shop.Name}, and no shop under another prefix that its account may read.",
            [var prefix] => $"There is no table {shop.TablePrefix}options in the database of the shop {shop.Name}. A shop is there under the prefix {prefix}: set {setting} to it.",
            _ => $"There is no table {shop.TablePrefix}options in the database of the shop {shop.Name}. Shops are there under the prefixes {string.Join(", ", prefixes)}: set {setting} to the right one.",
        }, e);
    }
}
