using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

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

    static List<ClickRow> InsertSqlite(SidecarDb db, IReadOnlyList<ClickRow> rows)
    {
        var added = new List<ClickRow>(rows.Count);
        using var insert = db.Prepared(InsertClick);
        foreach (var row in rows)
        {
            Bind(insert, row);
            if (insert.Run() > 0)
                added.Add(row);
        }
        return added;
    }

    static void Bind(Statement insert, ClickRow row)
    {
        insert.Bind(1, row.Id);
        insert.Bind(2, row.PartnerId);
        insert.Bind(3, row.LinkId);
        insert.Bind(4, UnixTime.ToMicros(row.At));
        insert.Bind(5, row.WindowDays);
        insert.Bind(6, row.Flag);
        insert.Bind(7, row.Visitor);
        insert.Bind(8, row.Network);
        insert.Bind(9, row.UserAgent);
        insert.Bind(10, row.Referrer);
        insert.Bind(11, row.Landing);
        insert.Bind(12, row.Country);
        insert.Bind(13, row.Address);
        insert.Bind(14, row.IsHosted is { } hosted ? hosted ? 1 : 0 : null);
        insert.Bind(15, row.IsAdvertised is { } advertised ? advertised ? 1 : 0 : null);
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
