namespace AffiliateSidecar.Commissions;

/// <summary>
/// What is left of each line's base after refunds: a function of the set of refunds, not of their order, so that nobody gains by
/// splitting or ordering them.
/// </summary>
static class RefundedBases
{
    /// <summary>Remaining base a line, in major units.</summary>
    public static decimal[] Remaining(Order order, decimal[] bases, IReadOnlyCollection<Refund> refunds)
    {
        // Everything was paid back: exactly nothing is left, whatever the lines' roundings say. A refund that names its lines, or that
        // it touches none, is taken at its word.
        if (order.Total > 0 && refunds.Any(r => r.Lines is null) && refunds.Where(r => r.Lines is not []).Sum(r => r.Amount) >= order.Total)
            return new decimal[bases.Length];
        var left = AfterLineRefunds(order, bases, refunds);
        var amountOnly = refunds.Where(r => r.Lines is null).Sum(r => r.Amount);
        return amountOnly > 0 ? AfterAmount(order, bases, left, amountOnly) : left;
    }

    static decimal[] AfterLineRefunds(Order order, decimal[] bases, IReadOnlyCollection<Refund> refunds)
    {
        var refunded = refunds.SelectMany(r => r.Lines ?? []).GroupBy(l => l.ExternalId, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(l => l.Amount), StringComparer.Ordinal);
        // A line id that stands twice in an order is refunded once.
        return [.. bases.Select((b, i) => refunded.Remove(order.Lines[i].ExternalId, out var amount) ? Math.Clamp(b - amount, 0, b) : b)];
    }

    /// <summary>Goods first: the net part of the amount, spread over what is left; what exceeds it was shipping or fees.</summary>
    static decimal[] AfterAmount(Order order, decimal[] bases, decimal[] left, decimal amount)
    {
        var net = left.Sum();
        var gross = net + bases.Select((b, i) => b > 0 ? Math.Max(0, order.Lines[i].Tax) * left[i] / b : 0).Sum();
        if (net <= 0 || amount >= gross)
            return new decimal[bases.Length];
        var scale = Money.Scale(order.Currency);
        var parts = Spread.LargestRemainder(Money.RoundToMinor(amount * net / gross, order.Currency), left);
        return [.. left.Select((l, i) => Math.Max(0, l - parts[i] / scale))];
    }
}
