using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>Figures by partner, link and hour. Reports and fraud signals read these, never the clicks.</summary>
static class HourlyTable
{
    const int RowsAStatement = 200;

    public static Task AddClicksAsync(SidecarDb db, IReadOnlyList<ClickRow> clicks, CancellationToken cancel) =>
        AddAsync(db, "afs_clicks_hourly", ["clicks", "bots", "prefetches", "duplicates"],
            clicks.GroupBy(c => (c.PartnerId, c.LinkId, Hour: UnixTime.Hour(c.At)), (key, hour) => (key, Figures(hour))), cancel);

    public static Task AddImpressionsAsync(SidecarDb db, IReadOnlyList<Impressions> seen, CancellationToken cancel) =>
        AddAsync(db, "afs_impressions_hourly", ["impressions"],
            seen.GroupBy(i => (i.PartnerId, i.LinkId, Hour: UnixTime.Hour(i.At)), (key, hour) => (key, new[] { hour.Sum(i => (long)i.Count) })), cancel);

    static long[] Figures(IEnumerable<ClickRow> hour)
    {
        var figures = new long[4];
        foreach (var click in hour)
            figures[click.Flag switch { ClickFlag.None => 0, ClickFlag.Bot => 1, ClickFlag.Duplicate => 3, _ => 2 }]++;
        return figures;
    }

    // Whole numbers only, so they are written into the statement as they are. Always in the same order, so that two nodes wait for
    // each other instead of deadlocking.
    static async Task AddAsync(SidecarDb db, string table, string[] columns,
        IEnumerable<((int Partner, int Link, DateTimeOffset Hour) Key, long[] Figures)> hours, CancellationToken cancel)
    {
        var upsert = db.IsSqlite
            ? "on conflict (partner_id, link_id, hour) do update set " + string.Join(", ", columns.Select(c => $"{c} = {c} + excluded.{c}"))
            : "on duplicate key update " + string.Join(", ", columns.Select(c => $"{c} = {c} + values({c})"));
        foreach (var chunk in hours.OrderBy(h => h.Key).Chunk(RowsAStatement))
            await db.ExecuteAsync($"insert into {table} (partner_id, link_id, hour, {string.Join(", ", columns)}) values "
                + string.Join(",", chunk.Select(h => $"({h.Key.Partner},{h.Key.Link},{UnixTime.ToMicros(h.Key.Hour)},{string.Join(',', h.Figures)})"))
                + " " + upsert, cancel);
    }
}
