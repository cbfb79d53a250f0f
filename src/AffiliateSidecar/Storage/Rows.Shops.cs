using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>How far a shop's database has been read.</summary>
[Table("afs_shop_syncs", IsColumnAttributeRequired = false)]
sealed record ShopSyncRow
{
    [PrimaryKey] public required string Shop { get; init; }

    /// <summary>Which reader the cursor belongs to.</summary>
    public string? Reader { get; init; }

    /// <summary>The reader's own words for how far it has read.</summary>
    public string? CursorText { get; init; }
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>A sweep is under way: over orders placed since then, done up to <see cref="SweepAfter"/>.</summary>
    public DateTimeOffset? SweepSince { get; init; }
    public string? SweepAfter { get; init; }
    public DateTimeOffset? SweptAt { get; init; }

    /// <summary>When all of the shop's history had been read.</summary>
    public DateTimeOffset? BackfilledAt { get; init; }

    /// <summary>Why the last attempt failed, for the owner; null where it did not.</summary>
    public string? Problem { get; init; }
}

/// <summary>An order that the shop had and we had not, or had differently.</summary>
[Table("afs_shop_drifts", IsColumnAttributeRequired = false)]
sealed record ShopDriftRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }

    /// <summary><c>missing</c>, <c>different</c>, <c>gone</c> or <c>unreadable</c>.</summary>
    public required string Kind { get; init; }
    public required string Cause { get; init; }
    public required string Detail { get; init; }
    public string? Currency { get; init; }
    public required long TotalMinor { get; init; }

    /// <summary>By how much the partner's commission was wrong.</summary>
    public required long AtStakeMinor { get; init; }

    /// <summary>The shop's time of the change that we did not hear of; null where the order is gone.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>The shop's time of the change that we did know; null where we knew nothing.</summary>
    public DateTimeOffset? KnownAt { get; init; }

    /// <summary>Nothing differed but refunds that are there no more.</summary>
    public required bool RefundsGone { get; init; }
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>Null while it is not mended.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }
}

/// <summary>Deliveries of a shop that arrived and could not be used.</summary>
[Table("afs_delivery_refusals", IsColumnAttributeRequired = false)]
sealed record DeliveryRefusalRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }

    /// <summary>Empty where the delivery did not say which order.</summary>
    [PrimaryKey(1)] public required string ExternalId { get; init; }
    [PrimaryKey(2)] public required string Reason { get; init; }
    public required long Count { get; init; }
    public required DateTimeOffset FirstAt { get; init; }
    public required DateTimeOffset LastAt { get; init; }
}

/// <summary>The service was not running.</summary>
[Table("afs_downtimes", IsColumnAttributeRequired = false)]
sealed record DowntimeRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required DateTimeOffset FromAt { get; init; }
    public required DateTimeOffset ToAt { get; init; }
}
