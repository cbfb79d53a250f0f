using AffiliateSidecar.Fraud;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Time from click to order.</summary>
public sealed record ConversionTimeReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    // Below ten orders a median says little.
    const int LeastOrders = 10;

    /// <summary>Orders with a click, of all partners.</summary>
    public required long ClickedOrders { get; init; }

    /// <summary>One row a partner with such orders, the most orders first.</summary>
    public required IReadOnlyList<ConversionTimeRow> Partners { get; init; }

    internal static async Task<ConversionTimeReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var quantiles = await LagQuantiles.LoadAsync(db, from, to, cancel);
        var shares = await db.Orders.Where(o => o.PartnerId != null && o.LagSeconds != null && o.PlacedAt >= from && o.PlacedAt < to)
            .GroupBy(o => o.PartnerId!.Value).Select(g => new
            {
                PartnerId = g.Key, Minute = g.Sum(o => o.LagSeconds <= 60 ? 1 : 0), FiveMinutes = g.Sum(o => o.LagSeconds <= 300 ? 1 : 0),
                Hour = g.Sum(o => o.LagSeconds <= 3600 ? 1 : 0), Day = g.Sum(o => o.LagSeconds <= 86400 ? 1 : 0),
            }).ToListAsync(cancel);
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        return new()
        {
            From = from,
            To = to,
            ClickedOrders = quantiles.Values.Sum(q => q.Orders),
            Partners = [.. shares.Where(s => quantiles.ContainsKey(s.PartnerId) && codes.ContainsKey(s.PartnerId)).Select(s =>
            {
                var q = quantiles[s.PartnerId];
                double Share(int orders) => Math.Round((double)orders / q.Orders, 4);
                return new ConversionTimeRow
                {
                    Partner = PublicId.Of(PublicId.Partner, s.PartnerId), PartnerCode = codes[s.PartnerId], ClickedOrders = q.Orders,
                    LowerQuartileSeconds = q.Lower, MedianSeconds = q.Median, UpperQuartileSeconds = q.Upper, OthersMedianSeconds = q.OthersMedian,
                    WithinMinute = Share(s.Minute), WithinFiveMinutes = Share(s.FiveMinutes), WithinHour = Share(s.Hour), WithinDay = Share(s.Day),
                    State = q.Orders < LeastOrders ? FindingState.NotEnoughData : "ok",
                };
            }).OrderByDescending(r => r.ClickedOrders).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }
}

/// <summary>One partner's time from click to order.</summary>
public sealed record ConversionTimeRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary>Orders whose click is known.</summary>
    public required long ClickedOrders { get; init; }
    public required double LowerQuartileSeconds { get; init; }
    public required double MedianSeconds { get; init; }
    public required double UpperQuartileSeconds { get; init; }

    /// <summary>Median of all other partners' orders together; null where there are none.</summary>
    public double? OthersMedianSeconds { get; init; }

    /// <summary>Share of the orders within one minute of the click, 0 to 1.</summary>
    public required double WithinMinute { get; init; }
    public required double WithinFiveMinutes { get; init; }
    public required double WithinHour { get; init; }
    public required double WithinDay { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below ten orders.</summary>
    public required string State { get; init; }
}
