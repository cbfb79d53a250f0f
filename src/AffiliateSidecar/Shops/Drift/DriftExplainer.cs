using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Gathers what is known of a shop's deliveries and explains with it why a change was not heard of.</summary>
sealed class DriftExplainer(DriftWitness witness, WebhookHealth health, Database database, TimeProvider clock)
{
    public const string UnderWay = "under-way";

    /// <summary>The queue of a shop that nobody visits may stand still for this long: until then a delivery is late, not lost.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    /// <summary>Causes that no webhook could have helped against, or that may still help themselves.</summary>
    public static readonly string[] Expected = [UnderWay, "before-connection", "refund-deleted", "order-erased", "edited-in-database"];

    // A delivery that is late fits these; any other cause stays one.
    static readonly string[] MayBeLate = ["not-announced", "waiting-in-queue", "webhook-failing"];

    /// <summary>One cause an item, in order.</summary>
    public async Task<IReadOnlyList<DriftCause>> ExplainAsync(ShopSettings shop, IReadOnlyList<DriftItem> items, CancellationToken cancel)
    {
        if (items.Count == 0)
            return [];
        var evidence = await witness.GatherAsync(shop, [.. items.Select(i => i.ExternalId)], cancel);
        var storage = await StorageAsync(shop, cancel);
        return [.. items.Select(item => item.Kind == DriftItem.Unreadable
            ? new DriftCause("unreadable", "The sync goes on without it and tries again every night.")
            : Patiently(item, evidence.Explain(Facts(shop, item, storage))))];
    }

    /// <summary>What is wrong with the shop's webhooks now.</summary>
    public async Task<IReadOnlyList<WebhookProblemView>> ProblemsAsync(ShopSettings shop, CancellationToken cancel) => shop.Kind == "woocommerce"
        ? [.. (await health.LookAsync(shop, cancel)).Problems.Select(p => new WebhookProblemView(p.Code, $"{p.Sentence} {p.Mend}"))]
        : [];

    DriftCause Patiently(DriftItem item, DriftCause cause) => MayBeLate.Contains(cause.Code) && clock.GetUtcNow() - item.ChangedAt < Late
        ? new(UnderWay, "The change is a few minutes old: its delivery may still be under way.")
        : cause;

    static DriftFacts Facts(ShopSettings shop, DriftItem item, string? storage) => new()
    {
        ShopKind = shop.Kind, Kind = item.Kind, OrderId = item.ExternalId, UpdatedAt = item.ChangedAt, KnownUpdatedAt = item.KnownAt, Status = item.Status,
        KnownStatus = item.KnownStatus, OnlyRefundsDeleted = item.RefundsGone, Storage = storage,
    };

    async Task<string?> StorageAsync(ShopSettings shop, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ShopSyncs.Where(s => s.Shop == shop.Name).Select(s => s.Reader).FirstOrDefaultAsync(cancel);
    }
}
