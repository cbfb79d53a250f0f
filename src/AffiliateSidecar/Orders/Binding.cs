using AffiliateSidecar.Commissions;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>
/// A customer whose first order a partner brought stays his, where an order names nobody by itself. The first order is the earliest placed that is
/// processing or completed; a click, coupon or name decided it. An order's own evidence always goes first, so what is bound is found again each time.
/// </summary>
static class Binding
{
    /// <summary>The decision by the order's own evidence.</summary>
    public static Decision Own(Decision decision) => decision.Method != AttributionMethod.Binding ? decision : decision with
    {
        PartnerId = null, PartnerCode = null, PartnerGroup = null, Method = null,
        Candidates = [.. decision.Candidates.Where(c => c.Method != AttributionMethod.Binding)],
    };

    /// <param name="own">Names nobody, or it stays as it is.</param>
    /// <param name="stored">What was decided before: a partner who was suspended since keeps what he had.</param>
    public static async Task<Decision> OverAsync(SidecarDb db, Decision own, Decision? stored, Order order, string? customerKey, RuleSet rules, PartnerSnapshot partners,
        CancellationToken cancel)
    {
        if (own.PartnerId is not null || customerKey is null || !(rules.Program.CustomerBinding.Lasts || rules.Program.Policies.Any(p => p.CustomerBinding is { Lasts: true })))
            return own;
        var first = await OtherOrdersQuery.EarlierOf(db, order, customerKey).OrderBy(o => o.PlacedAt).ThenBy(o => o.Shop).ThenBy(o => o.ExternalId)
            .Select(o => new { o.PartnerId, o.Method, o.PlacedAt, o.Shop, o.ExternalId }).FirstOrDefaultAsync(cancel);
        if (first?.PartnerId is not { } id || first.Method == AttributionMethod.Binding || !partners.ById.TryGetValue(id, out var partner))
            return own;
        var binding = rules.Program.For(partner).CustomerBinding;
        var reason = $"the customer's first order, {first.Shop}/{first.ExternalId}, was the partner's";
        if (!binding.Lasts || (binding.Count is { } months && order.PlacedAt >= Months.After(first.PlacedAt, months)))
            return own;
        var kept = stored is { Method: AttributionMethod.Binding } && stored.PartnerId == id;
        if (!partner.Earns && !kept)
            return own with { Candidates = [.. own.Candidates, new(partner.Code, AttributionMethod.Binding, "refused", $"the partner is {partner.Status}")] };
        return own with
        {
            PartnerId = id, PartnerCode = partner.Code, PartnerGroup = kept ? stored!.PartnerGroup : partner.Group, Method = AttributionMethod.Binding,
            Candidates = [.. own.Candidates, new(partner.Code, AttributionMethod.Binding, "won", reason)],
        };
    }
}
