using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
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

/// <summary>The links' days move with their clicks in one transaction, so they never differ.</summary>
sealed class RollupCheck : IIntegrityCheck
{
    // Sums are cast because MariaDB makes them decimals.
    const string Recount = """
        select link_id, at - at % 3600000000 as hour, cast(sum(flag = '') as signed) as clicks, cast(sum(flag = 'bot') as signed) as bots,
            cast(sum(flag in ('prefetch', 'head')) as signed) as prefetches, cast(sum(flag = 'duplicate') as signed) as duplicates
        from afs_clicks where partner_id = @partner group by link_id, at - at % 3600000000
        """;

    public string Name => "every hour's click figures are what a recount of its clicks gives";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var d in await RunAsync(db, cancel))
            yield return $"Partner {PublicId.Of(PublicId.Partner, d.PartnerId)}, link {d.LinkId}, {d.Hour:yyyy-MM-dd HH}:00: the recount differs by {d.Clicks} clicks, "
                + $"{d.Bots} bots, {d.Prefetches} prefetches, {d.Duplicates} repetitions.";
    }

    /// <summary>Empty where every hour agrees with its clicks. One partner at a time, so that years need no memory.</summary>
    public static async Task<IReadOnlyList<RollupDifference>> RunAsync(SidecarDb db, CancellationToken cancel)
    {
        var differences = new List<RollupDifference>();
        var partners = await db.Clicks.Select(c => c.PartnerId).Distinct().ToListAsync(cancel);
        foreach (var partner in partners.Union(await db.LinkDays.Select(d => d.PartnerId).Distinct().ToListAsync(cancel)).Order())
        {
            var counted = (await db.QueryToListAsync<RollupDifference>(Recount, cancel, new DataParameter("partner", partner))).ToDictionary(r => (r.LinkId, r.Hour));
            await foreach (var (key, hours) in LinkDays.OfPartnerAsync(db, partner, cancel))
                foreach (var stored in LinkDay.Decode(hours).Clicked)
                {
                    var at = (key.LinkId, Hour: LinkDays.Start(key.Day).AddHours(stored.Hour));
                    var recount = counted.GetValueOrDefault(at) ?? new() { LinkId = at.LinkId, Hour = at.Hour };
                    counted[at] = recount with
                    {
                        Clicks = recount.Clicks - stored.Clicks, Bots = recount.Bots - stored.Bots, Prefetches = recount.Prefetches - stored.Prefetches, Duplicates = recount.Duplicates - stored.Duplicates,
                    };
                }
            differences.AddRange(counted.Values.Where(d => (d.Clicks, d.Bots, d.Prefetches, d.Duplicates) != default).OrderBy(d => (d.LinkId, d.Hour)).Select(d => d with { PartnerId = partner }));
        }
        return differences;
    }
}
