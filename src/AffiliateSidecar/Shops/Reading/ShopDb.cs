using System.Data;
using System.Data.Common;
using AffiliateSidecar.Http;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.MySql;
using MySqlConnector;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// A connection to a shop's own database that can only read: the session refuses to write whatever the account may do,
/// sees one snapshot a transaction, locks nothing, and gives up a statement that takes too long.
/// </summary>
sealed class ShopDb(DataOptions options, string prefix) : DataConnection(options)
{
    /// <summary>The shop's table of this name, without its prefix.</summary>
    public ITable<T> Table<T>(string name) where T : class => this.GetTable<T>().TableName(prefix + name);

    /// <summary>A few questions on one connection.</summary>
    /// <exception cref="ShopDatabaseException">The database does not answer, or not as it should.</exception>
    public static async Task<T> AskAsync<T>(ShopSettings shop, DataOptions options, Func<ShopDb, Task<T>> ask)
    {
        try
        {
            await using var db = new ShopDb(options, shop.TablePrefix);
            return await ask(db);
        }
        catch (Exception e) when (ShopTrouble.Explain(shop, e) is { } trouble)
        {
            throw trouble;
        }
    }

    /// <exception cref="InvalidDataException">The connection string or the prefix is none.</exception>
    public static DataOptions OptionsFor(ShopSettings shop)
    {
        MySqlConnectionStringBuilder builder;
        try
        {
            builder = new MySqlConnectionStringBuilder(shop.ConnectionString!);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"Sidecar:Shops:{shop.Name}:ConnectionString is not valid: {e.Message}", e);
        }
        if (shop.TablePrefix.Length > 40 || !shop.TablePrefix.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new InvalidDataException($"Sidecar:Shops:{shop.Name}:TablePrefix may have letters, digits and underscores.");
        // Zero dates are data there, and garbage is read as text.
        builder.AllowZeroDateTime = true;
        // Zero would wait for ever.
        builder.ConnectionTimeout = Math.Clamp(builder.ConnectionTimeout, 1, 5);
        builder.DefaultCommandTimeout = (uint)shop.StatementTimeout.TotalSeconds + 5;
        builder.MaximumPoolSize = Math.Min(builder.MaximumPoolSize, 4);
        builder.ApplicationName = "affiliate-sidecar";
        builder.AllowUserVariables = false;
        builder.IgnoreCommandTransaction = true;
        var text = builder.ConnectionString;
        return new DataOptions().UseMySql(MySqlVersion.MariaDB10, MySqlProvider.MySqlConnector).UseConnectionFactory(_ => new MySqlConnection(text))
            .UseAfterConnectionOpened(connection => Restrain(connection, shop.StatementTimeout));
    }

    static void Restrain(DbConnection connection, TimeSpan timeout)
    {
        using var command = connection.CreateCommand();
        // Before 11.1 MariaDB's variable had another name than MySQL's; the statement is the same in both.
        command.CommandText = $"SET SESSION {Limit(connection, timeout)}, time_zone='+00:00'; SET SESSION TRANSACTION READ ONLY";
        command.ExecuteNonQuery();
    }

    /// <summary>For <c>SET SESSION</c>: how long the server works on a statement. MariaDB's limit is in seconds, MySQL's in milliseconds.</summary>
    public static string Limit(DbConnection connection, TimeSpan timeout) => connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase)
        ? FormattableString.Invariant($"max_statement_time={timeout.TotalSeconds:0.###}")
        : FormattableString.Invariant($"max_execution_time={timeout.TotalMilliseconds:0}");

    /// <summary>
    /// Everything read until this is disposed is of one moment. The transaction must end then: a forgotten one keeps the shop from changing its
    /// tables when it is updated.
    /// </summary>
    /// <returns>A time by the server's clock that is not after that moment: what changes later is not taken for seen.</returns>
    public async Task<DateTimeOffset> SnapshotAsync(CancellationToken cancel)
    {
        var text = await this.ExecuteAsync<string>("SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')", cancel);
        await BeginTransactionAsync(IsolationLevel.Snapshot, cancel);
        return DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
