namespace AffiliateSidecar.Orders;

/// <summary>
/// A shop that shows no decimals sends 138.81 as "139". State and refunds come from the newest statement; where it is rounded, the
/// amounts come from the newest exact one, as long as they say the same.
/// </summary>
static class ExactAmounts
{
    const decimal Half = 0.5m;

    public static Order Combine(Order newest, Order? exact)
    {
        if (!newest.Rounded || exact is null || !Agree(newest, exact))
            return newest;
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
                : [.. newest.Refunds.Select(r => known.TryGetValue(r.ExternalId, out var e) && Close(e.Amount, r.Amount) ? e : r)],
        };
    }

    static bool Agree(Order rounded, Order exact) => rounded.Currency == exact.Currency
        && Close(rounded.Total, exact.Total) && Close(rounded.Tax, exact.Tax) && Close(rounded.Shipping, exact.Shipping)
        && Close(rounded.Fees, exact.Fees) && Close(rounded.Discount, exact.Discount) && rounded.Lines.Count == exact.Lines.Count
        && rounded.Lines.Zip(exact.Lines).All(pair => pair.First.ExternalId == pair.Second.ExternalId
            && pair.First.Quantity == pair.Second.Quantity && Close(pair.First.Total, pair.Second.Total));

    static bool Close(decimal rounded, decimal exact) => Math.Abs(rounded - exact) <= Half;
}
