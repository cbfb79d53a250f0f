using System.Text.RegularExpressions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.Reading.Findings;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>Which tables and columns of a program this shop has. A layout that does not fit is refused before anything is read.</summary>
sealed partial class Layout
{
    static readonly string[] UserColumns = ["ID", "user_login", "user_nicename", "user_email", "user_url", "display_name"];

    readonly string prefix;
    readonly Dictionary<string, HashSet<string>> columns = [];

    Layout(string prefix) => this.prefix = prefix;

    /// <summary>The whole name of WordPress's users: a site of a multisite has none of its own.</summary>
    public string Users { get; private set; } = "";

    /// <summary>Tables that are not there or may not be read, and without which there is less to import.</summary>
    public List<string> Left { get; } = [];

    public string Of(string table) => prefix + table;

    public bool Has(string table) => columns.ContainsKey(table);

    /// <summary>The column, or what stands for it in a version that does not have it.</summary>
    public string Or(string table, string column, string alias, string otherwise) => columns[table].Contains(column) ? $"{alias}.{column}" : otherwise;

    /// <exception cref="OperationFailedException">It is not this program's, or may not be read: which table, which column, and what to do.</exception>
    public static async Task<Layout> ReadAsync(ShopDb db, ShopSettings shop, Predecessor program, CancellationToken cancel)
    {
        var layout = new Layout(shop.TablePrefix);
        List<string> grants = [];
        foreach (var table in program.Tables)
        {
            var state = await TryAsync(db, layout.Of(table.Name), "1", cancel);
            if (state == TableState.Readable)
                layout.columns[table.Name] = await layout.ColumnsAsync(db, program, table, cancel);
            else if (state == TableState.Forbidden)
                grants.Add(Grant(shop, layout.Of(table.Name)));
            if (state == TableState.Missing && table.Needed)
                throw new OperationFailedException($"There is no table {layout.Of(table.Name)} in the database of the shop {shop.Name}: {program.Title} has never been there, "
                    + $"or Sidecar:Shops:{shop.Name}:TablePrefix is another's.");
            if (state != TableState.Readable && !table.Needed)
                layout.Left.Add($"{layout.Of(table.Name)} ({table.Holds})");
        }
        grants.AddRange(await layout.FindUsersAsync(db, shop, cancel));
        var needed = program.Tables.Any(t => t.Needed && !layout.Has(t.Name)) || layout.Users.Length == 0;
        return needed ? throw new OperationFailedException(await WithAccountAsync(db, shop, grants, cancel)) : layout;
    }

    async Task<HashSet<string>> ColumnsAsync(ShopDb db, Predecessor program, OldTable table, CancellationToken cancel)
    {
        var found = (await db.QueryToListAsync<FoundColumn>(
            "SELECT column_name AS Name, data_type AS Type FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = @table", cancel,
            new DataParameter("table", Of(table.Name)))).ToDictionary(c => c.Name, c => c.Type.ToLowerInvariant(), StringComparer.OrdinalIgnoreCase);
        foreach (var column in table.Columns)
            if (!found.TryGetValue(column.Name, out var type))
            {
                if (column.Needed)
                    throw Unfit(program, table, $"has no column {column.Name}");
            }
            else if (!Fits(column.Kind, type))
                throw Unfit(program, table, $"has a column {column.Name} of the type {type}");
        return [.. found.Keys.Select(k => k.ToLowerInvariant())];
    }

    OperationFailedException Unfit(Predecessor program, OldTable table, string what) => new(
        $"The table {Of(table.Name)} {what}: this is not a layout of {program.Title} that is known here. Nothing was imported; docs/import-affiliatewp-slicewp.md lists what is expected.");

    static bool Fits(ColumnKind kind, string type) => kind switch
    {
        ColumnKind.Number => type.EndsWith("int", StringComparison.Ordinal),
        ColumnKind.Time => type is "datetime" or "timestamp",
        _ => type.EndsWith("text", StringComparison.Ordinal) || type.EndsWith("char", StringComparison.Ordinal) || type is "decimal" or "float" or "double",
    };

    async Task<IReadOnlyList<string>> FindUsersAsync(ShopDb db, ShopSettings shop, CancellationToken cancel)
    {
        var mine = Of("users");
        string[] candidates = Multisite().Match(prefix) is { Success: true } site ? [mine, site.Groups[1].Value + "users"] : [mine];
        var forbidden = mine;
        foreach (var table in candidates)
            switch (await TryAsync(db, table, string.Join(", ", UserColumns), cancel))
            {
                case TableState.Readable:
                    Users = table;
                    return [];
                case TableState.Forbidden:
                    forbidden = table;
                    break;
            }
        // Not the whole table: it has the passwords' hashes.
        return [Grant(shop, forbidden, $"SELECT ({string.Join(", ", UserColumns)})")];
    }

    static string Grant(ShopSettings shop, string table, string rights = "SELECT") =>
        $"GRANT {rights} ON {Sql.Name(new MySqlConnectionStringBuilder(shop.ConnectionString!).Database)}.{Sql.Name(table)} TO ";

    static async Task<string> WithAccountAsync(ShopDb db, ShopSettings shop, IEnumerable<string> grants, CancellationToken cancel)
    {
        var account = await db.ExecuteAsync<string>("SELECT CURRENT_USER()", cancel);
        var at = account.LastIndexOf('@');
        var quoted = Sql.Account(account[..at], account[(at + 1)..]);
        return $"The account in Sidecar:Shops:{shop.Name}:ConnectionString may not read these tables, or they are not there. An administrator of the shop's database server lets it "
            + $"with (a line about a table that the shop does not have is left out):\n{string.Join('\n', grants.Select(g => g + quoted + ";"))}";
    }

    static async Task<TableState> TryAsync(ShopDb db, string table, string what, CancellationToken cancel)
    {
        try
        {
            await db.ExecuteAsync($"SELECT {what} FROM {Sql.Name(table)} LIMIT 0", cancel);
            return TableState.Readable;
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.NoSuchTable)
        {
            return TableState.Missing;
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied)
        {
            return TableState.Forbidden;
        }
    }

    [GeneratedRegex(@"^(.*_)\d+_$")]
    private static partial Regex Multisite();

    sealed record FoundColumn
    {
        public string Name { get; init; } = "";
        public string Type { get; init; } = "";
    }

    enum TableState
    {
        Readable,
        Missing,
        Forbidden,
    }
}
