using System.Data.Common;
using System.Text.RegularExpressions;
using LinqToDB.Async;
using LinqToDB.Data;
using LinqToDB.Mapping;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The tables are those of this shop, of a WooCommerce that is known, and one storage of orders holds the truth.</summary>
static partial class WooCommerceCheck
{
    static readonly Version WithOrderTables = new(7, 1), WithAttribution = new(8, 5);

    // Options hold keys and passwords of other services: no other row is ever read.
    static readonly string[] Options =
    [
        "siteurl", "home", "woocommerce_version", "woocommerce_db_version", "woocommerce_custom_orders_table_enabled", "woocommerce_custom_orders_table_data_sync_enabled",
    ];

    public static async Task RunAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var tables = await TableCheck.TryAsync(examination, db, cancel);
        if (!tables.CanRead("options"))
        {
            if (!await tables.IsWrongPrefixAsync(examination, db, cancel))
                tables.Report(examination, t => t.Hpos || t.Legacy, _ => true);
            return;
        }
        var options = await db.Table<Option>("options").Where(o => Options.Contains(o.Name)).ToDictionaryAsync(o => o.Name, o => o.Value, cancel);
        if (options.GetValueOrDefault("woocommerce_version") is not { } version)
        {
            examination.Failed("woocommerce", $"There is a WordPress with the prefix '{examination.Shop.TablePrefix}', but WooCommerce is not installed in it.",
                $"Check Database= and {examination.Setting("TablePrefix")}: each shop of a multisite has a prefix of its own, such as wp_2_.");
            return;
        }
        var hpos = options.GetValueOrDefault("woocommerce_custom_orders_table_enabled") == "yes";
        Version(examination, version, options.GetValueOrDefault("woocommerce_db_version"), hpos);
        Address(examination, options.GetValueOrDefault("home") ?? options.GetValueOrDefault("siteurl"));
        tables.Report(examination, t => hpos ? t.Hpos : t.Legacy, t => t is { Hpos: false, Legacy: false });
        await StorageAsync(examination, db, tables, hpos, options.GetValueOrDefault("woocommerce_custom_orders_table_data_sync_enabled") == "yes", cancel);
    }

    static void Version(Examination examination, string text, string? schema, bool hpos)
    {
        var version = Number(text);
        if (hpos && version < WithOrderTables)
            examination.Failed("woocommerce", $"WooCommerce {text} has an unfinished kind of order tables.", $"Update WooCommerce to {WithOrderTables} or later.");
        else if (Number(schema) is { Major: > 0 } finished && finished < version)
            examination.Warn("woocommerce", $"WooCommerce {text} has not finished the update of its tables, which are those of {schema}.",
                "In the shop's administration, run WooCommerce's database update.");
        else if (version < WithAttribution)
            examination.Warn("woocommerce", $"WooCommerce {text} does not record where a buyer came from: an order whose click id is lost belongs to nobody.",
                $"Update WooCommerce to {WithAttribution} or later, and leave Order attribution on.");
        else
            examination.Well("woocommerce", $"WooCommerce {text}.");
    }

    /// <summary>Major and minor; 0.0 for what is no version.</summary>
    static Version Number(string? text) => VersionNumber().Match(text ?? "") is { Success: true } m ? System.Version.Parse(m.Value) : new(0, 0);

    /// <summary>A copy of the shop for trying things out has the same tables and other orders.</summary>
    static void Address(Examination examination, string? home)
    {
        if (examination.Shop.Url is not { } url || home is null)
            return;
        var same = Uri.TryCreate(home, UriKind.Absolute, out var its)
            && (Host(its) == Host(url) && url.AbsolutePath.StartsWith(its.AbsolutePath.TrimEnd('/'), StringComparison.Ordinal)
                || examination.Shop.Hosts.Contains(its.Host, StringComparer.OrdinalIgnoreCase));
        if (same)
            examination.Well("address", $"The shop calls itself {its!.Scheme}://{its.Authority}{its.AbsolutePath}");
        else
            examination.Warn("address", $"The shop in this database calls itself {(its is null ? "something that is no address" : $"{its.Scheme}://{its.Authority}{its.AbsolutePath}")}, and links lead to {url}",
                $"If this is a copy for tests, connect the real shop's database. If it is the same shop, correct {examination.Setting("Url")} or name the host in {examination.Setting("Hosts:0")}.");
    }

    static string Host(Uri uri) => uri.IsDefaultPort ? uri.Host : uri.Authority;

    static async Task StorageAsync(Examination examination, ShopDb db, TableCheck tables, bool hpos, bool synced, CancellationToken cancel)
    {
        var (orders, posts) = (Sql.Name(examination.Shop.TablePrefix + "wc_orders"), Sql.Name(examination.Shop.TablePrefix + "posts"));
        const string order = "type = 'shop_order' AND status NOT IN ('auto-draft', 'wc-checkout-draft')";
        const string post = "post_type = 'shop_order' AND post_status NOT IN ('auto-draft', 'wc-checkout-draft')";
        var other = hpos ? await AnyAsync(db, tables, "posts", $"SELECT COUNT(*) FROM {posts} WHERE {post}", cancel)
            : await AnyAsync(db, tables, "wc_orders", $"SELECT COUNT(*) FROM {orders} WHERE {order}", cancel);
        var (read, stale) = hpos ? ("tables of their own (HPOS)", "posts") : ("posts", "tables of their own (HPOS)");
        if (other == 0 || synced)
            examination.Well("storage", $"Orders are read from {read}{(other > 0 ? $"; WooCommerce keeps the {other:#,0} in {stale} alike" : "")}.");
        else
            examination.Warn("storage", $"Orders are read from {read}, where WooCommerce keeps them. {(other is null ? "Many" : $"{other:#,0}")} stand in {stale}, too: "
                    + "a copy that nobody brings up to date.",
                "Nothing is wrong if the move is done. If it is half done, finish it in WooCommerce → Settings → Advanced → Features: switch compatibility mode on and wait until no order is left to be moved.");
        if (hpos && tables.CanRead("wc_orders"))
        {
            await IndexAsync(examination, db, cancel);
            await OrderCount.RunAsync(examination, db, orders, order, "date_created_gmt", cancel);
        }
        else if (!hpos && tables.CanRead("posts"))
            await OrderCount.RunAsync(examination, db, posts, post, "post_date_gmt", cancel);
    }

    /// <returns>Null where there are too many to count now.</returns>
    static async Task<long?> AnyAsync(ShopDb db, TableCheck tables, string table, string count, CancellationToken cancel)
    {
        try
        {
            return tables.CanRead(table) ? await db.ExecuteAsync<long>(count, cancel) : 0;
        }
        catch (DbException e) when (TableCheck.IsTimeout(e))
        {
            return null;
        }
    }

    static async Task IndexAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var table = examination.Shop.TablePrefix + "wc_orders";
        var indexes = await db.ExecuteAsync<long>(
            "SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = @name AND column_name = 'date_updated_gmt' AND seq_in_index = 1",
            cancel, new DataParameter("name", table));
        if (indexes > 0)
            examination.Well("index", "Changed orders are found by an index.");
        else
            examination.Warn("index", $"{table} has lost its index on date_updated_gmt: each look for changed orders reads all of them.",
                $"ALTER TABLE {Sql.Name(table)} ADD INDEX date_updated (date_updated_gmt);");
    }

    [Table]
    sealed class Option
    {
        [Column("option_name")] public string Name { get; init; } = "";
        [Column("option_value")] public string Value { get; init; } = "";
    }

    [GeneratedRegex(@"^\d+\.\d+")]
    private static partial Regex VersionNumber();
}
