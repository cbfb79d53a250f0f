using System.Net;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>Opens the connection as it is configured, or says why it cannot be opened.</summary>
static class ConnectionCheck
{
    extension(MySqlConnectionStringBuilder connection)
    {
        public bool IsLocal => connection.ConnectionProtocol == MySqlConnectionProtocol.UnixSocket || connection.Server.StartsWith('/')
            || connection.Server.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(connection.Server, out var address) && IPAddress.IsLoopback(address);
    }

    /// <returns>Without a database where the one that is named cannot be entered; null where nothing can be opened.</returns>
    public static async Task<MySqlConnection?> OpenAsync(Examination examination, CancellationToken cancel)
    {
        try
        {
            var connection = await OpenAsync(examination.Connection, cancel);
            examination.Well("connection", $"{examination.Where} lets {examination.Connection.UserID} in.");
            return connection;
        }
        catch (MySqlException e) when (e.ErrorCode is MySqlErrorCode.DatabaseAccessDenied or MySqlErrorCode.UnknownDatabase)
        {
            var connection = await OpenAsync(new MySqlConnectionStringBuilder(examination.Connection.ConnectionString) { Database = "" }, cancel);
            examination.Well("connection", $"{examination.Where} lets {examination.Connection.UserID} in.");
            await RefuseDatabaseAsync(examination, connection, e.ErrorCode, cancel);
            return connection;
        }
        catch (MySqlException e)
        {
            var (name, what, mend) = await ConnectionTrouble.ExplainAsync(examination, e, cancel);
            examination.Failed(name, what, mend);
            return null;
        }
    }

    public static async Task<MySqlConnection> OpenAsync(MySqlConnectionStringBuilder builder, CancellationToken cancel)
    {
        var connection = new MySqlConnection(builder.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            // With an expired password one gets in, and then nothing is answered.
            await connection.ListAsync("SELECT 1", cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    static async Task RefuseDatabaseAsync(Examination examination, MySqlConnection connection, MySqlErrorCode code, CancellationToken cancel)
    {
        var name = examination.Connection.Database;
        var others = await connection.ListAsync("SELECT schema_name FROM information_schema.schemata", cancel);
        others.RemoveAll(o => o.ToLowerInvariant() is "information_schema" or "performance_schema" or "mysql" or "sys");
        var seen = others.Count == 0 ? "" : $" It can see: {string.Join(", ", others.Take(10))}.";
        // Whoever has no right anywhere in a database is not told whether there is one.
        examination.Failed("database", code == MySqlErrorCode.UnknownDatabase
                ? $"The server has no database '{name}'.{seen}"
                : $"The account may not enter the database '{name}', or there is no such database.{seen}",
            (examination.Shop.Kind == "woocommerce" ? "The shop's wp-config.php names its database (DB_NAME): correct" : "It is the database that the views are in: correct")
                + $" Database= in {examination.Setting("ConnectionString")}"
                + (code == MySqlErrorCode.UnknownDatabase ? "." : ", or run the GRANT statements below."));
    }

    /// <summary>The first column of every row.</summary>
    public static async Task<List<string>> ListAsync(this MySqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var list = new List<string>();
        while (await reader.ReadAsync(cancel))
            list.Add(Convert.ToString(reader.GetValue(0)) ?? "");
        return list;
    }
}
