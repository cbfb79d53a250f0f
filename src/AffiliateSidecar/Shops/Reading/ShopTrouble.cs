using System.Net.Sockets;
using System.Text.RegularExpressions;
using AffiliateSidecar.Http;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>What an error of a shop's database means to the shop's owner. The server's own words may hold names and addresses, so they are not passed on.</summary>
static partial class ShopTrouble
{
    // MariaDB's and MySQL's own numbers for a statement that took too long.
    const int MariaDbTimeout = 1969, MySqlTimeout = 3024;

    /// <summary>Null for what is no error of the database.</summary>
    public static ShopDatabaseException? Explain(ShopSettings shop, Exception e) => e switch
    {
        ShopDatabaseException known => known,
        MySqlException my => new ShopDatabaseException(Sentence(shop, my), my),
        SocketException or EndOfStreamException or IOException => new ShopDatabaseException($"The database of the shop {shop.Name} went away in the middle of an answer.", e),
        _ => null,
    };

    static string Sentence(ShopSettings shop, MySqlException e)
    {
        var setting = $"Sidecar:Shops:{shop.Name}:ConnectionString";
        var database = new MySqlConnectionStringBuilder(shop.ConnectionString!).Database;
        return (int)e.ErrorCode switch
        {
            (int)MySqlErrorCode.NoSuchTable => $"The table {Table(e)} is not in the database of the shop {shop.Name}. Is Sidecar:Shops:{shop.Name}:TablePrefix right?",
            (int)MySqlErrorCode.TableAccessDenied or (int)MySqlErrorCode.ColumnAccessDenied =>
                $"The account in {setting} may not read the table {Table(e)}: GRANT SELECT ON `{database}`.`{Table(e)}` to it.",
            (int)MySqlErrorCode.AccessDenied => $"The database server refuses the user name or the password in {setting}.",
            (int)MySqlErrorCode.DatabaseAccessDenied => $"The account in {setting} may not use the database {database}, or there is none of that name.",
            (int)MySqlErrorCode.UnknownDatabase => $"There is no database {database} on the server in {setting}.",
            (int)MySqlErrorCode.BadFieldError => $"A table of the shop {shop.Name} lacks a column: its WooCommerce is too old, or the prefix is another program's.",
            MariaDbTimeout or MySqlTimeout or (int)MySqlErrorCode.CommandTimeoutExpired or (int)MySqlErrorCode.QueryInterrupted =>
                $"The database of the shop {shop.Name} took longer than the {shop.StatementTimeout.TotalSeconds:0} seconds that Sidecar:Shops:{shop.Name}:StatementSeconds allows.",
            (int)MySqlErrorCode.LockWaitTimeout => $"A table of the shop {shop.Name} is locked, by a backup perhaps.",
            (int)MySqlErrorCode.UnableToConnectToHost => $"The database server in {setting} does not answer.",
            _ when e.InnerException is IOException or SocketException => $"The database of the shop {shop.Name} went away in the middle of an answer.",
            var code => $"The database of the shop {shop.Name} answers with error {code}.",
        };
    }

    /// <summary>The last name in the server's sentence: <c>Table 'shop.wp_options' doesn't exist</c>, <c>… for table `shop`.`wp_options`</c>.</summary>
    static string Table(MySqlException e) => LastName().Match(e.Message) is { Success: true } match ? match.Groups[1].Value : "asked for";

    [GeneratedRegex(@"(\w+)['`]?(?: doesn't exist)?\s*$")]
    private static partial Regex LastName();
}
