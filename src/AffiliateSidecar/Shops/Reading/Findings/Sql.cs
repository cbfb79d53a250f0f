namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>Names and texts as MySQL and MariaDB want them in a statement that cannot have parameters.</summary>
static class Sql
{
    public static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";

    public static string Account(string user, string host) => $"{Text(user)}@{Text(host)}";

    /// <summary>A part of an account. What a backslash in quotes means depends on the server's mode; in backticks it is always itself.</summary>
    static string Text(string text) => text.Contains('\\') ? Name(text) : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
