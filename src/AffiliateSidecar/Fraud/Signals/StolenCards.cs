namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Charged back, and what is bought with somebody else's card: dear, or by somebody who sits elsewhere, hides where he came from or works behind a hosting company; and nobody knew him.
/// A chargeback happens to everybody now and then. One like that among a few orders does not, so one is enough to support what else is odd.
/// </summary>
sealed class StolenCards : Chargebacks
{
    const double LargeRatio = 1.2;

    public override string Id => "stolen-cards";

    protected override int LeastReturns => 1;

    // One of fifty orders: who sells much has one some day.
    protected override double LeastShare => 0.02;

    protected override double LeastStrength => 1;

    protected override string What => "were charged back, by new customers, and were large or clicked from elsewhere";

    protected override Func<OrderFigures, bool> Returned(ProgramFigures program)
    {
        var isChargeback = base.Returned(program);
        var large = LargeRatio * program.Partners.SelectMany(p => p.OrdersIn(DaySpan.Last(program.Today, Window))).Median() ?? 0;
        return order => isChargeback(order) && order.IsNewCustomer != false && (order.AmountMinor > large || order.Click is { } click && (click.IsHosted || click.Referrer == 0 || order.IsElsewhere()));
    }
}
