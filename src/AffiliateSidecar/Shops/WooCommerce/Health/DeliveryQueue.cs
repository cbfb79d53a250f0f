using System.Globalization;
using System.Text.Json;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Mapping;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>A delivery that the shop's own queue has not made.</summary>
/// <param name="HasFailed">The queue broke at it and does not try again; else it waits.</param>
/// <param name="At">When it was to be made; null where the shop has no date.</param>
sealed record QueuedDelivery(string OrderId, long WebhookId, bool HasFailed, DateTimeOffset? At);

/// <summary>WordPress's queue of deliveries (Action Scheduler), which runs only while somebody visits the shop or a cron job calls it.</summary>
static class DeliveryQueue
{
    public const string TableName = "actionscheduler_actions";

    const string Hook = "woocommerce_deliver_webhook_async", Failed = "failed";
    const int ArgumentsAStatement = 500;

    static readonly string[] Waiting = ["pending", "in-progress"];
    static readonly string[] NotMade = [.. Waiting, Failed];

    [Table(IsColumnAttributeRequired = true)]
    sealed record ActionRow
    {
        [Column("action_id")] public long Id { get; init; }
        [Column("hook")] public string Hook { get; init; } = "";
        [Column("status")] public string Status { get; init; } = "";
        [Column("args")] public string? Arguments { get; init; }
        [Column("scheduled_date_gmt")] public DateTime? ScheduledAt { get; init; }
    }

    /// <summary>What waits, or has failed, of these orders and webhooks. A table full of old failures is not read: both columns asked for have an index.</summary>
    public static async Task<IReadOnlyList<QueuedDelivery>> ReadAsync(ShopDb db, IReadOnlyCollection<long> webhooks, IReadOnlyCollection<string> orders, CancellationToken cancel)
    {
        var found = new List<QueuedDelivery>();
        foreach (var wanted in orders.Where(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)).SelectMany(id => webhooks.SelectMany(w => Arguments(w, id)))
            .Chunk(ArgumentsAStatement))
        {
            var rows = await db.Table<ActionRow>(TableName).Where(a => a.Hook == Hook && NotMade.Contains(a.Status) && wanted.Contains(a.Arguments))
                .Select(a => new { a.Arguments, a.Status, At = Sql.Expr<string>($"CAST({a.ScheduledAt} AS CHAR)") }).ToListAsync(cancel);
            found.AddRange(rows.Select(r => Parse(r.Arguments!, r.Status, r.At)).OfType<QueuedDelivery>());
        }
        return found;
    }

    /// <summary>Since when the delivery that waits longest should have been made.</summary>
    public static async Task<DateTimeOffset?> OldestAsync(ShopDb db, CancellationToken cancel) =>
        Time(await db.Table<ActionRow>(TableName).Where(a => a.Hook == Hook && a.Status == Waiting[0]).OrderBy(a => a.ScheduledAt)
            .Select(a => Sql.Expr<string>($"CAST({a.ScheduledAt} AS CHAR)")).FirstOrDefaultAsync(cancel));

    // As PHP writes it: no spaces, and the order's id a number, or text where a plugin passed it on as text.
    static string[] Arguments(long webhook, string order) => [$$"""{"webhook_id":{{webhook}},"arg":{{order}}}""", $$"""{"webhook_id":{{webhook}},"arg":"{{order}}"}"""];

    static QueuedDelivery? Parse(string arguments, string status, string? at)
    {
        using var json = JsonDocument.Parse(arguments);
        return json.RootElement.Id("arg") is { } order && json.RootElement.GetProperty("webhook_id").TryGetInt64(out var webhook)
            ? new(order, webhook, status == Failed, Time(at)) : null;
    }

    /// <summary>A zero date is none.</summary>
    static DateTimeOffset? Time(string? text) =>
        DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
