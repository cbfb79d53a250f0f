using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>Hourly sums from before there were days of links: a day at a time, then their tables go.</summary>
sealed class MissingLinkDays(Database database) : IAfterMigration
{
    /// <summary>Set by the migration.</summary>
    const string Missing = "link-days-missing";
    const long Day = 24 * 3_600_000_000L, Hour = 3_600_000_000L;

    sealed record Row
    {
        public int PartnerId { get; init; }
        public int LinkId { get; init; }
        public long Hour { get; init; }
        public long Clicks { get; init; }
        public long Bots { get; init; }
        public long Prefetches { get; init; }
        public long Duplicates { get; init; }
        public long Impressions { get; init; }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        if (!await database.IsMarkedAsync(Missing, cancel))
            return;
        await using var db = database.Open();
        foreach (var table in new[] { "afs_clicks_hourly", "afs_impressions_hourly" })
        {
            var isThere = db.IsSqlite ? $"select count(*) from sqlite_master where name = '{table}'" : $"select count(*) from information_schema.tables where table_schema = database() and table_name = '{table}'";
            if (await db.ExecuteAsync<long>(isThere, cancel) == 0)
                continue;
            while (await db.QueryToListAsync<long?>($"select min(hour) from {table}", cancel) is [{ } first])
                await database.WriteAsync((write, token) => PackAsync(write, table, first - first % Day, token), cancel);
            await db.ExecuteAsync($"drop table {table}", cancel);
        }
        await database.WriteAsync((write, token) => write.Settings.DeleteAsync(s => s.Name == Missing, token), cancel);
    }

    // What is packed is taken away in the same transaction, so that it goes on where it was broken off.
    static async Task PackAsync(SidecarDb db, string table, long from, CancellationToken cancel)
    {
        var rows = await db.QueryToListAsync<Row>($"select * from {table} where hour >= {from} and hour < {from + Day}", cancel);
        await LinkDays.ChangeAsync(db, rows.GroupBy(r => LinkDays.Key.Of(r.PartnerId, r.LinkId, UnixTime.FromMicros(r.Hour))),
            (day, r) => day.Add(new LinkHour((int)(r.Hour % Day / Hour), r.Clicks, r.Bots, r.Prefetches, r.Duplicates, r.Impressions)), cancel);
        await db.ExecuteAsync($"delete from {table} where hour >= {from} and hour < {from + Day}", cancel);
    }
}
