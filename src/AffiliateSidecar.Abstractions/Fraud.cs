namespace AffiliateSidecar;

/// <summary>
/// One comparison of a partner with all the others. A signal reads figures, never raw clicks, and has a minimum sample:
/// "not enough data yet" is an answer.
/// </summary>
public interface IFraudSignal
{
    /// <summary>Kebab-case, unique.</summary>
    string Id { get; }

    /// <summary>Signals of one family are the same evidence seen twice: <c>lag</c>, <c>ctr</c>, <c>flood</c>, …</summary>
    string Family { get; }

    IEnumerable<Finding> Evaluate(ProgramFigures program);
}

public static class FindingState
{
    public const string Suspicious = "suspicious";
    public const string Normal = "normal";
    public const string NotEnoughData = "not_enough_data";
}

/// <summary>What a signal says of one partner.</summary>
/// <param name="PartnerId">The partner's number.</param>
/// <param name="State">See <see cref="FindingState"/>.</param>
/// <param name="Reason">Reason codes, most important first, such as <c>short_lag</c>.</param>
/// <param name="Text">One sentence with the counts: seen, expected, usual.</param>
/// <param name="Risk">0 to 1, for ranking.</param>
/// <param name="MoneyAtRiskMinor">Unpaid commission inside the suspicious subset, in minor units of the figures' currency.</param>
public sealed record Finding(int PartnerId, string State, IReadOnlyList<string> Reason, string Text, double Risk, long MoneyAtRiskMinor)
{
    /// <summary>The counts behind the sentence, to be checked in a spreadsheet; null where there is nothing to count yet.</summary>
    public Evidence? Evidence { get; init; }

    public static Finding NotEnoughData(int partnerId, string text) => new(partnerId, FindingState.NotEnoughData, [], text, 0, 0);
}

/// <summary>Three counts of the same thing.</summary>
/// <param name="Of">What is counted, out of what: <c>orders within 60 seconds, of 42</c>.</param>
/// <param name="Seen">How many there are.</param>
/// <param name="Expected">How many there would be if the partner were like the others on average.</param>
/// <param name="Usual">How many an honest partner of this size stays under, 99 times in a hundred.</param>
public sealed record Evidence(string Of, double Seen, double Expected, double Usual);

/// <summary>The program over one period, from the rollups.</summary>
public sealed record ProgramFigures
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>The currency of the money figures: the one with most orders.</summary>
    public required string Currency { get; init; }

    /// <summary>Partners with a click, an impression or an order in the period.</summary>
    public required IReadOnlyList<PartnerFigures> Partners { get; init; }
}

/// <summary>One partner over one period.</summary>
public sealed record PartnerFigures
{
    public required int PartnerId { get; init; }
    public required string Code { get; init; }

    /// <summary>Valid clicks: no declared bot, prefetch, HEAD or repetition.</summary>
    public long Clicks { get; init; }

    public long InvalidClicks { get; init; }

    /// <summary>Null where the partner's links report no impressions.</summary>
    public long? Impressions { get; init; }

    public int Orders { get; init; }
    public int NewCustomerOrders { get; init; }

    /// <summary>Orders credited by a click, which have a time to sale.</summary>
    public int ClickedOrders { get; init; }

    /// <summary>The time to sale, counted in steps of <see cref="LagStep.Limits"/>.</summary>
    public IReadOnlyList<LagStep> Lags { get; init; } = [];

    /// <summary>Clicks and impressions by hour, ascending, hours without either left out.</summary>
    public IReadOnlyList<HourFigures> Hours { get; init; } = [];

    public long SalesMinor { get; init; }

    /// <summary>Commission that is neither paid nor reversed.</summary>
    public long UnpaidCommissionMinor { get; init; }

    /// <summary>Orders placed at most so many seconds after their click; one of <see cref="LagStep.Limits"/>.</summary>
    public int OrdersWithin(long seconds) => Lags.Where(l => l.UpToSeconds <= seconds).Sum(l => l.Orders);

    /// <summary>Unpaid commission of orders placed after more than <paramref name="above"/> and at most <paramref name="upTo"/> seconds.</summary>
    public long UnpaidBetween(long above, long upTo) =>
        Lags.Where(l => l.UpToSeconds > above && l.UpToSeconds <= upTo).Sum(l => l.UnpaidCommissionMinor);
}

/// <summary>Orders whose time to sale is at most <paramref name="UpToSeconds"/> and more than the step before.</summary>
public sealed record LagStep(long UpToSeconds, int Orders, int NewCustomerOrders, long UnpaidCommissionMinor)
{
    public const long Hour = 3600, Day = 24 * Hour, Week = 7 * Day, Longer = long.MaxValue;

    public static readonly IReadOnlyList<long> Limits = [15, 30, 60, 120, 300, 900, Hour, 6 * Hour, Day, Week, Longer];
}

/// <summary>One hour of one partner.</summary>
/// <param name="Hour">Start of the hour.</param>
/// <param name="Clicks">Valid clicks.</param>
/// <param name="InvalidClicks">Bots, prefetches, HEAD requests and repetitions.</param>
/// <param name="Impressions">0 where none are reported.</param>
/// <param name="Orders">Orders that followed these clicks within a day: final one day later.</param>
/// <param name="UnpaidCommissionMinor">Unpaid commission of these orders.</param>
public sealed record HourFigures(DateTimeOffset Hour, long Clicks, long InvalidClicks, long Impressions, int Orders = 0,
    long UnpaidCommissionMinor = 0);
