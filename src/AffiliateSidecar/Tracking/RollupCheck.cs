using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>An hour whose figures are not what a recount of its clicks gives; the members are recount minus figure.</summary>
sealed record RollupDifference(int PartnerId, int LinkId, DateTimeOffset Hour, long Clicks, long Bots, long Prefetches, long Duplicates);

static class RollupCheck
{
    // Sums are cast because MariaDB makes them decimals.
    const string Recount = """
        select partner_id as PartnerId, link_id as LinkId, hour as Hour, cast(sum(clicks) as signed) as Clicks, cast(sum(bots) as signed) as Bots,
            cast(sum(prefetches) as signed) as Prefetches, cast(sum(duplicates) as signed) as Duplicates
        from (select partner_id, link_id, at - at % 3600000000 as hour, flag = '' as clicks, flag = 'bot' as bots,
                  flag in ('prefetch', 'head') as prefetches, flag = 'duplicate' as duplicates from afs_clicks
              union all
              select partner_id, link_id, hour, -clicks, -bots, -prefetches, -duplicates from afs_clicks_hourly) as counted
        group by partner_id, link_id, hour
        having sum(clicks) <> 0 or sum(bots) <> 0 or sum(prefetches) <> 0 or sum(duplicates) <> 0
        order by partner_id, link_id, hour
        """;

    /// <summary>Empty where every hour agrees with its clicks.</summary>
    public static async Task<IReadOnlyList<RollupDifference>> RunAsync(SidecarDb db, CancellationToken cancel) =>
        [.. (await db.QueryToListAsync<Counted>(Recount, cancel)).Select(c =>
            new RollupDifference(c.PartnerId, c.LinkId, UnixTime.FromMicros(c.Hour), c.Clicks, c.Bots, c.Prefetches, c.Duplicates))];

    sealed class Counted
    {
        public int PartnerId { get; init; }
        public int LinkId { get; init; }
        public long Hour { get; init; }
        public long Clicks { get; init; }
        public long Bots { get; init; }
        public long Prefetches { get; init; }
        public long Duplicates { get; init; }
    }
}
