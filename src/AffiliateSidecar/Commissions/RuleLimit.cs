namespace AffiliateSidecar.Commissions;

/// <summary>
/// The most that a rule pays for an order, net of refunds: what its caps leave after the orders before it. Nobody gains by a refund, and what was
/// paid back makes room for later orders.
/// </summary>
readonly record struct RuleLimit(long Minor, string Text)
{
    public static RuleLimit Of(RuleData rule, RuleCaps caps, Order order, OtherOrders others)
    {
        var limit = new RuleLimit(long.MaxValue, "");
        Narrow(caps.PerOrder, 0, "an order");
        Narrow(caps.PerCustomer, others.PaidForCustomer.GetValueOrDefault(rule.Id), "a customer");
        Narrow(caps.PerPeriod?.Amount, others.PaidInPeriod.GetValueOrDefault(rule.Id), $"a {caps.PerPeriod?.Period}");
        return limit;

        void Narrow(Http.DecimalText? most, long paid, string of)
        {
            if (most is not { } amount)
                return;
            var cap = Money.Round(amount, order.Currency);
            if (Math.Max(0, cap.Minor - paid) is var left && left < limit.Minor)
                limit = new(left, paid == 0 ? $"{rule.Id} pays at most {cap} {of}" : $"{rule.Id} pays at most {cap} {of}, and {new Money(left, order.Currency)} of it is left");
        }
    }
}
