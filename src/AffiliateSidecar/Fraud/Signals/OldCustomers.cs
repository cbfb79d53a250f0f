namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Buyers whom the shop knew, far more than among the partner's buyers before: somebody takes sales that were the shop's own.</summary>
sealed class OldCustomers : IFraudSignal
{
    const int PastDays = 60, LeastPast = 12, LeastOrders = 8;
    static readonly int[] Windows = [7, 14, 28, 56];

    public string Id => "old-customers";

    public string Family => "customers";

    public IEnumerable<Finding> Evaluate(ProgramFigures program) =>
        program.Partners.Count < Peers.Least ? [] : Windows.SelectMany(days => In(program, DaySpan.Last(program.Today, days))).Strongest();

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span)
    {
        var past = span.Before(PastDays);
        foreach (var partner in program.Partners)
        {
            var (now, before) = (Known(partner, span), Known(partner, past));
            if (now.Of < LeastOrders || before.Of < LeastPast)
                continue;
            // Drawn from its own past, as a beta of at most 40 orders: habits change a little.
            var size = Math.Min(40, before.Of);
            var share = (before.Old + 1.0) / (before.Of + 2);
            var spread = new ShareSpread(share * size, (1 - share) * size);
            var strength = -spread.LogAtLeast(now.Old, now.Of);
            var isOdd = strength >= 3 && now.Old >= 1.5 * share * now.Of;
            yield return new(partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, ["low_new_customers", "behaviour_change", "high_conversion"],
                $"{now.Old} of {now.Of} buyers in {span.Days} days were known to the shop; {share * now.Of:0.#} would be expected from the partner's own past.", 0, now.Minor)
            {
                Evidence = new($"known customers, of {now.Of}", now.Old, Math.Round(share * now.Of, 1), spread.Usual(now.Of)), Strength = isOdd ? Math.Min(strength, 5) : Math.Min(strength, 1.5),
                Honest = "A campaign to existing customers.",
            };
        }
    }

    static (int Old, int Of, long Minor) Known(PartnerFigures partner, DaySpan span)
    {
        var (old, of, minor) = (0, 0, 0L);
        foreach (var order in partner.OrdersIn(span))
            if (order.IsNewCustomer is { } isNew)
            {
                of++;
                if (isNew)
                    continue;
                old++;
                minor += order.Return == ReturnKind.None ? order.CommissionMinor : 0;
            }
        return (old, of, minor);
    }
}
