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

    internal static FraudReportView Of(FraudReport.Result result, DateTimeOffset from, DateTimeOffset to)
    {
        var figures = result.Figures;
        var risks = result.Risks.ToDictionary(r => r.PartnerId);
        return new()
        {
            From = from,
            To = to,
            Program = ProgramView.Of(figures),
            SkippedSignals = result.SkippedSignals,
            Partners = [.. figures.Partners.Select(p => PartnerRiskView.Of(p, figures, result.Lags.GetValueOrDefault(p.PartnerId), risks[p.PartnerId]))
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
        Clicks = figures.Partners.Sum(p => p.Days.Sum(d => (long)d.Clicks)),
        InvalidClicks = figures.Partners.Sum(p => p.Days.Sum(d => (long)d.Invalid)),
        Impressions = figures.Partners.Sum(p => p.Days.Sum(d => d.Impressions.Sum())),
        Orders = figures.Partners.Sum(p => p.Orders.Count),
        ClickedOrders = figures.Partners.Sum(p => p.Orders.Count(o => o.Click is not null)),
        Sales = new(figures.Partners.Sum(p => p.Orders.Sum(o => o.AmountMinor)), figures.Currency),
        UnpaidCommission = new(figures.Partners.Sum(p => p.Orders.Sum(o => o.CommissionMinor)), figures.Currency),
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

    /// <summary>Why nothing can be said yet; null where there is enough to compare.</summary>
    public string? Shortage { get; init; }

    /// <summary>What the signals say, the strongest first; signals without anything to say are left out.</summary>
    public required IReadOnlyList<FindingView> Findings { get; init; }

    internal static PartnerRiskView Of(PartnerFigures partner, ProgramFigures figures, LagQuantiles? lags, PartnerRisk risk)
    {
        var (clicks, unpaid) = (partner.Days.Sum(d => (long)d.Clicks), partner.Orders.Sum(o => o.CommissionMinor));
        var shortage = Detector.Shortage(figures, partner);
        return new()
        {
            Partner = PublicId.Of(PublicId.Partner, partner.PartnerId),
            PartnerCode = partner.Code,
            State = risk.IsAlert ? FindingState.Suspicious : shortage is not null ? FindingState.NotEnoughData : FindingState.Normal,
            Risk = Math.Round(risk.Risk, 4),
            // Nobody has more at risk than is unpaid.
            MoneyAtRisk = new(risk.IsAlert ? Math.Min(risk.MoneyMinor, unpaid) : 0, figures.Currency),
            Reasons = risk.IsAlert ? risk.Reasons : [],
            Clicks = clicks,
            InvalidClicks = partner.Days.Sum(d => (long)d.Invalid),
            Impressions = partner.Days.Any(d => !d.Impressions.IsEmpty) ? partner.Days.Sum(d => d.Impressions.Sum()) : null,
            Orders = partner.Orders.Count,
            ClickedOrders = partner.Orders.Count(o => o.Click is not null),
            NewCustomerOrders = partner.Orders.Count(o => o.IsNewCustomer == true),
            MedianLagSeconds = lags?.Median,
            OthersMedianLagSeconds = lags?.OthersMedian,
            Shortage = shortage,
            Findings = [.. risk.Findings.OrderByDescending(f => f.Weight).Select(f => FindingView.Of(f, figures.Currency))],
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
        Signal = finding.Signal, Family = finding.Family, State = finding.Finding.State, Reasons = finding.Finding.Reason,
        Text = finding.Finding.Text, Evidence = finding.Finding.Evidence, MoneyAtRisk = new(finding.Finding.MoneyAtRiskMinor, currency),
    };
}
