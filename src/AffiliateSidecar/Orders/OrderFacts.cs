using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>What later orders may ask of one.</summary>
/// <param name="Counts">It is processing or completed.</param>
/// <param name="Own">Whom its own evidence named.</param>
/// <param name="PartnerId">Who earns.</param>
/// <param name="CountsAt">When its sale counts for tiers.</param>
sealed record OrderFacts(OrderPlace Place, string? CustomerKey, bool Counts, int? Own, int? PartnerId, string Currency, DateTimeOffset? CountsAt, long NetMinor)
{
    /// <summary>What capped rules pay for it, in minor units.</summary>
    public IReadOnlyDictionary<string, long> Amounts { get; private init; } = new Dictionary<string, long>();

    /// <summary>As it is stored; null where it is not.</summary>
    public static async Task<OrderFacts?> OfAsync(SidecarDb db, OrderState state, CancellationToken cancel)
    {
        if (state.Row is not { } row)
            return null;
        var commission = state.Commission;
        return new(new(row.PlacedAt, row.Shop, row.ExternalId), row.CustomerKey, row.Status is OrderStatus.Processing or OrderStatus.Completed,
            row.Method == AttributionMethod.Binding ? null : row.PartnerId, row.PartnerId, row.Currency, commission?.CountsAt, commission?.NetMinor ?? 0)
        {
            Amounts = await db.RuleAmounts.Where(a => a.OrderId == row.Id).ToDictionaryAsync(a => a.RuleId, a => a.AmountMinor, cancel),
        };
    }

    public string AmountsText => string.Join(';', Amounts.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"));
}
