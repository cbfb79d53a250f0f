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

    /// <summary>All partners together.</summary>
    public required ConversionTimeProgram Program { get; init; }

    /// <summary>One row a partner with such orders, the most orders first.</summary>
    public required IReadOnlyList<ConversionTimeRow> Partners { get; init; }

    internal static async Task<ConversionTimeReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var lags = await Lags.LoadAsync(db, from, to, cancel);
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        return new()
        {
            From = from,
            To = to,
            ClickedOrders = lags.All?.Orders ?? 0,
            Program = new ConversionTimeProgram
            {
                ClickedOrders = lags.All?.Orders ?? 0, LowerQuartileSeconds = lags.All?.Lower, MedianSeconds = lags.All?.Median, UpperQuartileSeconds = lags.All?.Upper,
                State = State(lags.All?.Orders ?? 0),
            }.With(lags.All?.Steps),
            Partners = [.. lags.ByPartner.Where(l => codes.ContainsKey(l.Key)).Select(l => Row(l.Key, codes[l.Key], l.Value))
                .OrderByDescending(r => r.ClickedOrders).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }

    static ConversionTimeRow Row(int partner, string code, LagQuantiles q)
    {
        double Within(int seconds) => Math.Round((double)q.Steps.Take(Array.IndexOf(LagSteps.Seconds, seconds) + 1).Sum() / q.Orders, 4);
        return new ConversionTimeRow
        {
            Partner = PublicId.Of(PublicId.Partner, partner), PartnerCode = code, ClickedOrders = q.Orders,
            LowerQuartileSeconds = q.Lower, MedianSeconds = q.Median, UpperQuartileSeconds = q.Upper, OthersMedianSeconds = q.OthersMedian,
            WithinMinute = Within(60), WithinFiveMinutes = Within(300), WithinHour = Within(3_600), WithinDay = Within(86_400), State = State(q.Orders),
        }.With(q.Steps);
    }

    static string State(long orders) => orders < LeastOrders ? FindingState.NotEnoughData : "ok";
}

/// <summary>Orders by their time from the click; each step begins where the one before it ends.</summary>
public abstract record ConversionTimeSteps
{
    /// <summary>Orders within ten seconds of the click.</summary>
    public int UpToTenSeconds { get; init; }
    public int UpToThirtySeconds { get; init; }
    public int UpToMinute { get; init; }
    public int UpToFiveMinutes { get; init; }
    public int UpToQuarterHour { get; init; }
    public int UpToHour { get; init; }
    public int UpToSixHours { get; init; }
    public int UpToDay { get; init; }
    public int UpToWeek { get; init; }

    /// <summary>Orders more than a week after the click.</summary>
    public int Later { get; init; }
}

static class ConversionTimeStepsOf
{
    public static T With<T>(this T row, IReadOnlyList<int>? steps) where T : ConversionTimeSteps => steps is null ? row : (T)(row with
    {
        UpToTenSeconds = steps[0], UpToThirtySeconds = steps[1], UpToMinute = steps[2], UpToFiveMinutes = steps[3], UpToQuarterHour = steps[4], UpToHour = steps[5],
        UpToSixHours = steps[6], UpToDay = steps[7], UpToWeek = steps[8], Later = steps[9],
    });
}

/// <summary>All partners' time from click to order.</summary>
public sealed record ConversionTimeProgram : ConversionTimeSteps
{
    /// <summary>Orders whose click is known.</summary>
    public required long ClickedOrders { get; init; }

    /// <summary>Null without such orders.</summary>
    public double? LowerQuartileSeconds { get; init; }
    public double? MedianSeconds { get; init; }
    public double? UpperQuartileSeconds { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below ten orders.</summary>
    public required string State { get; init; }
}

/// <summary>One partner's time from click to order.</summary>
public sealed record ConversionTimeRow : ConversionTimeSteps
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
