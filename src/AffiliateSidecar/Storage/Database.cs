using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using LinqToDB;
using LinqToDB.DataProvider.MySql;
using LinqToDB.DataProvider.SQLite;
using Microsoft.Data.Sqlite;
using MySqlConnector;
using SQLitePCL;

namespace AffiliateSidecar.Storage;

/// <summary>
/// Where the sidecar keeps its own tables: SQLite in the data folder, or MySQL/MariaDB by connection string.
/// </summary>
sealed partial class Database : ITextQueries, IDisposable
{
    const int Attempts = 12;

    // Whoever has the one need not wait until linq2db has found out all about the other.
    static readonly Lazy<DataOptions>
        Sqlite = new(() => new DataOptions().UseSQLite(SQLiteProvider.Microsoft).UseMappingSchema(SidecarDb.Schema).UseAfterConnectionOpened(Prepare)),
        MySql = new(() => new DataOptions().UseMySql(MySqlVersion.MariaDB10, MySqlProvider.MySqlConnector).UseMappingSchema(SidecarDb.Schema));

    readonly Lazy<(DataOptions Kind, DataOptions Options)> linq;
    readonly SemaphoreSlim sqliteWriter = new(1, 1);
    readonly PreparedStatements prepared = new();
    SidecarDb? sqliteConnection;
    readonly ILogger<Database> log;
    readonly string? file;
    volatile bool fileWasThere;

