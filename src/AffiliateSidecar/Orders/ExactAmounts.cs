namespace AffiliateSidecar.Orders;

/// <summary>
/// A shop that shows no decimals sends 138.81 as "139". State and refunds come from the newest statement; where it is rounded, the
/// amounts come from the newest exact one, as long as they say the same.
/// </summary>
static class ExactAmounts
{
    /// <param name="newest">Its state counts.</param>
    /// <param name="exact">Its amounts count, as long as they say the same.</param>
    public static Order Combine(Order newest, Order? exact)
    {
        if (exact is null || !Agree(newest, exact))
            return newest;
        var half = HalfStep(newest);
        var known = (exact.Refunds ?? []).ToDictionary(r => r.ExternalId, StringComparer.Ordinal);
        return newest with
        {
            Total = exact.Total,
            Tax = exact.Tax,
            Shipping = exact.Shipping,
            Fees = exact.Fees,
            Discount = exact.Discount,
            Lines = exact.Lines,
            Refunds = newest.Refunds is null
                ? null
                : [.. newest.Refunds.Select(r => known.TryGetValue(r.ExternalId, out var e) && Close(e.Amount, r.Amount, half) ? e : r)],
            Rounded = false,
        };
    }

    /// <summary>How far a rounded amount may lie from the exact one.</summary>
    public static decimal HalfStep(Order order) => order.Rounded ? 0.5m : 0.5m / Money.Scale(order.Currency);

    public static bool Close(decimal rounded, decimal exact, decimal half) => Math.Abs(rounded - exact) <= half;

    static bool Agree(Order rounded, Order exact)
    {
        var half = HalfStep(rounded);
        return rounded.Currency == exact.Currency && Close(rounded.Total, exact.Total, half) && Close(rounded.Tax, exact.Tax, half)
            && Close(rounded.Shipping, exact.Shipping, half) && Close(rounded.Fees, exact.Fees, half) && Close(rounded.Discount, exact.Discount, half)
            && rounded.Lines.Count == exact.Lines.Count && rounded.Lines.Zip(exact.Lines).All(pair => pair.First.ExternalId == pair.Second.ExternalId
                && pair.First.Quantity == pair.Second.Quantity && Close(pair.First.Total, pair.Second.Total, half));
    }
}
