namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>What is wrong with a column of a view.</summary>
/// <param name="Fatal">Orders cannot be read, or not rightly.</param>
/// <param name="Mend">What to write in the view instead.</param>
sealed record ColumnTrouble(bool Fatal, string What, string Mend);

/// <summary>Which types a column of the owner's views may have.</summary>
static class ViewColumnTypes
{
    static readonly HashSet<string> Amounts = ["total", "tax", "shipping", "fees", "discount", "subtotal", "amount", "quantity"];
    static readonly HashSet<string> Times = ["placed_at", "updated_at", "occurred_at"];
    static readonly HashSet<string> Ids = ["external_id", "order_id", "refund_id", "line_id", "product_id", "customer_id"];
    static readonly HashSet<string> Words = ["status", "currency"];

    /// <param name="type">As <c>information_schema</c> calls it.</param>
    /// <returns>Null where it is right.</returns>
    public static ColumnTrouble? Trouble(string column, string type) =>
        Amounts.Contains(column) ? OfAmount(column, type)
        : Times.Contains(column) ? OfTime(column, type)
        : Ids.Contains(column) && IsInexact(type) ? new(true, "ids of many digits lose the last ones", $"CAST({column} AS SIGNED)")
        : Ids.Contains(column) && IsTime(type) ? new(true, "a time is no id", "the id")
        : Words.Contains(column) && !IsText(type) ? new(true, column == "status" ? "it must be a word such as completed" : "it must be a code such as EUR",
            column == "status" ? "CASE status WHEN 5 THEN 'completed' … END" : "the code of the currency")
        : null;

    static ColumnTrouble? OfAmount(string column, string type) =>
        IsInteger(type) || type is "decimal" ? null
        : IsInexact(type) ? new(false, "it has no exact cents", $"CAST({column} AS DECIMAL(20,6))")
        : IsText(type) ? new(false, "one that is no number, such as 12,50, makes its order unreadable", $"CAST({column} AS DECIMAL(20,6))")
        : new(true, "it must be a number", $"the number as DECIMAL(20,6)");

    static ColumnTrouble? OfTime(string column, string type) =>
        type is "datetime" or "timestamp" ? null
        : IsInteger(type) || type is "decimal" || IsInexact(type) ? new(true, "it must be a DATETIME in UTC", $"FROM_UNIXTIME({column}), if it counts seconds since 1970")
        : type is "date" ? new(false, "it has no time of the day, so every order of a day is read again and again", "the time as well")
        : IsText(type) ? new(false, "one that is no time makes its order unreadable, and no index is of use", $"CAST({column} AS DATETIME(6))")
        : new(true, "it must be a DATETIME in UTC", "the time");

    static bool IsInteger(string type) => type is "tinyint" or "smallint" or "mediumint" or "int" or "bigint";

    static bool IsInexact(string type) => type is "float" or "double";

    static bool IsTime(string type) => type is "datetime" or "timestamp" or "date" or "time" or "year";

    /// <summary>Bytes are read as text, too: what joins texts and numbers has become bytes on some servers.</summary>
    static bool IsText(string type) =>
        type.EndsWith("char", StringComparison.Ordinal) || type.EndsWith("text", StringComparison.Ordinal) || type.EndsWith("binary", StringComparison.Ordinal)
        || type.EndsWith("blob", StringComparison.Ordinal) || type is "enum" or "set" or "json";
}
