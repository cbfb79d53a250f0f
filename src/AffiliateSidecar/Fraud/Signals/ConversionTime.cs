namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// One partner's buyers buy much faster than the others', or much later. Honest partners differ a lot here, so a partner is compared
/// with the spread between partners, not with their average.
/// </summary>
sealed class ConversionTime : IFraudSignal
{
    const int LeastOrders = 10, LeastOthers = 5, LeastQuick = 5, LeastLate = 20;

    // "Quick" is what at most one order in a hundred of the other partners is.
    const double QuickShare = 0.01;

    // Chance of one false alarm in the whole program; shared out between the partners tested.
    const double Chance = 0.01;

    public string Id => "conversion-time";

    public string Family => "lag";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var tested = program.Partners.Where(p => p.ClickedOrders >= LeastOrders).ToList();
        var quick = QuickLimit(tested);
        foreach (var partner in program.Partners.Where(p => p.ClickedOrders > 0))
        {
            var others = tested.Where(p => p.PartnerId != partner.PartnerId).ToList();
            if (partner.ClickedOrders < LeastOrders)
                yield return Finding.NotEnoughData(partner.PartnerId,
                    $"{partner.ClickedOrders} orders with a click; from {LeastOrders} on the time to sale can be compared.");
            else if (others.Count < LeastOthers)
                yield return Finding.NotEnoughData(partner.PartnerId,
                    $"{others.Count} other partners have {LeastOrders} orders with a click; from {LeastOthers} on there is somebody to compare with.");
            else
                yield return Short(partner, others, quick, Chance / tested.Count) ?? Long(partner, others, Chance / tested.Count) ?? Normal(partner, others, quick);
        }
    }

    /// <summary>The longest step that hardly anybody's orders fall into, after the quickest partners are left out.</summary>
    static long QuickLimit(List<PartnerFigures> tested) => LagStep.Limits.Where(limit => limit <= LagStep.Hour)
        .LastOrDefault(limit => Spread.Trim(tested.Select(p => Within(p, limit))) is { Count: > 0 } rest && rest.Sum(r => r.Count) <= QuickShare * rest.Sum(r => r.Of),
            LagStep.Limits[0]);

    // Out of the orders of one day: the rest of a new partner's orders has not had the time to come.
    static (double Count, double Of) Within(PartnerFigures partner, long limit) => (partner.OrdersWithin(limit), partner.OrdersWithin(LagStep.Day));

    static (double Count, double Of) Later(PartnerFigures partner, long limit) => (partner.ClickedOrders - partner.OrdersWithin(limit), partner.ClickedOrders);

    static Finding? Short(PartnerFigures partner, List<PartnerFigures> others, long limit, double chance)
    {
        var (seen, of) = (partner.OrdersWithin(limit), partner.OrdersWithin(LagStep.Day));
        var money = partner.UnpaidBetween(0, limit);
        var spread = ShareSpread.Of(others.Select(p => Within(p, limit)));
        if (seen < LeastQuick || money <= 0 || seen < 5 * spread.Mean * of || spread.Tail(seen, of) > chance)
            return null;
        var newCustomers = partner.Lags.Where(l => l.UpToSeconds <= limit).Sum(l => l.NewCustomerOrders);
        return new(partner.PartnerId, FindingState.Suspicious, ["short_lag"],
            $"{seen} of {of} orders came within {limit} seconds of the click; {spread.Mean * of:0.##} would be expected, and {spread.Usual(of)} is the most an honest "
            + $"partner usually has. {newCustomers} of the {seen} came from new customers.",
            spread.Tail(seen, of) < chance / 1000 ? 0.95 : 0.8, money)
        {
            Evidence = new($"orders within {limit} seconds of the click, of {of}", seen, Math.Round(spread.Mean * of, 2), spread.Usual(of)),
        };
    }

    /// <summary>
    /// Cookies set without a visit are followed by orders at any time of the window. A dear article takes days as well, but not evenly
    /// for weeks: so both the orders after a day and those after a week must be out of the ordinary.
    /// </summary>
    static Finding? Long(PartnerFigures partner, List<PartnerFigures> others, double chance)
    {
        var of = partner.ClickedOrders;
        var (day, week) = ((int)Later(partner, LagStep.Day).Count, (int)Later(partner, LagStep.Week).Count);
        var (days, weeks) = (ShareSpread.Of(others.Select(p => Later(p, LagStep.Day))), ShareSpread.Of(others.Select(p => Later(p, LagStep.Week))));
        var money = partner.UnpaidBetween(LagStep.Day, LagStep.Longer);
        if (week < LeastLate || money <= 0 || day < 1.5 * days.Mean * of || week < 2 * weeks.Mean * of || days.Tail(day, of) > 0.01 || weeks.Tail(week, of) > chance)
            return null;
        return new(partner.PartnerId, FindingState.Suspicious, ["long_lag"],
            $"{week} of {of} orders came more than a week after the click; {weeks.Mean * of:0.#} would be expected, and {weeks.Usual(of)} is the most an honest "
            + "partner usually has.", 0.7, money)
        {
            Evidence = new($"orders more than a week after the click, of {of}", week, Math.Round(weeks.Mean * of, 1), weeks.Usual(of)),
        };
    }

    static Finding Normal(PartnerFigures partner, List<PartnerFigures> others, long limit)
    {
        var (seen, of) = (partner.OrdersWithin(limit), partner.OrdersWithin(LagStep.Day));
        var spread = ShareSpread.Of(others.Select(p => Within(p, limit)));
        return new(partner.PartnerId, FindingState.Normal, [],
            $"{seen} of {of} orders came within {limit} seconds of the click; {spread.Usual(of)} is the most an honest partner usually has.", 0, 0)
        {
            Evidence = new($"orders within {limit} seconds of the click, of {of}", seen, Math.Round(spread.Mean * of, 2), spread.Usual(of)),
        };
    }
}