    public Database(IConfiguration configuration, DataFolder folder, ILogger<Database> log)
    {
        this.log = log;
        var configured = configuration.GetConnectionString("Sidecar");
        IsSqlite = string.IsNullOrWhiteSpace(configured) || configured.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase);
        try
        {
            ConnectionString = IsSqlite ? SqliteString(configured, folder) : MySqlString(configured!);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"ConnectionStrings:Sidecar is not valid: {e.Message}", e);
        }
        file = IsSqlite ? new SqliteConnectionStringBuilder(ConnectionString).DataSource : null;
        linq = new(() => (IsSqlite ? Sqlite : MySql).Value is var kind ? (kind, kind.UseConnectionFactory(_ => Connection())) : default);
    }

    public bool IsSqlite { get; }
    public string ConnectionString { get; }

    static string SqliteString(string? configured, DataFolder folder) =>
        new SqliteConnectionStringBuilder(string.IsNullOrWhiteSpace(configured) ? $"Data Source={folder.File("sidecar.db")}" : configured)
        {
            DefaultTimeout = 5, ForeignKeys = false, Pooling = true,
        }.ConnectionString;

    static string MySqlString(string configured) => new MySqlConnectionStringBuilder(configured)
    {
        // A round trip a transaction, and worth it: connections that a restart of the server has killed are found out here.
        ConnectionReset = true,
        AllowUserVariables = true,
        // Affected rows mean matched rows: an update that changes nothing has still found its row.
        UseAffectedRows = false,
        DefaultCommandTimeout = 30,
        ConnectionTimeout = 5,
    }.ConnectionString;

    /// <summary>For messages: where the data is, without user name or password.</summary>
    public string Description => IsSqlite
        ? $"SQLite {new SqliteConnectionStringBuilder(ConnectionString).DataSource}"
        : new MySqlConnectionStringBuilder(ConnectionString) is var my ? $"MySQL {my.Server}:{my.Port}/{my.Database}" : "";

    public SidecarDb Open()
    {
        if (IsSqlite)
            RefuseMissingFile();
        return new(linq.Value.Options, linq.Value.Kind, IsSqlite, prepared);
    }

    DbConnection Connection() => IsSqlite ? new SqliteConnection(ConnectionString) : new MySqlConnection(ConnectionString);

    /// <summary>For what every command asks: linq2db, which takes longer to begin than such a command to do its work, is left alone.</summary>
    public async Task<object?> ScalarAsync(string sql, CancellationToken cancel)
    {
        if (IsSqlite)
            RefuseMissingFile();
        await using var connection = Connection();
        await connection.OpenAsync(cancel);
        if (IsSqlite)
            Prepare(connection);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(cancel) is { } value and not DBNull ? value : null;
    }

    /// <inheritdoc cref="ScalarAsync"/>
    public object? Scalar(string sql) => ScalarAsync(sql, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Whether a mark is set.</summary>
    /// <param name="name">A name of the program's own.</param>
    public async Task<bool> IsMarkedAsync(string name, CancellationToken cancel) => await ScalarAsync($"select 1 from afs_settings where name = '{name}'", cancel) is not null;

    /// <summary>
    /// A file that was deleted or moved away lives on for whoever has it open: everything would be written, answered and lost. New connections
    /// would make an empty one in its place.
    /// </summary>
    void RefuseMissingFile()
    {
        if (File.Exists(file))
            fileWasThere = true;
        else if (fileWasThere)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
            throw new SqliteException($"The database file {file} is gone.", 14);
        }
    }

    /// <summary>
    /// Do a unit of work in one durable transaction. SQLite has one writer, so writers queue here in order instead of
    /// polling a locked file. MySQL runs read committed and is asked again after a deadlock or a Galera certification failure,
    /// so <paramref name="work"/> may run more than once and must not touch anything but the database.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<SidecarDb, CancellationToken, Task<T>> work, CancellationToken cancel = default)
    {
        if (!IsSqlite)
            return await AttemptAsync(MySqlAsync, cancel);
        await sqliteWriter.WaitAsync(cancel);
        try
        {
            return await AttemptAsync(SqliteAsync, cancel);
        }
        finally
        {
            sqliteWriter.Release();
        }

        async Task<T> MySqlAsync()
        {
            await using var db = Open();
            return await InTransactionAsync(db, IsolationLevel.ReadCommitted, work, cancel);
        }

        // The one writer keeps its connection: to open one takes longer than a click.
        async Task<T> SqliteAsync()
        {
            RefuseMissingFile();
            var db = Interlocked.Exchange(ref sqliteConnection, null) ?? Open();
            try
            {
                var result = await InTransactionAsync(db, IsolationLevel.Serializable, work, cancel);
                (db, sqliteConnection) = (null, db);
                return result;
            }
            finally
            {
                if (db is not null)
                    await db.DisposeAsync();
            }
        }
    }

    static async Task<T> InTransactionAsync<T>(SidecarDb db, IsolationLevel isolation, Func<SidecarDb, CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        await using var transaction = await db.BeginTransactionAsync(isolation, cancel);
        var result = await work(db, cancel);
        await transaction.CommitAsync(cancel);
        return result;
    }

    async Task<T> AttemptAsync<T>(Func<Task<T>> write, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (DbException e) when (attempt < Attempts && IsWorthAnotherTry(e))
            {
                LogRetry(attempt, e.Message);
                await Task.Delay(Random.Shared.Next(2, 10 * attempt), cancel);
            }
        }
    }

    public Task WriteAsync(Func<SidecarDb, CancellationToken, Task> work, CancellationToken cancel = default) =>
        WriteAsync(async (db, token) =>
        {
            await work(db, token);
            return 0;
        }, cancel);

    /// <summary>A row with this key is there already.</summary>
    public static bool IsDuplicateKey(Exception e) => e is MySqlException { ErrorCode: MySqlErrorCode.DuplicateKeyEntry }
        || e is SqliteException { SqliteErrorCode: 19, SqliteExtendedErrorCode: 2067 or 1555 };

    /// <summary>The database cannot be used now: unreachable, locked, read-only, full, wrong password. Not the caller's fault.</summary>
    public static bool IsUnavailable(Exception e) => e switch
    {
        MySqlException my => my.IsTransient || my.ErrorCode is MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.AccessDenied
            or MySqlErrorCode.UnknownDatabase or MySqlErrorCode.OptionPreventsStatement or MySqlErrorCode.DiskFull
            or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.TableAccessDenied || my.InnerException is IOException or SocketException,
        // 5 busy, 6 locked, 8 read-only, 10 I/O error, 11 corrupt, 13 full, 14 cannot open, 26 not a database
        // A server that dies in the middle of an answer: the driver passes on what the socket says.
        SocketException or EndOfStreamException or IOException { InnerException: SocketException } => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 8 or 10 or 11 or 13 or 14 or 26,
        _ => false,
    };

    static bool IsWorthAnotherTry(DbException e) => IsDuplicateKey(e)
        || e is MySqlException { ErrorCode: MySqlErrorCode.LockDeadlock or MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.CheckRead };

    static readonly ConditionalWeakTable<sqlite3, object> Prepared = [];

    static void Prepare(DbConnection connection)
    {
        // Connections come from a pool, and what is behind them keeps its settings.
        var handle = ((SqliteConnection)connection).Handle!;
        if (Prepared.TryGetValue(handle, out _))
            return;
        using var command = connection.CreateCommand();
        // WAL lets readers go on while one writes; FULL makes every commit wait for the disk: a click is somebody's money. The log goes home after
        // 4 MB: the same pages change again and again, and going home seldom writes them seldom, but whoever clicks meanwhile waits for that long.
        command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA wal_autocheckpoint=1000;";
        command.ExecuteNonQuery();
        Prepared.AddOrUpdate(handle, Prepared);
    }

    public void Dispose()
    {
        sqliteWriter.Dispose();
        sqliteConnection?.Dispose();
        prepared.Clear();
        if (IsSqlite)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Transaction is tried again after attempt {Attempt}: {Reason}")]
    partial void LogRetry(int attempt, string reason);
}
