using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AffiliateSidecar.Storage;

/// <summary>
/// Statements that every batch of clicks needs, straight to SQLite and compiled once a connection: compiling one takes longer than running it, and a parameter
/// of the driver longer than either.
/// </summary>
sealed class PreparedStatements
{
    readonly ConditionalWeakTable<sqlite3, Dictionary<string, sqlite3_stmt>> connections = [];

    public Statement Of(SqliteConnection connection, string sql)
    {
        var handle = connection.Handle!;
        var known = connections.GetOrCreateValue(handle);
        if (!known.TryGetValue(sql, out var statement))
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement), handle);
            known[sql] = statement;
        }
        return new(handle, statement);
    }

    /// <summary>No connection is closed, and its log put away, while a statement of it is there.</summary>
    public void Clear()
    {
        foreach (var (_, statements) in connections)
            foreach (var statement in statements.Values)
                statement.Dispose();
        connections.Clear();
    }
}

/// <summary>A compiled statement for one use; reset at the end, so that it keeps no lock and no value.</summary>
readonly ref struct Statement(sqlite3 connection, sqlite3_stmt statement)
{
    public void Bind(int at, long? number) => Check(number is { } value ? raw.sqlite3_bind_int64(statement, at, value) : raw.sqlite3_bind_null(statement, at));

    public void Bind(int at, string? text)
    {
        if (text is null)
        {
            Check(raw.sqlite3_bind_null(statement, at));
            return;
        }
        // SQLite keeps a copy of its own: the bytes need not be on the heap as well.
        Span<byte> room = stackalloc byte[512];
        Check(raw.sqlite3_bind_text(statement, at, Encoding.UTF8.TryGetBytes(text, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(text)));
    }

    public void Bind(int at, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(statement, at, bytes));

    /// <summary>True where there is a row.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
            Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>How many rows it has changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return raw.sqlite3_changes(connection);
    }

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>To run it again with other values.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public void Dispose()
    {
        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
    }

    void Check(int result) => SqliteException.ThrowExceptionForRC(result, connection);
}
