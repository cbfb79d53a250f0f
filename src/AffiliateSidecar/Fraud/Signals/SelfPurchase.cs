namespace AffiliateSidecar.Fraud.Signals;

/// <summary>The customer is the partner: the same e-mail address, or orders from the line that the partner signed up on.</summary>
sealed class SelfPurchase : IFraudSignal
{
    const int LeastOrders = 2, LeastAgain = 3, Household = 3;

    public string Id => "self-purchase";

    public string Family => "self";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        foreach (var partner in program.Partners)
        {
            var all = partner.OrdersIn(DaySpan.Last(program.Today, 60));
            // An office's line is many people's, and those who work there buy again and again.
            var isOffice = all.Where(o => o.Address != 0 && o.Address == partner.SignupAddress).Select(o => o.Customer).Distinct().Count() > Household;
            var orders = all.Where(o => IsOwn(program, partner, o, isOffice)).ToList();
            if (orders.Count == 0)
                continue;
            var same = orders.Count(o => o.Customer is not null && o.Customer == partner.EmailKey);
            // A line may be an office's or a carrier's: there it must be one person again and again.
            var again = orders.Where(o => o.Customer is not null).GroupBy(o => o.Customer).Select(g => g.Count()).DefaultIfEmpty().Max();
            var isOwn = same >= LeastOrders || again >= LeastAgain;
            yield return new(partner.PartnerId, isOwn ? FindingState.Suspicious : FindingState.Normal, ["self_purchase", "shared_identity"],
                $"{orders.Count} orders in the last 60 days are the partner's own: {same} with its e-mail address, {orders.Count - same} from the line it signed up on.",
                0, orders.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new("orders of its own", orders.Count, 0, 0), Strength = isOwn ? 4 + Math.Min(Math.Max(same, again), 8) : 1, IsFact = true,
                Honest = "Somebody in the partner's household or office; one order to try the link.", Orders = [.. orders.Select(o => o.Id)],
            };
        }
    }

    static bool IsOwn(ProgramFigures program, PartnerFigures partner, OrderFigures order, bool isOffice) =>
        order.Customer is not null && order.Customer == partner.EmailKey
        || !isOffice && order.Address != 0 && order.Address == partner.SignupAddress && program.AddressPartners.GetValueOrDefault(order.Address) <= 1;
}
