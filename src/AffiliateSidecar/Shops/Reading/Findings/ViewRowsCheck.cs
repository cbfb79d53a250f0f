using System.Data.Common;
using System.Globalization;
using AffiliateSidecar.Shops.Views;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>What stands in a view: nothing is empty that may not be, no order is there twice, no change comes from the future.</summary>
static class ViewRowsCheck
{
    /// <summary>Enough to find a mistake of the view, and quick in the largest shop.</summary>
    const int Most = 20_000;

    /// <param name="types">Of at least every column that must be there.</param>
    public static async Task RunAsync(Examination examination, ShopDb db, string view, Dictionary<string, string> types, CancellationToken cancel)
    {
        var name = examination.Shop.TablePrefix + view;
        var required = ViewColumns.Of[view].Required;
        try
        {
            var counts = await CountAsync(db, name, required,
            [
                "1 = 1", .. required.Select(c => IsEmpty(c, types[c])),
                view == ViewColumns.Orders && IsTime(types["updated_at"]) ? "updated_at > UTC_TIMESTAMP() + INTERVAL 5 MINUTE" : "1 = 0",
            ], cancel);
            foreach (var (column, empty) in required.Zip(counts[1..]).Where(c => c.Second > 0))
                Empty(examination, $"{name}.{column}", types[column], empty, counts[0]);
            if (view == ViewColumns.Orders)
                Orders(examination, name, counts[0] - counts[1] - counts[^1], counts[^2]);
        }
        catch (DbException e) when (TableCheck.IsTimeout(e))
        {
            examination.Warn("rows", $"{name} is slow: {Most:#,0} rows of it cannot be read in three seconds.", $"The tables behind it need an index on the order's id. {ViewColumns.Guide}");
        }
        catch (MySqlException e) when (SqlViews.Explain(e, name) is { } problem)
        {
            examination.Failed("rows", problem.Message, "Correct the view, then check again.");
        }
    }

    /// <returns>How many rows fulfil each condition, and how many different first columns there are.</returns>
    static async Task<long[]> CountAsync(ShopDb db, string name, string[] columns, string[] conditions, CancellationToken cancel)
    {
        // One statement: a view over large tables is worth reading once.
        var text = await db.ExecuteAsync<string>($"""
            SELECT CAST(CONCAT_WS(',', {string.Join(", ", conditions.Select(c => $"COUNT(CASE WHEN {c} THEN 1 END)"))}, COUNT(DISTINCT {columns[0]})) AS CHAR)
            FROM (SELECT {string.Join(", ", columns)} FROM {Sql.Name(name)} LIMIT {Most}) AS v
            """, cancel);
        return [.. text.Split(',').Select(n => long.Parse(n, CultureInfo.InvariantCulture))];
    }

    static bool IsTime(string type) => type is "datetime" or "timestamp";

    /// <summary>A zero date is none.</summary>
    static string IsEmpty(string column, string type) =>
        IsTime(type) || type == "date" ? $"{column} IS NULL OR CAST({column} AS CHAR) LIKE '0000-%'" : $"{column} IS NULL OR CAST({column} AS CHAR) = ''";

    static void Empty(Examination examination, string column, string type, long empty, long all) => examination.Failed(
        "rows", $"{column} is empty in {(empty == all ? "every row" : $"{empty:#,0} of {all:#,0} rows")}, and may not be.",
        (empty == all && IsTime(type)
            ? "If the view converts it with CONVERT_TZ, the server knows no time zone of that name: load them with mariadb-tzinfo-to-sql, or write the distance, such as '+01:00'."
            : "Such rows cannot be read: see which they are, and where the view gets the column from.") + $" {ViewColumns.Guide}");

    static void Orders(Examination examination, string name, long twice, long early)
    {
        if (twice > 0)
            examination.Failed("rows", $"{name} has {twice:#,0} {(twice == 1 ? "row" : "rows")} too many: orders that are there more than once.",
                $"A join of the view finds several rows for one order: take the first, or join on the whole key. {ViewColumns.Guide}");
        if (early > 0)
            examination.Warn("rows", $"{name}.updated_at lies in the future in {early:#,0} {(early == 1 ? "row" : "rows")}.",
                $"Times must be in UTC: convert them in the view, with CONVERT_TZ(…, 'Europe/Berlin', '+00:00') for a shop that keeps Berlin's time. {ViewColumns.Guide}");
    }
}
