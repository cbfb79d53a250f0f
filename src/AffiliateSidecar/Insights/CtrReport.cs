using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Clicks per impression.</summary>
public sealed record CtrReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Payable clicks per impression of all partners whose links report impressions; null without impressions.</summary>
    public double? Ctr { get; init; }

    /// <summary>One row a partner with clicks or impressions, the most clicks first.</summary>
    public required IReadOnlyList<CtrRow> Partners { get; init; }

    // A rate of a few in a hundred needs some hundred impressions to be seen at all.
    const int LeastImpressions = 1000;

    internal static async Task<CtrReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var hours = db.ClicksHourly.Where(h => h.Hour >= from && h.Hour < to);
        var clicks = await hours.GroupBy(h => h.PartnerId).Select(g => new
        {
            PartnerId = g.Key, Clicks = g.Sum(h => h.Clicks), Invalid = g.Sum(h => h.Bots + h.Prefetches + h.Duplicates),
        }).ToDictionaryAsync(g => g.PartnerId, cancel);
        var impressions = await db.ImpressionsHourly.Where(h => h.Hour >= from && h.Hour < to).GroupBy(h => h.PartnerId)
            .Select(g => new { g.Key, Sum = g.Sum(h => h.Impressions) }).ToDictionaryAsync(g => g.Key, g => (long?)g.Sum, cancel);
        var byHour = hours.GroupBy(h => new { h.PartnerId, h.Hour }).Select(g => new { g.Key.PartnerId, g.Key.Hour, Clicks = g.Sum(h => h.Clicks) });
        var ranked = byHour.Select(h => new
        {
            h.PartnerId, h.Hour, h.Clicks,
            Place = Sql.Ext.RowNumber().Over().PartitionBy(h.PartnerId).OrderByDesc(h.Clicks).ThenBy(h.Hour).ToValue(),
        }).AsSubQuery();
        var peaks = await ranked.Where(h => h.Place == 1).ToDictionaryAsync(h => h.PartnerId, cancel);
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        var shown = impressions.Values.Sum() ?? 0;
        return new()
        {
            From = from,
            To = to,
            Ctr = shown > 0 ? Math.Round((double)impressions.Keys.Sum(id => clicks.GetValueOrDefault(id)?.Clicks ?? 0) / shown, 6) : null,
            Partners = [.. clicks.Keys.Union(impressions.Keys).Where(codes.ContainsKey).Select(id =>
            {
                var (own, seen) = (clicks.GetValueOrDefault(id), impressions.GetValueOrDefault(id));
                return new CtrRow
                {
                    Partner = PublicId.Of(PublicId.Partner, id), PartnerCode = codes[id], Impressions = seen, Clicks = own?.Clicks ?? 0,
                    InvalidClicks = own?.Invalid ?? 0, Ctr = seen > 0 ? Math.Round((double)(own?.Clicks ?? 0) / seen.Value, 6) : null,
                    PeakHour = peaks.GetValueOrDefault(id)?.Hour, PeakHourClicks = peaks.GetValueOrDefault(id)?.Clicks ?? 0,
                    State = seen >= LeastImpressions ? "ok" : FindingState.NotEnoughData,
                };
            }).OrderByDescending(r => r.Clicks).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }
}

/// <summary>One partner's clicks per impression.</summary>
public sealed record CtrRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary>Null where the partner's links report none.</summary>
    public long? Impressions { get; init; }

    /// <summary>Payable clicks.</summary>
    public required long Clicks { get; init; }

    /// <summary>Bots, prefetches and repetitions.</summary>
    public required long InvalidClicks { get; init; }

    /// <summary>Payable clicks per impression; null without impressions.</summary>
    public double? Ctr { get; init; }

    /// <summary>The hour with the most payable clicks.</summary>
    public DateTimeOffset? PeakHour { get; init; }
    public required long PeakHourClicks { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below a thousand impressions.</summary>
    public required string State { get; init; }
}
