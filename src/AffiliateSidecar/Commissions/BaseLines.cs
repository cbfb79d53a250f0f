namespace AffiliateSidecar.Commissions;

/// <summary>A line that is rated, and what refunds have left of its base.</summary>
readonly record struct BaseLine(RatedLine Rated, decimal Left);

/// <summary>What is rated: the order's lines, and shipping and fees where the program counts them.</summary>
static class BaseLines
{
    public static BaseLine[] Of(Order order, IReadOnlyCollection<Refund> refunds, ProgramPolicy program)
    {
        var bases = LineBases.Of(order);
        var left = RefundedBases.Remaining(order, bases, refunds);
        var goods = bases.Select((b, i) => new BaseLine(new(order.Lines[i], b), left[i]));
        if (!program.IncludeShipping && !program.IncludeFees)
            return [.. goods];
        var beyond = BeyondGoods(order, bases, refunds);
        return [.. goods, .. Extra(":shipping", "Shipping", program.IncludeShipping ? order.Shipping : 0, ref beyond),
            .. Extra(":fees", "Fees", program.IncludeFees ? order.Fees : 0, ref beyond)];
    }

    static BaseLine[] Extra(string id, string name, decimal amount, ref decimal beyond)
    {
        if (amount <= 0)
            return [];
        var taken = Math.Min(amount, beyond);
        beyond -= taken;
        return [new(new(new OrderLine { ExternalId = id, Name = name, Total = amount, Subtotal = amount }, amount), amount - taken)];
    }

    /// <summary>What was paid back beyond the goods and their tax: shipping first, then fees.</summary>
    static decimal BeyondGoods(Order order, decimal[] bases, IReadOnlyCollection<Refund> refunds)
    {
        if (order.Total > 0 && refunds.Where(r => r.Lines is not []).Sum(r => r.Amount) >= order.Total)
            return decimal.MaxValue;
        decimal Gross(int line, decimal net) => net + (bases[line] > 0 ? Math.Max(0, order.Lines[line].Tax) * net / bases[line] : 0);
        var lines = order.Lines.Select((l, i) => (l.ExternalId, Index: i)).DistinctBy(l => l.ExternalId).ToDictionary(l => l.ExternalId, l => l.Index, StringComparer.Ordinal);
        var beyond = refunds.Where(r => r.Lines is not null)
            .Sum(r => Math.Max(0, r.Amount - r.Lines!.Sum(l => lines.TryGetValue(l.ExternalId, out var i) ? Gross(i, Math.Min(l.Amount, bases[i])) : 0)));
        var amountOnly = refunds.Where(r => r.Lines is null).Sum(r => r.Amount);
        if (amountOnly <= 0)
            return beyond;
        // Goods first: what amounts without lines could take of the goods they have taken.
        var afterLines = RefundedBases.Remaining(order, bases, [.. refunds.Where(r => r.Lines is not null)]);
        return beyond + Math.Max(0, amountOnly - afterLines.Select((l, i) => Gross(i, l)).Sum());
    }
}
