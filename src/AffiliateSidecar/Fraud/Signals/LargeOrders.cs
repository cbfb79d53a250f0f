namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Large orders of customers whom nobody knows: what is bought with somebody else's card is dear. Large beside the program's orders and beside the partner's own: a dear
/// niche sells nothing else. So nothing is said of a partner without a past.
/// </summary>
sealed class LargeOrders : OddOrders
{
    const double LargeRatio = 1.5;
    const int LeastKnown = 4, PastDays = 30;

    public override string Id => "large-orders";

    public override string Family => "basket";

    protected override int LeastOrders => 3;

    protected override double Most => 5;

    // Baskets differ for many reasons: one in a hundred is nothing yet.
    protected override double LeastStrength => 3;

    protected override string Honest => "A dear article that was written about; but then customers whom the shop knows buy it too.";

    protected override IEnumerable<Lens> Look(ProgramFigures program)
    {
        var usual = Usual(program.Partners.SelectMany(p => p.OrdersIn(DaySpan.Last(program.Today, 60))));
        var large = program.Partners.ToDictionary(p => p.PartnerId, p => LargeRatio * Math.Max(usual, Own(program, p)));
        bool IsLarge(PartnerFigures partner, OrderFigures order) => order.IsNewCustomer == true && order.AmountMinor > large[partner.PartnerId];
        return
        [
            new("were large, and placed by new customers", ["fake_orders", "chargeback"], Counts, IsLarge),
            new("were large, and placed by new customers whose clicks came without a page they came from", ["fake_orders", "chargeback"], Counts, (p, o) => o.Click!.Referrer == 0 && IsLarge(p, o)),
        ];
    }

    static bool Counts(OrderFigures order) => order is { Click: not null, IsLead: false, IsNewCustomer: not null };

    /// <summary>What customers whom the shop knows spend, and what everybody spent before.</summary>
    static double Own(ProgramFigures program, PartnerFigures partner) =>
        Usual(partner.Orders.Where(o => o.IsNewCustomer == false || o.Day < program.Today.AddDays(-PastDays)));

    /// <summary>Beyond all orders where there are too few to tell.</summary>
    static double Usual(IEnumerable<OrderFigures> orders) => orders.Median(LeastKnown) ?? double.MaxValue;
}
