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

/// <summary>What a signal says of one partner.</summary>
/// <param name="PartnerId">The partner's number.</param>
/// <param name="State"><c>suspicious</c>, <c>normal</c> or <c>not_enough_data</c>.</param>
/// <param name="Reason">Reason codes, most important first, such as <c>short_lag</c>.</param>
/// <param name="Text">One sentence with the counts: seen, expected, usual.</param>
/// <param name="Risk">0 to 1, for ranking.</param>
/// <param name="MoneyAtRiskMinor">Unpaid commission inside the suspicious subset, in minor units of the figures' currency.</param>
public sealed record Finding(int PartnerId, string State, IReadOnlyList<string> Reason, string Text, double Risk, long MoneyAtRiskMinor);

/// <summary>The program over one period, from the rollups.</summary>
public sealed record ProgramFigures
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>The currency of the money figures: the one with most sales.</summary>
    public required string Currency { get; init; }

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

    /// <summary>Orders credited by a click, which have a time to sale.</summary>
    public int ClickedOrders { get; init; }

    public int Orders { get; init; }
    public int NewCustomerOrders { get; init; }

    /// <summary>Seconds from click to order of every clicked order, ascending.</summary>
    public IReadOnlyList<long> LagSeconds { get; init; } = [];

    /// <summary>Clicks and impressions by hour, ascending, hours without either left out.</summary>
    public IReadOnlyList<HourFigures> Hours { get; init; } = [];

    public long SalesMinor { get; init; }

    /// <summary>Commission that is neither paid nor reversed.</summary>
    public long UnpaidCommissionMinor { get; init; }
}

public sealed record HourFigures(DateTimeOffset Hour, long Clicks, long InvalidClicks, long Impressions);
