namespace AffiliateSidecar.Orders;

/// <summary>What the shop's database knew of an order and we did not.</summary>
/// <param name="Kind"><c>missing</c>, <c>different</c> or <c>gone</c>.</param>
/// <param name="Words">What differs, a sentence each.</param>
/// <param name="KnownUpdatedAt">The time of change of the state that was known; null where none was.</param>
/// <param name="UpdatedAt">The shop's time of the last change; null where the order is gone.</param>
/// <param name="Status">As the shop has it; null where the order is gone.</param>
/// <param name="KnownStatus">As it was known.</param>
/// <param name="OnlyRefundsGone">Nothing differs but refunds that are there no more.</param>
/// <param name="Total">What the order comes to.</param>
/// <param name="AtStake">By how much what its partner earns was wrong.</param>
sealed record OrderDifference(string Kind, IReadOnlyList<string> Words, DateTimeOffset? KnownUpdatedAt, DateTimeOffset? UpdatedAt, string? Status,
    string? KnownStatus, bool OnlyRefundsGone, Money Total, Money AtStake)
{
    public const string Missing = "missing", Different = "different", Gone = "gone";

    /// <summary>Null where the known order is the same as far as its source could tell.</summary>
    public static OrderDifference? Between(OrderAtOnce? known, OrderAtOnce read, bool isGone, Money atStake)
    {
        var total = Money.Round(read.Order.Total, read.Order.Currency);
        if (known is null)
            return new(Missing, [$"The shop has it as {read.Order.Status}, we had not heard of it."], null, read.Order.UpdatedAt, read.Order.Status, null, false, total, atStake);
        if (isGone)
            return known.Order.Status == OrderStatus.Trash ? null
                : new(Gone, [$"It was {known.Order.Status} here and is not in the shop any more."], known.Order.UpdatedAt, null, null, known.Order.Status, false, total, atStake);
        var refundsGone = known.Refunds.Select(r => r.ExternalId).Except(read.Refunds.Select(r => r.ExternalId)).ToList();
        List<string> others = [.. Differences(known, read)];
        var words = refundsGone.Select(id => $"Refund {id} is not in the shop any more.").Concat(others).ToList();
        return words.Count == 0 ? null
            : new(Different, words, known.Order.UpdatedAt, read.Order.UpdatedAt, read.Order.Status, known.Order.Status, others.Count == 0, total, atStake);
    }

    static IEnumerable<string> Differences(OrderAtOnce known, OrderAtOnce read)
    {
        var (ours, theirs) = (known.Order, read.Order);
        // What was read in the database before is exact; a delivery is as exact as its decimals.
        var half = known.IsExact ? 0 : ExactAmounts.HalfStep(ours);
        if (ours.Status != theirs.Status)
            yield return $"It was {ours.Status} here and is {theirs.Status} in the shop.";
        if (ours.Currency != theirs.Currency)
            yield return $"It was in {ours.Currency} here and is in {theirs.Currency} in the shop.";
        if (!ExactAmounts.Close(ours.Total, theirs.Total, half))
            yield return FormattableString.Invariant($"Its total was {ours.Total:0.00######} here and is {theirs.Total:0.00######} in the shop.");
        foreach (var word in Lines(ours, theirs, half))
            yield return word;
        foreach (var refund in read.Refunds)
            if (known.Refunds.FirstOrDefault(r => r.ExternalId == refund.ExternalId) is not { } before)
                yield return FormattableString.Invariant($"Refund {refund.ExternalId} of {refund.Amount:0.00######} was not known.");
            else if (!ExactAmounts.Close(before.Amount, refund.Amount, half) || (known.IsExact && !SameLines(before, refund)))
                yield return $"Refund {refund.ExternalId} was not the same.";
        if (!ours.Coupons.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(theirs.Coupons))
            yield return "Its coupons were not the same.";
    }

    static IEnumerable<string> Lines(Order ours, Order theirs, decimal half)
    {
        var known = ours.Lines.DistinctBy(l => l.ExternalId).ToDictionary(l => l.ExternalId, StringComparer.Ordinal);
        foreach (var line in theirs.Lines)
            if (!known.Remove(line.ExternalId, out var before))
                yield return $"Line {line.ExternalId} was not known.";
            else if (before.Quantity != line.Quantity || before.ProductId != line.ProductId || !ExactAmounts.Close(before.Total, line.Total, half))
                yield return $"Line {line.ExternalId} was not the same.";
        foreach (var id in known.Keys)
            yield return $"Line {id} is not in the shop any more.";
    }

    static bool SameLines(Refund a, Refund b) => a.Lines is null == b.Lines is null
        && (a.Lines ?? []).OrderBy(l => l.ExternalId, StringComparer.Ordinal).SequenceEqual((b.Lines ?? []).OrderBy(l => l.ExternalId, StringComparer.Ordinal));
}

/// <summary>An order and its refunds as they count at one moment.</summary>
/// <param name="IsExact">It was read in the shop's database.</param>
sealed record OrderAtOnce(Order Order, IReadOnlyCollection<Refund> Refunds, bool IsExact);
