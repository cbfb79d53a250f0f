using System.Data.Common;
using AffiliateSidecar.Shops.Views;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>What stands in a view: nothing is null that may not be, no order is there twice, no change comes from the future.</summary>
static class ViewRowsCheck
{
    /// <summary>Enough to find a mistake of the view, and quick in the largest shop.</summary>
    const int Most = 20_000;

    public static async Task RunAsync(Examination examination, ShopDb db, string view, Dictionary<string, string> types, CancellationToken cancel)
    {
        var name = examination.Shop.TablePrefix + view;
        var required = ViewColumns.Of[view].Required;
        try
        {
            var rows = $"(SELECT {string.Join(", ", required)} FROM {Sql.Name(name)} LIMIT {Most}) AS v";
            var all = await db.ExecuteAsync<long>($"SELECT COUNT(*) FROM {rows}", cancel);
            foreach (var column in required)
                Nulls(examination, name, column, types[column], all, await db.ExecuteAsync<long>($"SELECT COUNT(*) FROM {rows} WHERE {IsNull(column, types[column])}", cancel));
            if (view == ViewColumns.Orders)
                await OrdersAsync(examination, db, name, rows, types["updated_at"], cancel);
        }
        catch (DbException e) when (TableCheck.IsTimeout(e))
        {
            examination.Warn("rows", $"{name} is slow: {Most:#,0} rows of it cannot be read in three seconds.", "docs/shop-database.md says which indexes the tables behind it need.");
        }
        catch (MySqlConnector.MySqlException e) when (SqlViews.Explain(e, name) is { } problem)
        {
            examination.Failed("rows", problem.Message, ViewColumns.Guide);
        }
    }

    /// <summary>A zero date is none.</summary>
    static string IsNull(string column, string type) =>
        type is "datetime" or "timestamp" or "date" ? $"{column} IS NULL OR CAST({column} AS CHAR) LIKE '0000-%'" : $"{column} IS NULL OR {column} = ''";

    static void Nulls(Examination examination, string name, string column, string type, long all, long nulls)
    {
        if (nulls == 0)
            return;
        var what = $"{name}.{column} is empty in {(nulls == all ? "every row" : $"{nulls:#,0} of {all:#,0} rows")}, and may not be.";
        if (nulls == all && type is "datetime" or "timestamp")
            examination.Failed("rows", what, "If the view converts it with CONVERT_TZ, the server knows no time zone of that name: load them with mariadb-tzinfo-to-sql, "
                + "or write the distance, such as '+01:00'. docs/shop-database.md says how.");
        else
            examination.Failed("rows", what, $"Such rows cannot be read: see which they are, and where the view gets the column from. {ViewColumns.Guide}");
    }

    static async Task OrdersAsync(Examination examination, ShopDb db, string name, string rows, string type, CancellationToken cancel)
    {
        var twice = await db.ExecuteAsync<long>($"SELECT COUNT(external_id) - COUNT(DISTINCT external_id) FROM {rows}", cancel);
        if (twice > 0)
            examination.Failed("rows", $"{name} has {twice:#,0} rows too many: orders that are there more than once.",
                $"A join of the view finds several rows for one order: take the first, or join on the whole key. {ViewColumns.Guide}");
        if (type is not ("datetime" or "timestamp"))
            return;
        var early = await db.ExecuteAsync<long>($"SELECT COUNT(*) FROM {rows} WHERE updated_at > UTC_TIMESTAMP() + INTERVAL 5 MINUTE", cancel);
        if (early > 0)
            examination.Warn("rows", $"{name}.updated_at lies in the future in {early:#,0} {(early == 1 ? "row" : "rows")}.",
                $"Times must be in UTC: convert them in the view, with CONVERT_TZ(…, 'Europe/Berlin', '+00:00') for a shop that keeps Berlin's time. {ViewColumns.Guide}");
    }
}
