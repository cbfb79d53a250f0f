using AffiliateSidecar.Shops.Reading;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Views;

/// <summary>The owner's views as they are there.</summary>
/// <param name="RefundLines">Null where the shop has none.</param>
sealed record SqlViews(SqlView Orders, SqlView Lines, SqlView Refunds, SqlView? RefundLines)
{
    static readonly HashSet<string> Numbers = ["tinyint", "smallint", "mediumint", "int", "bigint", "decimal"];

    /// <exception cref="ShopDatabaseException">A view or a column that must be there is not.</exception>
    public static async Task<SqlViews> ReadAsync(ShopDb db, string prefix, CancellationToken cancel)
    {
        var found = await db.QueryToListAsync<ColumnRow>(
            """
            SELECT LOWER(table_name) AS ViewName, LOWER(column_name) AS ColumnName, LOWER(data_type) AS DataType
            FROM information_schema.columns
            WHERE table_schema = DATABASE() AND LOWER(table_name) IN (@orders, @lines, @refunds, @refundLines)
            """, cancel, Name("orders", ViewColumns.Orders), Name("lines", ViewColumns.Lines), Name("refunds", ViewColumns.Refunds), Name("refundLines", ViewColumns.RefundLines));
        var columns = found.ToLookup(c => c.ViewName);
        return new(View(ViewColumns.Orders)!, View(ViewColumns.Lines)!, View(ViewColumns.Refunds)!, View(ViewColumns.RefundLines));

        DataParameter Name(string parameter, string view) => new(parameter, (prefix + view).ToLowerInvariant());

        SqlView? View(string view)
        {
            var name = prefix + view;
            var (required, optional) = ViewColumns.Of[view];
            var there = columns[name.ToLowerInvariant()].ToDictionary(c => c.ColumnName, c => Numbers.Contains(c.DataType));
            if (there.Count == 0)
                return view == ViewColumns.RefundLines ? null : throw Missing(name);
            if (required.FirstOrDefault(c => !there.ContainsKey(c)) is { } missing)
                throw new ShopDatabaseException($"The view {name} has no column {missing}: add it to the view. {ViewColumns.Guide}");
            return new(name, required.Concat(optional).Where(there.ContainsKey).ToDictionary(c => c, c => there[c]));
        }
    }

    static ShopDatabaseException Missing(string view) => new(
        $"There is no view {view} in the shop's database, or the account may not read it: create it, grant SELECT on it, and let the " +
        $"connection string name the database it is in. {ViewColumns.Guide}");

    /// <summary>What went wrong with a view that was there, for its owner; null where it was not the view.</summary>
    public static ShopDatabaseException? Explain(MySqlException e, string view) => e.ErrorCode switch
    {
        MySqlErrorCode.NoSuchTable => Missing(view),
        MySqlErrorCode.TableAccessDenied or MySqlErrorCode.ColumnAccessDenied => new(
            $"The account may not read the view {view}: GRANT SELECT on it.", e),
        MySqlErrorCode.BadFieldError => new($"The view {view} has just lost a column; it is looked at anew at the next run.", e),
        MySqlErrorCode.ViewInvalid or MySqlErrorCode.NoSuchUser => new(
            $"The view {view} does not work: a table or column it needs has changed, or the user who created it is gone or may not read them. " +
            $"Create it anew. {ViewColumns.Guide}", e),
        MySqlErrorCode.QueryTimeout or (MySqlErrorCode)StatementTimeExceeded => new(
            $"Reading the view {view} took too long. See what docs/shop-database.md says on speed, or raise Sidecar:Shops:name:StatementSeconds.", e),
        _ => null,
    };

    /// <summary>MariaDB's own number for it.</summary>
    const int StatementTimeExceeded = 1969;

    sealed record ColumnRow
    {
        public required string ViewName { get; init; }
        public required string ColumnName { get; init; }
        public required string DataType { get; init; }
    }
}
