using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>Figures by partner, link and hour. Reports and fraud signals read these, never the clicks.</summary>
static class HourlyTable
{
    public static async Task AddClicksAsync(SidecarDb db, IReadOnlyList<ClickRow> clicks, CancellationToken cancel)
    {
        // Always in the same order, so that two nodes wait for each other instead of deadlocking.
        foreach (var hour in clicks.GroupBy(c => (c.PartnerId, c.LinkId, Hour: UnixTime.Hour(c.At))).OrderBy(g => g.Key))
        {
            long valid = 0, bots = 0, ahead = 0, repeated = 0;
            foreach (var click in hour)
                _ = click.Flag switch
                {
                    ClickFlag.None => valid++,
                    ClickFlag.Bot => bots++,
                    ClickFlag.Duplicate => repeated++,
                    _ => ahead++,
                };
            await db.ExecuteAsync(
                "insert into afs_clicks_hourly (partner_id, link_id, hour, clicks, bots, prefetches, duplicates) values (@p, @l, @h, @c, @b, @a, @r) "
                + Upsert(db, "clicks", "bots", "prefetches", "duplicates"), cancel,
                Key(hour.Key, [new("c", valid), new("b", bots), new("a", ahead), new("r", repeated)]));
        }
    }

    public static async Task AddImpressionsAsync(SidecarDb db, IReadOnlyList<Impressions> seen, CancellationToken cancel)
    {
        foreach (var hour in seen.GroupBy(i => (i.PartnerId, i.LinkId, Hour: UnixTime.Hour(i.At))).OrderBy(g => g.Key))
            await db.ExecuteAsync("insert into afs_impressions_hourly (partner_id, link_id, hour, impressions) values (@p, @l, @h, @i) "
                + Upsert(db, "impressions"), cancel, Key(hour.Key, [new("i", hour.Sum(i => (long)i.Count))]));
    }

    static DataParameter[] Key((int Partner, int Link, DateTimeOffset Hour) key, DataParameter[] figures) =>
        [new("p", key.Partner), new("l", key.Link), new("h", UnixTime.ToMicros(key.Hour)), .. figures];

    static string Upsert(SidecarDb db, params string[] columns) => db.IsSqlite
        ? "on conflict (partner_id, link_id, hour) do update set " + string.Join(", ", columns.Select(c => $"{c} = {c} + excluded.{c}"))
        : "on duplicate key update " + string.Join(", ", columns.Select(c => $"{c} = {c} + values({c})"));
}
