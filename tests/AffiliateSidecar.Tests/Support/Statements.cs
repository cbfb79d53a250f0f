using System.Data.Common;
using LinqToDB.Interceptors;
using MySqlConnector;

namespace AffiliateSidecar.Support;

/// <summary>The statements that a reader sends to a shop's database, and how the server carries them out.</summary>
sealed class Statements : CommandInterceptor
{
    readonly List<(string Sql, (string Name, object? Value)[] Parameters)> sent = [];

    public override DbCommand CommandInitialized(CommandEventData eventData, DbCommand command)
    {
        lock (sent)
            sent.Add((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))]));
        return command;
    }

    /// <summary>Every table that the statements since the last call look into, and how: they are run once more.</summary>
    public async Task<List<PlanRow>> PlansAsync(string shop)
    {
        await using var connection = new MySqlConnection(shop);
        await connection.OpenAsync();
        var plans = new List<PlanRow>();
        foreach (var (sql, parameters) in sent.DistinctBy(s => s.Sql))
            plans.AddRange(await AnalyzeAsync(connection, sql, parameters));
        sent.Clear();
        return plans;
    }

    static async Task<List<PlanRow>> AnalyzeAsync(MySqlConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        await using var command = new MySqlCommand("ANALYZE " + sql, connection);
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<PlanRow>();
        while (await reader.ReadAsync())
            rows.Add(new(sql, Text("select_type"), Text("table"), Text("type"), Text("key"), double.TryParse(Text("r_rows"), out var n) ? n : 0));
        return rows;

        string? Text(string column) => reader.IsDBNull(reader.GetOrdinal(column)) ? null : reader.GetValue(reader.GetOrdinal(column)).ToString();
    }
}

/// <summary>A table in a plan.</summary>
/// <param name="Type">How it is looked into: <c>ALL</c> and <c>index</c> walk through it.</param>
/// <param name="Rows">How many rows the server has looked at, on average each time it came there.</param>
sealed record PlanRow(string Sql, string? Select, string? Table, string? Type, string? Key, double Rows)
{
    public bool Walks => Type is "ALL" or "index";

    public override string ToString() => $"{Select} {Table} by {Type} {Key}, {Rows} rows, in {(Sql.Length < 600 ? Sql : Sql[..600])}";
}
