using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>What the signals say of a period.</summary>
public sealed record FraudReportView
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required ProgramView Program { get; init; }

    /// <summary>One entry a partner with a click, an impression or an order in the period.</summary>
    public required IReadOnlyList<PartnerRiskView> Partners { get; init; }

    /// <summary>Signals that failed and are left out; the log says why.</summary>
    public required IReadOnlyList<string> SkippedSignals { get; init; }

    internal static FraudReportView Of(FraudReport.Result result)
    {
        var figures = result.Figures;
        var findings = result.Findings.ToLookup(f => f.Finding.PartnerId);
        return new()
        {
            From = figures.From,
            To = figures.To,
            Program = ProgramView.Of(figures),
            SkippedSignals = result.SkippedSignals,
            Partners = [.. figures.Partners.Select(p => PartnerRiskView.Of(p, figures.Currency, result.Lags.GetValueOrDefault(p.PartnerId), [.. findings[p.PartnerId]]))
                .OrderBy(p => p.State switch { FindingState.Suspicious => 0, FindingState.Normal => 1, _ => 2 })
                .ThenByDescending(p => p.MoneyAtRisk.Minor).ThenByDescending(p => p.Risk).ThenBy(p => p.PartnerCode, StringComparer.Ordinal)],
        };
    }
}

/// <summary>The whole program over the period.</summary>
public sealed record ProgramView
{
    public required int Partners { get; init; }

    /// <summary>Payable clicks.</summary>
    public required long Clicks { get; init; }

    /// <summary>Declared bots, prefetches and repetitions: filtered, never paid for, no fraud by themselves.</summary>
    public required long InvalidClicks { get; init; }
    public required long Impressions { get; init; }
    public required int Orders { get; init; }

    /// <summary>Orders whose time from click to sale is known.</summary>
    public required int ClickedOrders { get; init; }

    /// <summary>Net sales in the currency with most orders.</summary>
    public required Money Sales { get; init; }

    /// <summary>Commission neither paid nor reversed.</summary>
    public required Money UnpaidCommission { get; init; }

    internal static ProgramView Of(ProgramFigures figures) => new()
    {
        Partners = figures.Partners.Count,
        Clicks = figures.Partners.Sum(p => p.Clicks),
        InvalidClicks = figures.Partners.Sum(p => p.InvalidClicks),
        Impressions = figures.Partners.Sum(p => p.Impressions ?? 0),
        Orders = figures.Partners.Sum(p => p.Orders),
        ClickedOrders = figures.Partners.Sum(p => p.ClickedOrders),
        Sales = new(figures.Partners.Sum(p => p.SalesMinor), figures.Currency),
        UnpaidCommission = new(figures.Partners.Sum(p => p.UnpaidCommissionMinor), figures.Currency),
    };
}

/// <summary>One partner in the report.</summary>
public sealed record PartnerRiskView
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary><c>suspicious</c> where any signal is; <c>not_enough_data</c> where none can say anything; else <c>normal</c>.</summary>
    public required string State { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Risk { get; init; }

    /// <summary>Unpaid commission inside what is suspicious: what a hold would keep.</summary>
    public required Money MoneyAtRisk { get; init; }

    /// <summary>Reason codes, the most important first.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
    public required long Clicks { get; init; }
    public required long InvalidClicks { get; init; }

    /// <summary>Null where the partner's links report none.</summary>
    public long? Impressions { get; init; }
    public required int Orders { get; init; }
    public required int ClickedOrders { get; init; }
    public required int NewCustomerOrders { get; init; }

    /// <summary>Median seconds from click to order; null without such orders.</summary>
    public double? MedianLagSeconds { get; init; }

    /// <summary>The same of all other partners' orders.</summary>
    public double? OthersMedianLagSeconds { get; init; }

    /// <summary>One a signal.</summary>
    public required IReadOnlyList<FindingView> Findings { get; init; }

    internal static PartnerRiskView Of(PartnerFigures partner, string currency, LagQuantiles? lags, IReadOnlyList<SignalFinding> findings)
    {
        var suspicious = findings.Where(f => f.Finding.State == FindingState.Suspicious).OrderByDescending(f => f.Finding.Risk).ToList();
        return new()
        {
            Partner = PublicId.Of(PublicId.Partner, partner.PartnerId),
            PartnerCode = partner.Code,
            State = suspicious.Count > 0 ? FindingState.Suspicious
                : findings.Any(f => f.Finding.State == FindingState.Normal) ? FindingState.Normal : FindingState.NotEnoughData,
            Risk = suspicious.Count > 0 ? suspicious[0].Finding.Risk : 0,
            // Signals may mean the same orders: the largest is certain, the sum is not; and nobody has more at risk than is unpaid.
            MoneyAtRisk = new(Math.Min(suspicious.Select(f => f.Finding.MoneyAtRiskMinor).DefaultIfEmpty().Max(), partner.UnpaidCommissionMinor), currency),
            Reasons = [.. suspicious.SelectMany(f => f.Finding.Reason).Distinct()],
            Clicks = partner.Clicks,
            InvalidClicks = partner.InvalidClicks,
            Impressions = partner.Impressions,
            Orders = partner.Orders,
            ClickedOrders = partner.ClickedOrders,
            NewCustomerOrders = partner.NewCustomerOrders,
            MedianLagSeconds = lags?.Median,
            OthersMedianLagSeconds = lags?.OthersMedian,
            Findings = [.. findings.Select(f => FindingView.Of(f, currency))],
        };
    }
}

/// <summary>What one signal says.</summary>
public sealed record FindingView
{
    /// <summary><c>conversion-time</c>, <c>ctr</c>, <c>click-burst</c>, or a plugin's.</summary>
    public required string Signal { get; init; }

    /// <summary>Signals of one family are the same evidence seen twice.</summary>
    public required string Family { get; init; }

    /// <summary><c>suspicious</c>, <c>normal</c> or <c>not_enough_data</c>.</summary>
    public required string State { get; init; }
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>A sentence with the counts.</summary>
    public required string Text { get; init; }
    public required Money MoneyAtRisk { get; init; }

    /// <summary>Seen, expected, usual.</summary>
    public Evidence? Evidence { get; init; }

    internal static FindingView Of(SignalFinding finding, string currency) => new()
    {
        Signal = finding.Signal.Id, Family = finding.Signal.Family, State = finding.Finding.State, Reasons = finding.Finding.Reason,
        Text = finding.Finding.Text, Evidence = finding.Finding.Evidence, MoneyAtRisk = new(finding.Finding.MoneyAtRiskMinor, currency),
    };
}
