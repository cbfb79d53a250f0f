using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>All that is known about one order of which the sidecar had not heard, or not everything.</summary>
sealed record DriftFacts
{
    /// <summary><c>woocommerce</c> or <c>api</c>.</summary>
    public required string ShopKind { get; init; }

    /// <summary><c>missing</c>, <c>different</c> or <c>gone</c>.</summary>
    public required string Kind { get; init; }
    public required string OrderId { get; init; }

    /// <summary>The shop's time of the last change; null where it has none.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>The shop's time of the change that we knew of; null where we knew of none.</summary>
    public DateTimeOffset? KnownUpdatedAt { get; init; }

    /// <summary>As the shop has it, without <c>wc-</c>.</summary>
    public string? Status { get; init; }

    /// <summary>As we had it.</summary>
    public string? KnownStatus { get; init; }

    /// <summary>Nothing differs but that refunds we know of are not there any more.</summary>
    public bool OnlyRefundsDeleted { get; init; }

    /// <summary>Where the shop keeps its orders: <c>hpos</c>, <c>legacy</c> or <c>views</c>.</summary>
    public string? Storage { get; init; }

    /// <summary>Null where the shop has no webhooks, or nobody looked.</summary>
    public WebhookVerdict? Webhooks { get; init; }

    /// <summary>Deliveries of this order that could not be used.</summary>
    public IReadOnlyList<DeliveryRefusalRow> Refusals { get; init; } = [];

    /// <summary>Deliveries of the shop that could not be used and did not say of which order.</summary>
    public IReadOnlyList<DeliveryRefusalRow> ShopRefusals { get; init; } = [];

    /// <summary>What the shop's queue has not delivered of this order to us.</summary>
    public IReadOnlyList<QueuedDelivery> Queue { get; init; } = [];

    /// <summary>The downtime into which the news was sent.</summary>
    public DowntimeRow? Downtime { get; init; }

    /// <summary>When a delivery of the shop was last of use.</summary>
    public DateTimeOffset? LastArrivedAt { get; init; }

    /// <summary>Since when the sidecar stands beside the shop.</summary>
    public DateTimeOffset? ConnectedSince { get; init; }

    /// <summary>The order's content has changed and its date has not.</summary>
    public bool DateStoodStill => Kind == "different" && UpdatedAt is { } shop && KnownUpdatedAt is { } known && shop <= known;

    /// <summary>When it happened; null where that is not known. A date that stood still tells of an earlier change, of which we did hear.</summary>
    public DateTimeOffset? ChangedAt => DateStoodStill ? null : UpdatedAt;

    /// <summary>Of which topics one would have told us.</summary>
    public IReadOnlyList<string> Topics => (Kind, Status, KnownStatus) switch
    {
        // Each new order sends both, with the order as it is.
        ("missing", _, _) => ["order.created", "order.updated"],
        (_, "trash", not "trash") => ["order.deleted"],
        (_, not "trash", "trash") => ["order.restored", "order.updated"],
        _ => ["order.updated"],
    };
}
