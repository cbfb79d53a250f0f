using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Insights;

/// <summary>
/// The hourly sums of a period, summed further by the database. The rows lie by hour, so each statement is one pass over the period and sorts little.
/// </summary>
sealed class HourlySums(SidecarDb db, DateTimeOffset from, DateTimeOffset to)
{
    const string InPeriod = "hour >= @from and hour < @to";

    /// <summary>One sum of clicks or impressions.</summary>
    public sealed record Sum
    {
        public int PartnerId { get; init; }
        public int LinkId { get; init; }

        /// <summary>Hours or days since 1970.</summary>
        public long Step { get; init; }
        public long Clicks { get; init; }
        public long Invalid { get; init; }
        public long Impressions { get; init; }

        /// <summary>Clicks of partners who have impressions in the period.</summary>
        public long Shown { get; init; }
    }

    public Task<List<Sum>> ClicksAsync(CancellationToken cancel) => QueryAsync(
        $"select partner_id, link_id, {Total("clicks")} as clicks, {Total("bots + prefetches + duplicates")} as invalid from afs_clicks_hourly where {InPeriod} group by partner_id, link_id", cancel);

    public Task<List<Sum>> ImpressionsAsync(CancellationToken cancel) =>
        QueryAsync($"select partner_id, link_id, {Total("impressions")} as impressions from afs_impressions_hourly where {InPeriod} group by partner_id, link_id", cancel);

    /// <summary>
    /// Each partner's clicks and its hour with the most payable ones, the earliest of equal ones, in one pass. Clicks and hour of the peak are one number, so that
    /// the largest is found without sorting the hours of every partner.
    /// </summary>
    public async Task<Dictionary<int, (Sum Sum, DateTimeOffset Hour, long Clicks)>> PartnersAsync(CancellationToken cancel)
    {
        const long Hours = 10_000_000;
        var partners = await QueryAsync($"""
            select partner_id, {Total("clicks")} as clicks, {Total("invalid")} as invalid, cast(max(clicks * {Hours} + {Hours - 1} - {Step(1)}) as signed) as step
            from (select hour, partner_id, sum(clicks) as clicks, sum(bots + prefetches + duplicates) as invalid from afs_clicks_hourly where {InPeriod} group by hour, partner_id) as hours
            group by partner_id
            """, cancel);
        return partners.ToDictionary(p => p.PartnerId, p => (p, Time(Hours - 1 - p.Step % Hours, 1), p.Step / Hours));
    }

    /// <param name="hours">1: by hour; 24: by day (UTC).</param>
    public async Task<Dictionary<long, Sum>> ClicksByTimeAsync(int hours, CancellationToken cancel) => (await QueryAsync($"""
        select {Step(hours)} as step, {Total("clicks")} as clicks, {Total("bots + prefetches + duplicates")} as invalid,
            {Total("case when shown.partner_id is null then 0 else clicks end")} as shown
        from afs_clicks_hourly c left join (select distinct partner_id from afs_impressions_hourly where {InPeriod}) as shown on shown.partner_id = c.partner_id
        where {InPeriod} group by step
        """, cancel)).ToDictionary(s => s.Step);

    public async Task<Dictionary<long, Sum>> ImpressionsByTimeAsync(int hours, CancellationToken cancel) =>
        (await QueryAsync($"select {Step(hours)} as step, {Total("impressions")} as impressions from afs_impressions_hourly where {InPeriod} group by step", cancel)).ToDictionary(s => s.Step);

    public static DateTimeOffset Time(long step, int hours) => DateTimeOffset.UnixEpoch.AddHours(step * hours);

    string Step(int hours) => $"hour {(db.IsSqlite ? "/" : "div")} {hours * 3_600_000_000L}";

    // MariaDB's sums of whole numbers are decimals.
    static string Total(string expression) => $"cast(sum({expression}) as signed)";

    async Task<List<Sum>> QueryAsync(string sql, CancellationToken cancel) =>
        [.. await db.QueryToListAsync<Sum>(sql, cancel, new DataParameter("from", UnixTime.ToMicros(from)), new DataParameter("to", UnixTime.ToMicros(to)))];
}
