using System.Runtime.InteropServices;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Fraud;

/// <summary>By hour of a partner's day: impressions, and clicks of those of its links that report any.</summary>
sealed class ShownDays
{
    readonly Dictionary<(int Partner, int Link), int> reported = [];

    public sealed class Sums
    {
        public long[] Impressions { get; } = new long[LinkDay.Hours];
        public int[] Clicks { get; } = new int[LinkDay.Hours];
        public bool HasImpressions { get; set; }
    }

    public Dictionary<(int Day, int Partner), Sums> Days { get; } = [];

    public static async Task<ShownDays> ReadAsync(SidecarDb db, int first, int last, CancellationToken cancel)
    {
        var shown = new ShownDays();
        await foreach (var (key, bytes) in LinkDays.BetweenAsync(db, first + 1 - FraudData.DaysWithoutImpressions, last, cancel))
            shown.Add(key, bytes, key.Day >= first);
        return shown;
    }

    void Add(LinkDays.Key key, byte[] bytes, bool isAsked)
    {
        Span<LinkHour> hours = stackalloc LinkHour[LinkDay.Hours];
        hours = hours[..LinkDay.Read(bytes, hours)];
        var link = (key.PartnerId, key.LinkId);
        var (impressions, clicks) = (0L, 0L);
        foreach (var hour in hours)
            (impressions, clicks) = (impressions + hour.Impressions, clicks + hour.Clicks);
        if (impressions > 0)
            reported[link] = key.Day;
        if (!isAsked || impressions + clicks == 0 || !reported.TryGetValue(link, out var day) || key.Day - day >= FraudData.DaysWithoutImpressions)
            return;
        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(Days, (key.Day, key.PartnerId), out _);
        sums ??= new();
        foreach (var hour in hours)
        {
            sums.Impressions[hour.Hour] += hour.Impressions;
            sums.Clicks[hour.Hour] += (int)hour.Clicks;
        }
        sums.HasImpressions |= impressions > 0;
    }
}
