using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>Orders of the shop, read by its own reader and credited to those whom another program had credited.</summary>
sealed class OrderCredits(Takeover takeover, IShopReader reader, OrderIntake intake, TimeProvider clock)
{
    /// <summary>What was read of each order, and what came of those that are there.</summary>
    public async Task<(Dictionary<string, OrderReading> Readings, Dictionary<string, IntakeResult> Results)> CreditAsync(IReadOnlyList<OldReferral> referrals, CancellationToken cancel)
    {
        if (referrals.Count == 0)
            return ([], []);
        var readings = (await reader.ReadAsync([.. referrals.Select(r => r.OrderId!)], null, cancel)).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var clicks = await ClickTimesAsync(referrals, cancel);
        var there = referrals.Where(r => readings[r.OrderId!].Order is not null).ToList();
        var results = await AcceptAsync([.. there.SelectMany(r => News(r, readings[r.OrderId!], clicks))], cancel);
        return (readings, await DecideAsync(there, results, cancel));
    }

    IEnumerable<OrderNews> News(OldReferral referral, OrderReading reading, Dictionary<string, DateTimeOffset> clicks)
    {
        var order = reading.Order!;
        var click = takeover.Program.ClickId(takeover.Shop, referral.Visit);
        var credit = clicks.TryGetValue(click, out var at)
            ? new ImportedCredit(referral.Partner.Id, AttributionMethod.Click, click, at <= order.PlacedAt ? at : null)
            : new ImportedCredit(referral.Partner.Id, AttributionMethod.Explicit, null, null);
        // Said before anything else that is known of the order: the program had decided when it was placed.
        yield return new OrderStated(order with { UpdatedAt = order.PlacedAt.AddSeconds(-1) }) { Actor = ImportedOrders.Actor, Credit = credit };
        yield return ShopReadings.News(takeover.Old.Shop, reading, clock);
    }

    /// <summary>What was rejected there earns nothing here; what was paid waits for no hold period; what is not rejected any more earns again.</summary>
    async Task<Dictionary<string, IntakeResult>> DecideAsync(List<OldReferral> referrals, Dictionary<string, IntakeResult> results, CancellationToken cancel)
    {
        var news = new List<OrderNews>();
        foreach (var referral in referrals)
        {
            if (!results.TryGetValue(referral.OrderId!, out var result) || result.Order?.PartnerId != referral.Partner.Id || result.Commission is not { } commission)
                continue;
            var reversedHere = commission is { Override: "reverse", OverrideReason: { } reason } && reason.EndsWith(takeover.Program.Title, StringComparison.Ordinal);
            var foreign = referral.Currency is { } currency && currency != commission.Currency && referral.Counts;
            var (decision, why) = referral.Status switch
            {
                OldReferral.Rejected when commission.AmountMinor > 0 => ("reverse", "rejected in"),
                _ when foreign && commission.AmountMinor > 0 => ("reverse", "credited in another currency by"),
                OldReferral.Paid when !foreign && (commission.Override is null || reversedHere) => ("approve", "paid by"),
                OldReferral.Unpaid or OldReferral.Pending when reversedHere && !foreign => ("release", "not rejected any more in"),
                _ => (null, null),
            };
            if (decision is not null)
                news.Add(new CommissionDecided(takeover.Shop, referral.OrderId!, decision, $"{why} {takeover.Program.Title}") { Actor = ImportedOrders.Actor });
        }
        foreach (var (order, result) in await AcceptAsync(news, cancel))
            results[order] = result;
        return results;
    }

    /// <summary>The last result of each order.</summary>
    async Task<Dictionary<string, IntakeResult>> AcceptAsync(List<OrderNews> news, CancellationToken cancel)
    {
        var results = new Dictionary<string, IntakeResult>(StringComparer.Ordinal);
        try
        {
            foreach (var (one, result) in news.Zip(news.Count == 0 ? [] : await intake.AcceptManyAsync(news, cancel)))
                results[one.ExternalId] = result;
        }
        catch (Exception e) when (!Database.IsUnavailable(e) && e is not OperationCanceledException)
        {
            // One bad order must not take its neighbours along.
            var orders = news.GroupBy(n => n.ExternalId).ToList();
            foreach (var order in orders)
                if (orders.Count > 1)
                    foreach (var (id, result) in await AcceptAsync([.. order], cancel))
                        results[id] = result;
                else
                    results[order.Key] = new(IntakeStatus.Refused, null, e.GetType().Name);
        }
        return results;
    }

    async Task<Dictionary<string, DateTimeOffset>> ClickTimesAsync(IReadOnlyList<OldReferral> referrals, CancellationToken cancel)
    {
        var wanted = referrals.Where(r => r.Visit > 0).ToDictionary(r => r.Id, r => (Click: takeover.Program.ClickId(takeover.Shop, r.Visit), r.Partner.Id));
        var ids = wanted.Values.Select(w => w.Click).Distinct().ToArray();
        await using var db = takeover.Database.Open();
        var found = await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.PartnerId, c.At }).ToListAsync(cancel);
        return found.Where(c => wanted.Values.Contains((c.Id, c.PartnerId))).ToDictionary(c => c.Id, c => c.At, StringComparer.Ordinal);
    }
}
