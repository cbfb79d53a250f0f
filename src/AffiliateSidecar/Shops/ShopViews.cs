using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops;

/// <summary>A shop of the configuration.</summary>
public sealed record ShopView
{
    /// <summary>Its name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary><c>woocommerce</c> or <c>api</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The shop's home page.</summary>
    public Uri? Url { get; init; }

    /// <summary>The path of this service that WooCommerce's webhooks call; null for other shops.</summary>
    public string? WebhookPath { get; init; }

    /// <summary>How its database is read; null where it is not.</summary>
    public ShopDatabaseView? Database { get; init; }

    internal static ShopView Of(ShopSettings shop, ShopSyncRow? sync) => new()
    {
        Name = shop.Name, Kind = shop.Kind, Url = shop.Url,
        WebhookPath = shop.Kind == "woocommerce" ? WebhookHealth.PathOf(shop) : null,
        Database = shop.ConnectionString is null ? null : new(sync?.Reader, sync?.SyncedAt, sync?.BackfilledAt, sync?.SweptAt, sync?.SweepSince is not null, sync?.Problem),
    };
}

/// <summary>How a shop's database is read.</summary>
/// <param name="Storage"><c>hpos</c>, <c>legacy</c> or <c>views</c>; null before the first run.</param>
/// <param name="SyncedAt">The last run that succeeded.</param>
/// <param name="BackfilledAt">When all of the shop's history had been read.</param>
/// <param name="SweptAt">When everything inside the sweep's window was last compared.</param>
/// <param name="Sweeping">A sweep is under way, or was broken off and goes on with the next run.</param>
/// <param name="Problem">Why the last run failed, and what to do.</param>
public sealed record ShopDatabaseView(string? Storage, DateTimeOffset? SyncedAt, DateTimeOffset? BackfilledAt, DateTimeOffset? SweptAt, bool Sweeping, string? Problem);

/// <summary>What to read.</summary>
public sealed record SyncRequest
{
    /// <summary>Compare every order of the shop.</summary>
    public bool Full { get; init; }

    /// <summary>Compare every order that may still change: inside the sweep's window.</summary>
    public bool Sweep { get; init; }

    internal SyncScope Scope => Full ? SyncScope.Full : Sweep ? SyncScope.Sweep : SyncScope.Changes;
}

/// <summary>What has become of a sync.</summary>
/// <param name="Status"><c>done</c>, or <c>running</c>: it goes on, and <c>GET /v1/shops</c> says when it is done.</param>
/// <param name="Outcome">What it has done; null while it is running.</param>
public sealed record SyncView(string Status, SyncOutcome? Outcome);

/// <summary>What a shop's deliveries have missed.</summary>
public sealed record DriftView
{
    /// <summary>The shop's name in the configuration.</summary>
    public required string Shop { get; init; }

    /// <summary>When both sides were compared.</summary>
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Both sides are the same.</summary>
    public required bool InStep { get; init; }

    /// <summary>How many orders are not here, or not the same, with those in <c>unread</c>.</summary>
    public required int Count { get; init; }

    /// <summary>By how much commissions are wrong, a sum a currency; without the orders in <c>unread</c>.</summary>
    public required IReadOnlyList<Money> AtStake { get; init; }

    /// <summary>The orders, the most money first.</summary>
    public required IReadOnlyList<DriftedOrder> Data { get; init; }

    /// <summary>Pass it as <c>cursor</c> for the next page; null on the last one.</summary>
    public string? NextCursor { get; init; }

    /// <summary>Further orders that were not looked at one by one: there are too many.</summary>
    public required int Unread { get; init; }

    /// <summary>What is wrong with the shop's webhooks, and how to mend it.</summary>
    public required IReadOnlyList<WebhookProblemView> Webhooks { get; init; }

    /// <summary>What has been found and mended in the last 30 days.</summary>
    public required RecoveredView Recovered { get; init; }
}

/// <summary>One thing that is wrong with a shop's webhooks.</summary>
/// <param name="Code">In kebab-case.</param>
/// <param name="Sentence">What, and how to mend it.</param>
public sealed record WebhookProblemView(string Code, string Sentence);

/// <summary>Orders whose deliveries had not come, and that were read from the shop's database.</summary>
/// <param name="Count">How many.</param>
/// <param name="AtStake">By how much commissions would have been wrong, a sum a currency.</param>
/// <param name="Causes">Why, the most frequent first.</param>
/// <param name="Data">The latest of them.</param>
public sealed record RecoveredView(int Count, IReadOnlyList<Money> AtStake, IReadOnlyList<CauseCount> Causes, IReadOnlyList<DriftedOrder> Data);

/// <summary>How often a cause was the reason.</summary>
public sealed record CauseCount(string Cause, int Count);

/// <summary>An order that the shop has and the sidecar has not, or has differently.</summary>
public sealed record DriftedOrder
{
    /// <summary>The shop's id of it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>Its id here; null where it is missing.</summary>
    public string? OrderId { get; init; }

    /// <summary><c>missing</c>, <c>different</c>, <c>gone</c> or <c>unreadable</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Why it was not heard of, in kebab-case.</summary>
    public required string Cause { get; init; }

    /// <summary>What differs and why, for people.</summary>
    public required IReadOnlyList<string> Detail { get; init; }

    /// <summary>What the order comes to.</summary>
    public Money? Total { get; init; }

    /// <summary>By how much the partner's commission is wrong.</summary>
    public Money? AtStake { get; init; }

    /// <summary>The shop's time of the change.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>Null while it is not mended.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }

    internal static DriftedOrder Of(DriftItem item, DriftCause cause, DateTimeOffset at) => new()
    {
        ExternalId = item.ExternalId, OrderId = item.OrderId, Kind = item.Kind, Cause = cause.Code, Detail = [.. item.Words, cause.Sentence], Total = item.Total,
        AtStake = item.AtStake, ChangedAt = item.ChangedAt, FoundAt = at,
    };

    internal static DriftedOrder Of(ShopDriftRow row) => new()
    {
        ExternalId = row.ExternalId, Kind = row.Kind, Cause = row.Cause, Detail = row.Detail.Split('\n'),
        Total = row.Currency is null ? null : new(row.TotalMinor, row.Currency), AtStake = row.Currency is null ? null : new(row.AtStakeMinor, row.Currency),
        ChangedAt = row.ChangedAt, FoundAt = row.FoundAt, RecoveredAt = row.RecoveredAt,
    };
}
