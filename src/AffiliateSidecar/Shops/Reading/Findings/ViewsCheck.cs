using AffiliateSidecar.Shops.Views;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The views which a shop that is not WooCommerce shows its orders through: they are there, with their columns, of the right types.</summary>
static class ViewsCheck
{
    /// <summary>Any of them may say who brought an order.</summary>
    static readonly string[] Witnesses = ["click_id", "partner_code", "coupons", .. ViewColumns.Visit];

    public static async Task RunAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var tables = await TableCheck.TryAsync(examination, db, cancel);
        if (await tables.IsWrongPrefixAsync(examination, db, cancel))
            return;
        tables.Report(examination, _ => true, _ => false);
        var columns = await ColumnsAsync(examination, db, cancel);
        foreach (var (view, _) in ViewColumns.Of.Where(v => v.Key == ViewColumns.RefundLines ? columns.Contains(v.Key) : tables.CanRead(v.Key)))
        {
            var there = columns[view].ToDictionary(c => c.ColumnName, c => c.DataType);
            if (Columns(examination, view, there))
                await ViewRowsCheck.RunAsync(examination, db, view, there, cancel);
        }
        if (!columns.Contains(ViewColumns.RefundLines))
            examination.Well("columns", $"There is no {examination.Shop.TablePrefix}{ViewColumns.RefundLines}, or it may not be read: refunds are spread over the lines. "
                + "If you have made it, grant SELECT on it like on the others.");
        if (tables.CanRead(ViewColumns.Orders))
            await OrderCount.RunAsync(examination, db, Sql.Name(examination.Shop.TablePrefix + ViewColumns.Orders), "1 = 1",
                columns[ViewColumns.Orders].Any(c => c is { ColumnName: "placed_at", DataType: "datetime" or "timestamp" }) ? "placed_at" : null, cancel);
    }

    static async Task<ILookup<string, ColumnRow>> ColumnsAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var prefix = examination.Shop.TablePrefix;
        var found = await db.QueryToListAsync<ColumnRow>(
            "SELECT LOWER(table_name) AS ViewName, LOWER(column_name) AS ColumnName, LOWER(data_type) AS DataType FROM information_schema.columns WHERE table_schema = DATABASE()", cancel);
        return found.Where(c => c.ViewName.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToLookup(c => c.ViewName[prefix.Length..]);
    }

    /// <returns>Whether the rows can be looked at.</returns>
    static bool Columns(Examination examination, string view, Dictionary<string, string> there)
    {
        var name = examination.Shop.TablePrefix + view;
        var (required, optional) = ViewColumns.Of[view];
        var missing = required.Where(c => !there.ContainsKey(c)).ToList();
        if (missing.Count > 0)
            examination.Failed("columns", $"{name} has no column {string.Join(", ", missing)}.", $"Add {(missing.Count == 1 ? "it" : "them")} to the view: {ViewColumns.Guide}");
        var sound = missing.Count == 0;
        foreach (var column in required.Concat(optional).Where(there.ContainsKey))
            if (ViewColumnTypes.Trouble(column, there[column]) is { } trouble)
            {
                sound &= !trouble.Fatal;
                (trouble.Fatal ? (Action<string, string, string>)examination.Failed : examination.Warn)(
                    "columns", $"{name}.{column} is {there[column].ToUpperInvariant()}: {trouble.What}.", $"In the view, write {trouble.Mend}. {ViewColumns.Guide}");
            }
        if (view == ViewColumns.Orders && !Witnesses.Any(there.ContainsKey))
            examination.Warn("columns", $"{name} has nothing that says who brought an order: nobody earns.", $"Add coupons, click_id, partner_code or landing_url to the view. {ViewColumns.Guide}");
        if (sound)
            examination.Well("columns", $"{name} has all {required.Length} columns that it must have, and {optional.Count(there.ContainsKey)} of {optional.Length} that it may have.");
        return sound;
    }

    sealed record ColumnRow
    {
        public required string ViewName { get; init; }
        public required string ColumnName { get; init; }
        public required string DataType { get; init; }
    }
}
