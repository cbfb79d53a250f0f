using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;
using Microsoft.Data.Sqlite;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// The one way into afs_clicks, for redirects, spool and import: a click that is there already is left alone, and the hourly
/// figures move in the same transaction by exactly the clicks that were new.
/// </summary>
static class ClickTable
{
    const string InsertClick = """
        insert into afs_clicks (id, partner_id, link_id, at, window_days, flag, visitor, network, user_agent, referrer, landing, country)
        values (@id, @partner_id, @link_id, @at, @window_days, @flag, @visitor, @network, @user_agent, @referrer, @landing, @country)
        on conflict (id) do nothing
        """;

    /// <summary>How many were new.</summary>
    public static async Task<int> InsertNewAsync(this SidecarDb db, IReadOnlyList<ClickRow> rows, CancellationToken cancel)
    {
        var added = db.IsSqlite ? InsertSqlite(db, rows) : await InsertMySqlAsync(db, rows, cancel);
        await HourlyTable.AddClicksAsync(db, added, cancel);
        return added.Count;
    }

    // One prepared statement for the whole batch: a tenth of the time of the same through a query builder.
    static List<ClickRow> InsertSqlite(SidecarDb db, IReadOnlyList<ClickRow> rows)
    {
        var added = new List<ClickRow>(rows.Count);
        using var command = ((SqliteConnection)db.OpenDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction?)db.Transaction;
        command.CommandText = InsertClick;
        SqliteParameter Text(string name) => command.Parameters.Add(name, SqliteType.Text);
        SqliteParameter Number(string name) => command.Parameters.Add(name, SqliteType.Integer);
        var (id, partner, link, at, window) = (Text("@id"), Number("@partner_id"), Number("@link_id"), Number("@at"), Number("@window_days"));
        var (flag, visitor, network, agent) = (Text("@flag"), Text("@visitor"), Text("@network"), Text("@user_agent"));
        var (referrer, landing, country) = (Text("@referrer"), Text("@landing"), Text("@country"));
        foreach (var row in rows)
        {
            (id.Value, partner.Value, link.Value, at.Value) = (row.Id, row.PartnerId, row.LinkId, UnixTime.ToMicros(row.At));
            (window.Value, flag.Value, visitor.Value, network.Value) = (row.WindowDays, row.Flag, row.Visitor, row.Network);
            (agent.Value, referrer.Value) = (row.UserAgent, (object?)row.Referrer ?? DBNull.Value);
            (landing.Value, country.Value) = ((object?)row.Landing ?? DBNull.Value, (object?)row.Country ?? DBNull.Value);
            if (command.ExecuteNonQuery() > 0)
                added.Add(row);
        }
        return added;
    }

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
