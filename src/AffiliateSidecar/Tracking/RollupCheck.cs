using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>An hour whose figures are not what a recount of its clicks gives: the recount minus the figure.</summary>
sealed record RollupDifference
{
    public int PartnerId { get; init; }
    public int LinkId { get; init; }
    public DateTimeOffset Hour { get; init; }
    public long Clicks { get; init; }
    public long Bots { get; init; }
    public long Prefetches { get; init; }
    public long Duplicates { get; init; }
}

/// <summary>The hourly figures move with their clicks in one transaction, so they never differ.</summary>
sealed class RollupCheck : IIntegrityCheck
{
    // Sums are cast because MariaDB makes them decimals.
    const string Recount = """
        select partner_id, link_id, hour, cast(sum(c) as signed) as clicks, cast(sum(b) as signed) as bots,
            cast(sum(p) as signed) as prefetches, cast(sum(d) as signed) as duplicates
        from (select partner_id, link_id, at - at % 3600000000 as hour,
                  flag = '' as c, flag = 'bot' as b, flag in ('prefetch', 'head') as p, flag = 'duplicate' as d from afs_clicks
              union all
              select partner_id, link_id, hour, -clicks, -bots, -prefetches, -duplicates from afs_clicks_hourly) as counted
        group by partner_id, link_id, hour
        having sum(c) <> 0 or sum(b) <> 0 or sum(p) <> 0 or sum(d) <> 0
        order by partner_id, link_id, hour
        """;

    public string Name => "every hour's click figures are what a recount of its clicks gives";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var d in await RunAsync(db, cancel))
            yield return $"Partner {PublicId.Of(PublicId.Partner, d.PartnerId)}, link {d.LinkId}, {d.Hour:yyyy-MM-dd HH}:00: the recount differs by {d.Clicks} clicks, "
                + $"{d.Bots} bots, {d.Prefetches} prefetches, {d.Duplicates} repetitions.";
    }

    /// <summary>Empty where every hour agrees with its clicks.</summary>
    public static async Task<IReadOnlyList<RollupDifference>> RunAsync(SidecarDb db, CancellationToken cancel) =>
        await db.QueryToListAsync<RollupDifference>(Recount, cancel);
}
