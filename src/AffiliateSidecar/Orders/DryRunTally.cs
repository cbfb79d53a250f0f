using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>Adds up a replay by partner and currency.</summary>
sealed class DryRunTally
{
    const int MostPartners = 1_000;

    readonly Dictionary<(string Currency, int Partner), (long Now, long Then, int Gained, int Lost)> sums = [];
    int orders, changedHands;

    public void Add(string currency, int? nowPartner, IReadOnlyCollection<CommissionRow> now, int? thenPartner, long then)
    {
        orders++;
        var moved = nowPartner != thenPartner;
        if (moved)
            changedHands++;
        foreach (var commission in now)
            Add((commission.Currency, commission.PartnerId), commission.AmountMinor, 0, 0, moved && commission.PartnerId == nowPartner ? 1 : 0);
        if (thenPartner is { } partner)
            Add((currency, partner), 0, then, moved ? 1 : 0, 0);
    }

    void Add((string, int) key, long now, long then, int gained, int lost)
    {
        var sum = sums.GetValueOrDefault(key);
        sums[key] = (sum.Now + now, sum.Then + then, sum.Gained + gained, sum.Lost + lost);
    }

    public DryRunView View(DateTimeOffset from, DateTimeOffset to, PartnerSnapshot partners)
    {
        var changed = sums.Where(s => s.Value is { Gained: > 0 } or { Lost: > 0 } || s.Value.Now != s.Value.Then).ToList();
        return new(from, to, orders, changedHands,
            [.. sums.GroupBy(s => s.Key.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Cost(g.Key, g.Sum(s => s.Value.Now), g.Sum(s => s.Value.Then)))],
            changed.Count,
            [.. changed.OrderByDescending(s => Math.Abs(s.Value.Then - s.Value.Now)).ThenBy(s => s.Key.Partner).Take(MostPartners).Select(s => new DryRunPartner(
                PublicId.Of(PublicId.Partner, s.Key.Partner), partners.ById.GetValueOrDefault(s.Key.Partner)?.Code ?? "", new(s.Value.Now, s.Key.Currency), new(s.Value.Then, s.Key.Currency),
                new(s.Value.Then - s.Value.Now, s.Key.Currency), s.Value.Gained, s.Value.Lost))]);
    }

    static DryRunCost Cost(string currency, long now, long then) => new(new(now, currency), new(then, currency), new(then - now, currency));
}

/// <summary>What other rules would have cost.</summary>
/// <param name="From">Placed at or after.</param>
/// <param name="To">Placed before.</param>
/// <param name="Orders">How many were replayed.</param>
/// <param name="ChangedHands">Orders that would be credited to somebody else, or to nobody.</param>
/// <param name="Cost">One entry a currency.</param>
/// <param name="PartnersChanged">Partners and currencies for whom something would differ.</param>
/// <param name="Partners">The first thousand of them, the largest difference first.</param>
public sealed record DryRunView(DateTimeOffset From, DateTimeOffset To, int Orders, int ChangedHands, IReadOnlyList<DryRunCost> Cost, int PartnersChanged,
    IReadOnlyList<DryRunPartner> Partners);

/// <summary>Commission of one currency.</summary>
/// <param name="Now">As it is, net of refunds.</param>
/// <param name="Then">As it would be.</param>
/// <param name="Difference">Positive: it would cost more.</param>
public sealed record DryRunCost(Money Now, Money Then, Money Difference);

/// <summary>A partner for whom something would differ.</summary>
/// <param name="Partner">The partner's id.</param>
/// <param name="PartnerCode">His code.</param>
/// <param name="Now">What he earns.</param>
/// <param name="Then">What he would earn.</param>
/// <param name="Difference">Positive: he gains.</param>
/// <param name="OrdersGained">Orders that would come to him.</param>
/// <param name="OrdersLost">Orders that would be somebody else's.</param>
public sealed record DryRunPartner(string Partner, string PartnerCode, Money Now, Money Then, Money Difference, int OrdersGained, int OrdersLost);
