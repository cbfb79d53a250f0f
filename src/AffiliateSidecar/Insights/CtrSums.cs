using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Insights;

/// <summary>Clicks and impressions of a period, summed in one pass over the days of its links.</summary>
/// <param name="steps">How many hours are one step of time.</param>
sealed class CtrSums(DateTimeOffset from, DateTimeOffset to, int steps)
{
    /// <summary>One sum of clicks and impressions.</summary>
    public sealed class Sum
    {
        public long Clicks { get; set; }
        public long Invalid { get; set; }
        public long Impressions { get; set; }

        /// <summary>Clicks of partners who have impressions in the period.</summary>
        public long Shown { get; set; }

        /// <summary>The hour with the most clicks, the earliest of equal ones.</summary>
        public (long Clicks, DateTimeOffset Hour) Peak { get; set; }

        public void Add(LinkHour hour) => (Clicks, Invalid, Impressions) = (Clicks + hour.Clicks, Invalid + hour.Invalid, Impressions + hour.Impressions);
    }

    readonly long[] dayClicks = new long[LinkDay.Hours];
    readonly Dictionary<int, Dictionary<long, long>> unshown = [];
    readonly HashSet<int> reporting = [];
    (int Day, int Partner) dayOf;

    public Dictionary<(int PartnerId, int LinkId), Sum> Links { get; } = [];

    public Dictionary<int, Sum> Partners { get; } = [];

    /// <summary>By step since 1970.</summary>
    public Dictionary<long, Sum> Times { get; } = [];

    public static async Task<CtrSums> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, int steps, CancellationToken cancel)
    {
        var sums = new CtrSums(from, to, steps);
        await foreach (var stored in LinkDays.BetweenAsync(db, Day(from), Day(to), cancel))
            sums.Add(stored);
        sums.EndDay();
        return sums;
    }

    static int Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime).DayNumber;

    public DateTimeOffset Time(long step) => DateTimeOffset.UnixEpoch.AddHours(step * steps);

    void Add(LinkDays.Stored stored)
    {
        var (key, start) = (stored.Key, LinkDays.Start(stored.Key.Day));
        Span<LinkHour> hours = stackalloc LinkHour[LinkDay.Hours];
        hours = hours[..LinkDay.Read(stored.Hours, hours)];
        if (dayOf != (key.Day, key.PartnerId))
            EndDay();
        dayOf = (key.Day, key.PartnerId);
        var first = (start - DateTimeOffset.UnixEpoch).Days * (long)LinkDay.Hours;
        foreach (var hour in hours)
        {
            var at = start.AddHours(hour.Hour);
            if (at < from || at >= to)
                continue;
            Of(Links, (key.PartnerId, key.LinkId)).Add(hour);
            Of(Partners, key.PartnerId).Add(hour);
            dayClicks[hour.Hour] += hour.Clicks;
            var step = (first + hour.Hour) / steps;
            var time = Of(Times, step);
            time.Add(hour);
            if (hour.Impressions > 0 && reporting.Add(key.PartnerId) && unshown.Remove(key.PartnerId, out var before))
                foreach (var (earlier, clicks) in before)
                    Times[earlier].Shown += clicks;
            if (reporting.Contains(key.PartnerId))
                time.Shown += hour.Clicks;
            else
                Of(unshown, key.PartnerId)[step] = unshown[key.PartnerId].GetValueOrDefault(step) + hour.Clicks;
        }
    }

    /// <summary>All links of the partner have had their say on this day.</summary>
    void EndDay()
    {
        for (var hour = 0; hour < LinkDay.Hours; hour++)
            if (dayClicks[hour] > 0 && Of(Partners, dayOf.Partner) is var partner && dayClicks[hour] > partner.Peak.Clicks)
                partner.Peak = (dayClicks[hour], LinkDays.Start(dayOf.Day).AddHours(hour));
        Array.Clear(dayClicks);
    }

    static TSum Of<TKey, TSum>(Dictionary<TKey, TSum> sums, TKey key) where TKey : notnull where TSum : new() => sums.TryGetValue(key, out var sum) ? sum : sums[key] = new();
}
