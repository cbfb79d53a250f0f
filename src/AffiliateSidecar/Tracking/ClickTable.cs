using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// The one way into afs_clicks, for redirects, spool and import: a click that is there already is left alone, and the
/// days of links and partners move in the same transaction by exactly the clicks that were new.
/// </summary>
static class ClickTable
{
    const string InsertClick = """
        insert into afs_clicks (id, partner_id, link_id, at, window_days, flag, visitor, network, user_agent, referrer, landing, country, address, is_hosted, is_advertised)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (id) do nothing
        """;

    /// <summary>How many were new.</summary>
    public static async Task<int> InsertNewAsync(this SidecarDb db, IReadOnlyList<ClickRow> rows, CancellationToken cancel)
    {
        var added = await InsertOnlyAsync(db, rows, cancel);
        await LinkDays.AddClicksAsync(db, added, cancel);
        await ClickDays.AddAsync(db, added, cancel);
        return added.Count;
    }

    /// <summary>Without the days: what they cost is measured beside it.</summary>
    internal static async Task<List<ClickRow>> InsertOnlyAsync(SidecarDb db, IReadOnlyList<ClickRow> rows, CancellationToken cancel) =>
        db.IsSqlite ? InsertSqlite(db, rows) : await InsertMySqlAsync(db, rows, cancel);

    // Straight to SQLite: through parameters and readers the same takes twice the time, and this is most of a redirect.
    static List<ClickRow> InsertSqlite(SidecarDb db, IReadOnlyList<ClickRow> rows)
    {
        var added = new List<ClickRow>(rows.Count);
        var connection = ((SqliteConnection)db.OpenDbConnection()).Handle!;
        Check(raw.sqlite3_prepare_v2(connection, InsertClick, out var insert), connection);
        using (insert)
            foreach (var row in rows)
            {
                Bind(insert, row);
                var result = raw.sqlite3_step(insert);
                if (result == raw.SQLITE_DONE && raw.sqlite3_changes(connection) > 0)
                    added.Add(row);
                Check(raw.sqlite3_reset(insert), connection);
            }
        return added;
    }

    static void Bind(sqlite3_stmt insert, ClickRow row)
    {
        Text(1, row.Id);
        raw.sqlite3_bind_int(insert, 2, row.PartnerId);
        raw.sqlite3_bind_int(insert, 3, row.LinkId);
        raw.sqlite3_bind_int64(insert, 4, UnixTime.ToMicros(row.At));
        raw.sqlite3_bind_int(insert, 5, row.WindowDays);
        Text(6, row.Flag);
        Text(7, row.Visitor);
        Text(8, row.Network);
        Text(9, row.UserAgent);
        Text(10, row.Referrer);
        Text(11, row.Landing);
        Text(12, row.Country);
        Number(13, row.Address);
        Number(14, row.IsHosted is { } hosted ? hosted ? 1 : 0 : null);
        Number(15, row.IsAdvertised is { } advertised ? advertised ? 1 : 0 : null);

        void Number(int at, long? number)
        {
            if (number is { } value)
                raw.sqlite3_bind_int64(insert, at, value);
            else
                raw.sqlite3_bind_null(insert, at);
        }

        void Text(int at, string? text)
        {
            if (text is null)
                raw.sqlite3_bind_null(insert, at);
            else
                raw.sqlite3_bind_text(insert, at, text);
        }
    }

    static void Check(int result, sqlite3 connection) => SqliteException.ThrowExceptionForRC(result, connection);

    // Whoever else inserts one of these in between makes the insert fail, and the whole transaction is tried again.
    static async Task<List<ClickRow>> InsertMySqlAsync(SidecarDb db, IReadOnlyList<ClickRow> rows, CancellationToken cancel)
    {
        var ids = rows.Select(r => r.Id).ToArray();
        var there = (await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => c.Id).ToListAsync(cancel)).ToHashSet();
        var added = rows.Where(r => there.Add(r.Id)).ToList();
        if (added.Count > 0)
            await db.BulkCopyAsync(new BulkCopyOptions { BulkCopyType = BulkCopyType.MultipleRows, MaxBatchSize = 500, UseParameters = true }, added, cancel);
        return added;
    }
}
