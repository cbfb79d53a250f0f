using System.Data;
using System.Data.Common;
using System.Globalization;
using AffiliateSidecar.Shops.Reading;
using LinqToDB.Data;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Views;

/// <summary>The statements that are sent to the views; names come from this code and the checked prefix, values are parameters.</summary>
sealed class ViewQueries(ShopDb db, SqlViews views)
{
    public Task<List<ViewRow>> OrdersAsync(IReadOnlyCollection<string> ids, IEnumerable<string> columns, CancellationToken cancel) =>
        OfAsync(views.Orders, "external_id", ids, views.Orders.Select(columns), "", cancel);

    /// <summary>The rows of a view that belong to the orders.</summary>
    public Task<List<ViewRow>> ChildrenAsync(SqlView view, string kind, IReadOnlyCollection<string> orders, CancellationToken cancel) =>
        OfAsync(view, "order_id", orders, view.SelectAll, $" ORDER BY {string.Join(", ", ViewColumns.Sorting[kind].Select(c => "v." + c))}", cancel);

    /// <summary>One row an order.</summary>
    public Task<List<ViewRow>> ChecksumsAsync(SqlView view, string kind, IReadOnlyCollection<string> orders, CancellationToken cancel) =>
        OfAsync(view, "order_id", orders, view.Checksum(ViewColumns.OfDigest[kind], kind == ViewColumns.Refunds ? "amount" : null),
            " GROUP BY CAST(v.order_id AS BINARY)", cancel);

    public Task<List<ViewRow>> ChangesAsync(ViewCursor from, int most, CancellationToken cancel)
    {
        var after = from.Id is { } last && views.Orders.Id("external_id", last) is { } id ? new DataParameter("id", id) : null;
        var sql = $"{views.Orders.Select(["external_id", "updated_at"])} WHERE v.updated_at >= @at"
            + (after is null ? "" : " AND (v.updated_at > @at OR v.external_id > @id)")
            + $" ORDER BY v.updated_at, v.external_id LIMIT {most}";
        return QueryAsync(views.Orders, sql, cancel, after is null ? [At("at", from.At)] : [At("at", from.At), after]);
    }

    public Task<List<ViewRow>> PageAsync(string? afterId, DateTimeOffset placedSince, int most, CancellationToken cancel)
    {
        var after = afterId is null || views.Orders.Id("external_id", afterId) is not { } id ? null : new DataParameter("id", id);
        var sql = $"{views.Orders.Select(ViewColumns.OfOrderDigest)} WHERE {Since} AND v.external_id "
            + (after is null ? "IS NOT NULL" : "> @id")
            + $" ORDER BY v.external_id LIMIT {most}";
        return QueryAsync(views.Orders, sql, cancel, after is null ? [At("since", placedSince)] : [At("since", placedSince), after]);
    }

    public async Task<long> CountAsync(DateTimeOffset placedSince, CancellationToken cancel)
    {
        var rows = await QueryAsync(views.Orders, $"SELECT CAST(COUNT(*) AS CHAR) AS n FROM {views.Orders.Name} AS v WHERE {Since}", cancel, At("since", placedSince));
        return (long)rows[0].Amount("n");
    }

    /// <summary>An order without a date is looked at whatever the window: it would never be found wrong otherwise.</summary>
    const string Since = "(v.placed_at >= @since OR v.placed_at IS NULL)";

    Task<List<ViewRow>> OfAsync(SqlView view, string column, IReadOnlyCollection<string> ids, string select, string end, CancellationToken cancel)
    {
        var parameters = ids.Select(id => view.Id(column, id)).OfType<object>().Select((id, i) => new DataParameter($"p{i}", id)).ToArray();
        return parameters.Length == 0
            ? Task.FromResult(new List<ViewRow>())
            : QueryAsync(view, $"{select} WHERE v.{column} IN ({string.Join(", ", parameters.Select(p => "@" + p.Name))}){end}", cancel, parameters);
    }

    async Task<List<ViewRow>> QueryAsync(SqlView view, string sql, CancellationToken cancel, params DataParameter[] parameters)
    {
        try
        {
            await using var result = await db.ExecuteReaderAsync(sql, CommandType.Text, CommandBehavior.Default, cancel, parameters);
            return await RowsAsync(result.Reader!, cancel);
        }
        catch (MySqlException e) when (SqlViews.Explain(e, view.Name) is { } problem)
        {
            throw problem;
        }
    }

    static async Task<List<ViewRow>> RowsAsync(DbDataReader reader, CancellationToken cancel)
    {
        var columns = Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, StringComparer.Ordinal);
        var rows = new List<ViewRow>();
        while (await reader.ReadAsync(cancel))
        {
            var values = new string?[reader.FieldCount];
            for (var i = 0; i < values.Length; i++)
                values[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            rows.Add(new(columns, values));
        }
        return rows;
    }

    /// <summary>As text: with its microseconds, whatever the column's type.</summary>
    static DataParameter At(string name, DateTimeOffset time) =>
        new(name, (time.Year < 1000 ? DateTimeOffset.UnixEpoch : time).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
}
