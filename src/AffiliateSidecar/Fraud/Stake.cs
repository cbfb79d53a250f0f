namespace AffiliateSidecar.Fraud;

/// <summary>What it may cost not to look.</summary>
/// <param name="UnpaidMinor">Unpaid commission inside what is suspicious: never more than is unpaid at all.</param>
/// <param name="NextMinor">What would be added in the next 30 days if they were like the last 30.</param>
readonly record struct Stake(long UnpaidMinor, long NextMinor)
{
    const int Days = 30;

    public long Minor => UnpaidMinor + NextMinor;

    public static Stake Of(PartnerRisk risk, PartnerFigures partner, DateOnly today)
    {
        var lately = partner.OrdersIn(DaySpan.Last(today, Days)).ToDictionary(o => o.Id, o => o.CommissionMinor);
        long Lately(Finding finding) => finding.Orders.Count == 0 ? finding.MoneyAtRiskMinor : finding.Orders.Sum(lately.GetValueOrDefault);
        return new(Math.Min(risk.MoneyMinor, partner.Orders.Sum(o => o.CommissionMinor)),
            Math.Min(risk.Suspicions.Select(f => Lately(f.Finding)).DefaultIfEmpty().Max(), lately.Values.Sum()));
    }
}
