namespace AffiliateSidecar.Commissions;

/// <summary>What commission is computed on: each line after discounts, without tax, never negative.</summary>
static class LineBases
{
    /// <summary>Major units, unrounded where the source is. One a line, in the order's order.</summary>
    public static decimal[] Of(Order order)
    {
        var bases = order.Lines.Select(l => Math.Max(0, l.Total)).ToArray();
        var cartDiscount = UnspreadDiscount(order);
        if (cartDiscount <= 0)
            return bases;
        var scale = Money.Scale(order.Currency);
        var parts = Spread.LargestRemainder(Money.RoundToMinor(cartDiscount, order.Currency), bases);
        return [.. bases.Select((b, i) => Math.Max(0, b - parts[i] / scale))];
    }

    /// <summary>
    /// WooCommerce has its coupons in the line totals already. An order whose lines do not show its discount, and whose total is
    /// smaller by just that much, has it on the cart as a whole. A minor unit a line is rounding, not a discount.
    /// </summary>
    static decimal UnspreadDiscount(Order order)
    {
        var rounding = (order.Lines.Count + 1) / Money.Scale(order.Currency);
        var missing = order.Discount - order.Lines.Sum(l => l.Subtotal - l.Total);
        var implied = order.Lines.Sum(l => l.Total) + order.Tax + order.Shipping + order.Fees - order.Total;
        return missing > rounding && Math.Abs(implied - missing) <= rounding ? missing : 0;
    }
}
