using System.Data.Common;
using System.Net.Sockets;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Gathers what may explain that orders of a shop differ: all at once for many orders.</summary>
sealed class DriftWitness(Database database, WebhookHealth health)
{
    const int OrdersAStatement = 500;

    public async Task<DriftEvidence> GatherAsync(ShopSettings shop, IReadOnlyCollection<string> orders, CancellationToken cancel)
    {
        var verdict = shop is { Kind: "woocommerce", ConnectionString: not null } ? await health.LookAsync(shop, cancel) : null;
        await using var db = database.Open();
        return new DriftEvidence
        {
            ShopKind = shop.Kind,
            Webhooks = verdict,
            Queue = (await QueueAsync(shop, verdict, orders, cancel)).ToLookup(q => q.OrderId),
            Refusals = (await RefusalsAsync(db, shop.Name, [.. orders, ""], cancel)).ToLookup(r => r.ExternalId),
            Downtimes = await db.Downtimes.OrderBy(d => d.FromAt).ToListAsync(cancel),
            LastArrivedAt = await DeliveryLog.LastArrivedAsync(db, shop.Name, cancel),
            ConnectedSince = await Heartbeat.ConnectedSinceAsync(db, shop.Name, cancel),
        };
    }

    static async Task<IReadOnlyList<QueuedDelivery>> QueueAsync(ShopSettings shop, WebhookVerdict? verdict, IReadOnlyCollection<string> orders, CancellationToken cancel)
    {
        if (verdict is null or { Ours.Count: 0 })
            return [];
        try
        {
            await using var db = new ShopDb(ShopDb.OptionsFor(shop), shop.TablePrefix);
            return await DeliveryQueue.ReadAsync(db, [.. verdict.Ours.Select(w => w.Id)], orders, cancel);
        }
        catch (Exception e) when (e is DbException or IOException or SocketException)
        {
            // No right on the queue, or the database has gone: one cause fewer that can be named.
            return [];
        }
    }

    static async Task<IReadOnlyList<DeliveryRefusalRow>> RefusalsAsync(SidecarDb db, string shop, IEnumerable<string> orders, CancellationToken cancel)
    {
        var found = new List<DeliveryRefusalRow>();
        foreach (var some in orders.Distinct().Chunk(OrdersAStatement))
            found.AddRange(await db.DeliveryRefusals.Where(r => r.Shop == shop && some.Contains(r.ExternalId)).ToListAsync(cancel));
        return found;
    }
}

/// <summary>What was found; <see cref="Complete"/> adds it to what is known of one order.</summary>
sealed record DriftEvidence
{
    public required string ShopKind { get; init; }
    public required WebhookVerdict? Webhooks { get; init; }
    public required ILookup<string, QueuedDelivery> Queue { get; init; }

    /// <summary>By order; those that name none under the empty text.</summary>
    public required ILookup<string, DeliveryRefusalRow> Refusals { get; init; }
    public required IReadOnlyList<DowntimeRow> Downtimes { get; init; }
    public required DateTimeOffset? LastArrivedAt { get; init; }
    public required DateTimeOffset? ConnectedSince { get; init; }

    /// <param name="facts">With what the comparison found: kind, dates, status.</param>
    public DriftFacts Complete(DriftFacts facts) => facts with
    {
        Webhooks = Webhooks,
        Queue = [.. Queue[facts.OrderId]],
        Refusals = [.. Refusals[facts.OrderId]],
        ShopRefusals = [.. Refusals[""]],
        Downtime = facts.ChangedAt is { } changed ? Downtimes.At(changed) : null,
        LastArrivedAt = LastArrivedAt,
        ConnectedSince = ConnectedSince,
    };

    public DriftCause Explain(DriftFacts facts) => DriftCause.Explain(Complete(facts));
}
