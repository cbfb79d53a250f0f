using AffiliateSidecar.Shops.Reading;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>A webhook as the shop's database has it. The secret stands in the same row in clear text and is never read.</summary>
[Table(IsColumnAttributeRequired = true)]
sealed record ShopWebhook
{
    public const string TableName = "wc_webhooks", Active = "active", Disabled = "disabled";

    /// <summary>Enough for <c>GRANT SELECT (…)</c>: an account need not be able to see the secret.</summary>
    public const string Columns = "webhook_id, status, name, delivery_url, topic, failure_count, api_version, pending_delivery";

    [Column("webhook_id")] public required long Id { get; init; }

    /// <summary><c>active</c>, <c>paused</c> (by hand) or <c>disabled</c> (by hand, or by WooCommerce after failures).</summary>
    [Column("status")] public required string Status { get; init; }
    [Column("name")] public string Name { get; init; } = "";
    [Column("delivery_url")] public required string DeliveryUrl { get; init; }
    [Column("topic")] public required string Topic { get; init; }

    /// <summary>Failures in a row. Activating it again does not set it back, a success does.</summary>
    [Column("failure_count")] public int FailureCount { get; init; }

    /// <summary>1 to 3; -1 for <c>legacy_v3</c>.</summary>
    [Column("api_version")] public int ApiVersion { get; init; } = 3;

    /// <summary>Its first ping has not been answered with 200 yet.</summary>
    [Column("pending_delivery")] public bool PendingDelivery { get; init; }

    public static async Task<IReadOnlyList<ShopWebhook>> ReadAsync(ShopDb db, CancellationToken cancel) =>
        await db.Table<ShopWebhook>(TableName).OrderBy(w => w.Id).ToListAsync(cancel);

    /// <summary>Whether it is meant for us. Our public host is not known here, and a proxy may put a path before ours.</summary>
    public bool PointsTo(string path) => Uri.TryCreate(DeliveryUrl.Trim(), UriKind.Absolute, out var url)
        && url.AbsolutePath.TrimEnd('/').EndsWith(path, StringComparison.OrdinalIgnoreCase);
}
