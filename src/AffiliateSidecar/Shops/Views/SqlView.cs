using System.Globalization;

namespace AffiliateSidecar.Shops.Views;

/// <summary>One of the owner's views as it is there: its name, and which of the known columns it has.</summary>
/// <param name="Name">With the prefix.</param>
/// <param name="Columns">Column → whether it holds numbers.</param>
sealed record SqlView(string Name, IReadOnlyDictionary<string, bool> Columns)
{
    /// <summary>
    /// Everything is read as text: a zero date, an amount in a text column or a number of another type is then one order's
    /// problem and not the end of the statement.
    /// </summary>
    public string Select(IEnumerable<string> columns) =>
        $"SELECT {string.Join(", ", columns.Where(Columns.ContainsKey).Select(c => $"CAST(v.{c} AS CHAR) AS {c}"))} FROM {Name} AS v";

    public string SelectAll => Select(Columns.Keys);

    /// <summary>Row by row, whatever their order: how many, and a sum of hashes over the columns that concern money.</summary>
    public string Checksum(IEnumerable<string> columns, string? amount = null)
    {
        // As bytes, because a shop's tables may differ in character set; with a sign for null, because CONCAT_WS leaves it out.
        var row = string.Join(", ", columns.Where(Columns.ContainsKey).Select(c => $"IFNULL(CAST(v.{c} AS BINARY), '-')"));
        return $"""
            SELECT MIN(CAST(v.order_id AS CHAR)) AS order_id, CAST(COUNT(*) AS CHAR) AS n,
              CAST(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS('|', {row})), 15), 16, 10) AS UNSIGNED)) AS CHAR) AS checksum
              {(amount is null ? "" : $", CAST(SUM(ABS(v.{amount})) AS CHAR) AS amount")}
            FROM {Name} AS v
            """;
    }

    /// <summary>
    /// An id as the column has it: compared as text, a number's index would not be used. Null where no row can have it.
    /// </summary>
    public object? Id(string column, string id)
    {
        if (!Columns[column])
            return id;
        return long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var large) ? large : null;
    }
}
