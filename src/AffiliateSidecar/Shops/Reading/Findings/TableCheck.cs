using System.Data.Common;
using AffiliateSidecar.Shops.Views;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>Which of the tables can be read, and why the others cannot.</summary>
sealed class TableCheck
{
    static readonly TimeSpan Hurried = TimeSpan.FromMilliseconds(200);

    readonly Dictionary<ShopTable, string?> troubles = [];
    readonly HashSet<ShopTable> forbidden = [];
    readonly HashSet<ShopTable> missing = [];
    readonly HashSet<ShopTable> locked = [];
    readonly string prefix;

    TableCheck(string prefix) => this.prefix = prefix;

    public static async Task<TableCheck> TryAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var check = new TableCheck(examination.Shop.TablePrefix);
        foreach (var table in ShopTables.For(examination.Shop))
        {
            check.troubles[table] = await check.TroubleAsync(db, table, cancel);
            // A backup locks them all: to wait for each as long as for the first would take the whole check.
            if (check.locked.Count == 1)
                await SessionCheck.LimitAsync(db, Hurried, cancel);
        }
        if (check.locked.Count > 0)
            await SessionCheck.LimitAsync(db, SessionCheck.Limit, cancel);
        // Whoever has no right on a table is not told whether it exists.
        if (check.forbidden.Count < check.troubles.Count)
            examination.Account.Misses(check.missing.Select(t => t.Name));
        return check;
    }

    public bool CanRead(string name) => troubles.Any(t => t.Key.Name == name && t.Value is null);

    public bool Lacks(string name) => missing.Any(t => t.Name == name);

    /// <returns>Null where all columns can be read.</returns>
    async Task<string?> TroubleAsync(ShopDb db, ShopTable table, CancellationToken cancel)
    {
        try
        {
            await db.ExecuteAsync($"SELECT {table.Columns ?? "*"} FROM {Sql.Name(prefix + table.Name)} LIMIT 0", cancel);
            return null;
        }
        catch (MySqlException e) when (e.SqlState is not (null or "" or "08S01"))
        {
            return e.ErrorCode switch
            {
                MySqlErrorCode.NoSuchTable => (missing.Add(table), "It does not exist").Item2,
                MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied => (forbidden.Add(table), "It may not be read").Item2,
                _ when IsTimeout(e) => (locked.Add(table), "It is locked").Item2,
                MySqlErrorCode.ViewInvalid => "It is a view on tables that are not there, or that its definer may not read",
                _ => $"The server cannot read it ({e.Message.TrimEnd('.')})",
            };
        }
    }

    public static bool IsTimeout(DbException e) =>
        e is MySqlException { ErrorCode: MySqlErrorCode.QueryTimeout or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.CommandTimeoutExpired }
            or MySqlException { Number: 1969 };

    /// <summary>The account may read nothing under this prefix, and sees tables of a shop under another one.</summary>
    public async Task<bool> IsWrongPrefixAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        if (troubles.Values.Any(t => t is null))
            return false;
        var names = (await db.QueryToListAsync<string>("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()", cancel)).ToHashSet();
        // Other programs have tables named options and orders, too.
        (string Ending, string Beside)[] marks = examination.Shop.Kind == "woocommerce"
            ? [("options", "posts"), ("wc_orders", "wc_orders"), ("woocommerce_order_items", "woocommerce_order_items")]
            : [("orders", "order_lines")];
        var prefixes = (from mark in marks
                        from name in names
                        where name.EndsWith(mark.Ending, StringComparison.Ordinal)
                        let found = name[..^mark.Ending.Length]
                        where found != prefix && names.Contains(found + mark.Beside)
                        select found).Distinct().Order(StringComparer.Ordinal).ToList();
        if (prefixes.Count == 0 && missing.Count == troubles.Count)
            examination.Account.Withhold($"'{examination.Connection.Database}' has no tables of a shop: look whether Database= names the right one.");
        if (prefixes.Count == 0)
            return false;
        Suggest(examination, prefixes, names);
        return true;
    }

    void Suggest(Examination examination, List<string> prefixes, HashSet<string> names)
    {
        var account = examination.Account;
        if (prefixes.Count == 1)
        {
            account.Prefix = prefixes[0];
            // Whoever may read the whole database sees all there is; anybody else may be granted what he does not see yet.
            account.Misses(forbidden.Count > 0 ? [] : ShopTables.For(examination.Shop).Select(t => t.Name).Where(t => !names.Contains(prefixes[0] + t)));
        }
        else
            account.Withhold($"No table that begins with '{prefix}' can be read. Tables of a shop begin with {string.Join(", ", prefixes.Take(20))}: "
                + $"set {examination.Setting("TablePrefix")} to one of them and ask again.");
        examination.Failed("prefix", $"No table that begins with '{prefix}' can be read. Tables of a shop in '{examination.Connection.Database}' begin with: "
            + $"{string.Join(", ", prefixes.Take(20))}.", $"Set {examination.Setting("TablePrefix")} to {(prefixes.Count == 1 ? prefixes[0] : "the one that the shop's wp-config.php names ($table_prefix)")}.");
    }

    /// <param name="needed">Tables without which orders cannot be read.</param>
    /// <param name="helpful">Tables without which less can be explained.</param>
    public void Report(Examination examination, Func<ShopTable, bool> needed, Func<ShopTable, bool> helpful)
    {
        var unreadable = troubles.Where(t => t.Value is not null).Select(t => t.Key).ToList();
        Forbid(examination, [.. forbidden.Where(needed)], examination.Failed, "orders cannot be read whole");
        Forbid(examination, [.. forbidden.Where(t => helpful(t) && !needed(t))], examination.Warn, "a difference cannot be explained");
        Lock(examination, [.. locked.Where(needed)], examination.Failed);
        Lock(examination, [.. locked.Where(t => helpful(t) && !needed(t))], examination.Warn);
        foreach (var table in unreadable.Except(forbidden).Except(locked).Where(t => needed(t) || helpful(t)))
            (needed(table) ? (Action<string, string, string>)examination.Failed : examination.Warn)(
                "tables", $"{prefix}{table.Name}: {troubles[table]}. It holds {table.Holds}.", missing.Contains(table)
                    ? Missing(examination)
                    : "See that the server can read it, then check again.");
        var spare = unreadable.Where(t => !needed(t) && !helpful(t)).Select(t => prefix + t.Name).ToList();
        if (!unreadable.Any(needed))
            examination.Well("tables", spare.Count == 0
                ? $"All {troubles.Count(t => t.Value is null)} tables that are read can be."
                : $"The {troubles.Count(t => t.Value is null)} tables that are read can be. Not needed, and not readable: {string.Join(", ", spare)}.");
    }

    void Lock(Examination examination, IReadOnlyList<ShopTable> tables, Action<string, string, string> say)
    {
        if (tables.Count > 0)
            say("tables", $"Another program, such as a backup, has locked {string.Join(", ", tables.Select(t => prefix + t.Name))}: no answer in time.",
                "Check again when it is done. The sync goes on by itself then. mariadb-dump --single-transaction makes a backup without locking anything.");
    }

    static string Missing(Examination examination) => examination.Shop.Kind == "woocommerce"
        ? "In WooCommerce → Status → Tools, run 'Verify base database tables'; or it was lost when the database was copied."
        : $"Make the view: {ViewColumns.Guide}";

    void Forbid(Examination examination, IReadOnlyList<ShopTable> tables, Action<string, string, string> say, string consequence)
    {
        // Whoever has no right on a table is not told whether it exists.
        if (tables.Count > 0)
            say("tables", $"{examination.Account.Quoted} may not read, or there is not: {string.Join(", ", tables.Select(t => prefix + t.Name))}. Without: {consequence}.",
                "Run the GRANT statements below.");
    }
}
