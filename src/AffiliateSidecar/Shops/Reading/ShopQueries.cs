using System.Data.Common;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// Queries for the rows of many ids. MariaDB makes a table of a list of a thousand and more and then reads the whole shop against it; a
/// shorter list is looked up in the index, id by id.
/// </summary>
static class ShopQueries
{
    /// <summary>No list is longer.</summary>
    public const int Most = 900;

    // There are few lengths, so that there are few statements: what a statement's rows are read with is compiled once a statement.
    static readonly int[] Lengths = [1, 16, 128, 512, Most];

    static readonly Dictionary<int, string> Lists = Lengths.ToDictionary(n => n, n => $"IN ({string.Join(',', Enumerable.Range(0, n).Select(i => $"@i{i}"))})");
    static readonly string[] Names = [.. Enumerable.Range(0, Most).Select(i => $"i{i}")];

    /// <summary>The rows of all statements that it takes, in no order.</summary>
    /// <param name="sql">The statement, given <c>IN (…)</c>; it is not run where there is no id.</param>
    /// <param name="further">Its other parameters.</param>
    public static async Task<List<T>> QueryAsync<T>(
        this ShopDb db, IReadOnlyCollection<ulong> ids, Func<string, string> sql, CancellationToken cancel, params DataParameter[] further)
    {
        var rows = new List<T>();
        foreach (var some in ids.Chunk(Most))
        {
            // The last id is repeated up to the next length.
            var parameters = new DataParameter[Lengths.First(n => n >= some.Length)];
            for (var i = 0; i < parameters.Length; i++)
                parameters[i] = new DataParameter(Names[i], some[Math.Min(i, some.Length - 1)], DataType.UInt64);
            rows.AddRange(await db.QueryToListAsync<T>(sql(Lists[parameters.Length]), cancel, [.. parameters, .. further]));
        }
        return rows;
    }

    /// <summary>
    /// The same where there are many rows: read by column, without asking which is which. Nothing is compiled for the statement, so that the ids can
    /// stand in it themselves.
    /// </summary>
    public static async Task<List<T>> QueryAsync<T>(
        this ShopDb db, IReadOnlyCollection<ulong> ids, Func<string, string> sql, Func<DbDataReader, T> row, CancellationToken cancel, params DataParameter[] further)
    {
        var rows = new List<T>();
        foreach (var some in ids.Chunk(Most))
            rows.AddRange(await db.SetCommand(sql($"IN ({string.Join(',', some)})"), further).QueryToListAsync(row, cancel));
        return rows;
    }
}
