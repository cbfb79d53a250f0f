using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Why the sidecar did not hear of an order's change.</summary>
/// <param name="Code">In kebab-case.</param>
/// <param name="Sentence">For the owner; where something can be mended, how.</param>
sealed record DriftCause(string Code, string Sentence)
{
    // The shop's clock is not ours, and a delivery waits in the shop's queue for the next visitor.
    static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2), Underway = TimeSpan.FromMinutes(15);

    /// <summary>
    /// From the certain to the likely. First what never sends anything, whatever the webhooks are like; then what is known of this very order;
    /// then what the service itself did at that time; then how the webhooks are now, which may not be how they were; last what merely fits.
    /// </summary>
    public static DriftCause Explain(DriftFacts facts) => facts.ShopKind == "woocommerce"
        ? Silent(facts) ?? Refused(facts) ?? Undated(facts) ?? Earlier(facts) ?? Queued(facts) ?? Down(facts) ?? Webhooks(facts) ?? Errors(facts)
            ?? Forged(facts) ?? Failing(facts) ?? UndatedOrLines(facts) ?? NotAnnounced(facts)
        : Earlier(facts) ?? Down(facts) ?? new("not-pushed", "The shop has not called the API for it.");

    /// <summary>
    /// Nothing is sent for these, and the order's date does not move either: refusals, downtimes and webhooks have nothing to do with them.
    /// </summary>
    static DriftCause? Silent(DriftFacts facts) =>
        facts.Kind == "gone" ? new("order-erased", "The order was deleted for good; WooCommerce sends nothing then.")
        : facts.OnlyRefundsDeleted ? new("refund-deleted", "A refund was deleted; WooCommerce sends nothing then.")
        : null;

    /// <summary>
    /// A delivery carries the order as it is when it is sent, so one refused after the change had the change in it. Of an order we have never had,
    /// every delivery counts: any that was taken would have made it known.
    /// </summary>
    static DriftCause? Refused(DriftFacts facts) =>
        facts.Refusals.Where(r => facts.Kind == "missing" || facts.UpdatedAt is not { } changed || r.LastAt >= changed - ClockSkew).MaxBy(r => r.LastAt) is { } refusal
            ? new("delivery-refused", $"A delivery arrived {refusal.LastAt:yyyy-MM-dd HH:mm} UTC and was not used: {refusal.Reason}")
            : null;

    /// <summary>Where orders have tables of their own, everything that goes through WooCommerce moves the date.</summary>
    static DriftCause? Undated(DriftFacts facts) => facts.DateStoodStill && facts.Storage != "legacy"
        ? new("edited-in-database", "The order was changed or restored directly in the shop's database: its content differs, its date does not.")
        : null;

    /// <summary>
    /// In posts a change of lines or amounts in the order's screen does not move the date either, though it is announced. So there a date that
    /// stood still is the cause only where no other is found.
    /// </summary>
    static DriftCause? UndatedOrLines(DriftFacts facts) => facts.DateStoodStill
        ? new("edited-in-database", "The order was changed without moving its date: directly in the shop's database, or its lines in the order's screen, and no delivery came.")
        : null;

    static DriftCause? Earlier(DriftFacts facts) => facts.ChangedAt is { } changed && changed < facts.ConnectedSince
        ? new("before-connection", $"The order changed before the sidecar stood beside the shop, which it has since {facts.ConnectedSince:yyyy-MM-dd HH:mm} UTC.")
        : null;

    /// <summary>
    /// What still waits has not been lost, even if the webhook is paused or disabled by now: the shop sends it nevertheless. Not where it would
    /// be refused or break when its turn comes: then that is the cause. What the queue broke at is not tried again.
    /// </summary>
    static DriftCause? Queued(DriftFacts facts)
    {
        var relevant = facts.Queue.Where(q => !q.HasFailed || facts.ChangedAt is not { } changed || q.At is not { } at || at >= changed - ClockSkew).ToList();
        if (relevant.Count == 0)
            return null;
        if (Problem(facts, WebhookProblem.UrlRefused, WebhookProblem.ApiVersion) is { } hopeless)
            return hopeless;
        var since = relevant.Min(q => q.At) is { } oldest ? $" since {oldest:yyyy-MM-dd HH:mm} UTC" : "";
        return relevant.Exists(q => !q.HasFailed)
            ? new(WebhookProblem.Waiting, $"Its delivery waits in the shop's queue{since}, which runs only when somebody visits the shop: call wp-cron.php every minute.")
            : new("failed-in-queue", "The shop's queue broke at its delivery and does not try again: look at WooCommerce → Status → Scheduled Actions, Failed.");
    }

    static DriftCause? Down(DriftFacts facts) => facts is { Downtime: { } down, DateStoodStill: false }
        ? new("sidecar-down", $"The sidecar was not running from {down.FromAt:yyyy-MM-dd HH:mm} to {down.ToAt:yyyy-MM-dd HH:mm} UTC, and the shop does not send again.")
        : null;

    /// <summary>
    /// How the webhooks are now. Where something has arrived since, they were there and the address was let through: then it is not this, unless it is about
    /// single topics or a later change.
    /// </summary>
    static DriftCause? Webhooks(DriftFacts facts) =>
        (HasArrivedSince(facts) ? null : Problem(facts, WebhookProblem.Missing)) ?? Problem(facts, WebhookProblem.Disabled) ?? Problem(facts, WebhookProblem.TopicMissing)
            ?? (HasArrivedSince(facts) ? null : Problem(facts, WebhookProblem.UrlRefused)) ?? Problem(facts, WebhookProblem.ApiVersion);

    static bool HasArrivedSince(DriftFacts facts) => facts.ChangedAt is { } changed && facts.LastArrivedAt > changed + Underway;

    /// <summary>Counts only where every topic that would have told us is hurt: of a new order two come, and one is enough.</summary>
    static DriftCause? Problem(DriftFacts facts, string code, string? or = null)
    {
        if (facts.Webhooks is not { } verdict)
            return null;
        WebhookProblem? first = null;
        foreach (var topic in facts.Topics)
        {
            if (verdict.Find(topic, WebhookProblem.Missing, WebhookProblem.Disabled, WebhookProblem.TopicMissing, WebhookProblem.UrlRefused, WebhookProblem.ApiVersion,
                WebhookProblem.Failing) is null)
                return null;
            first ??= verdict.Find(topic, code) ?? (or is null ? null : verdict.Find(topic, or));
        }
        return first is null ? null
            : new(first.Code == WebhookProblem.ApiVersion ? SendsErrors : first.Code, $"{first.Sentence} {first.Mend}");
    }

    const string SendsErrors = "webhook-sends-errors";

    /// <summary>Something signed came at that time that was no order. It does not say of which order, so it only fits.</summary>
    static DriftCause? Errors(DriftFacts facts) =>
        facts.ShopRefusals.Where(r => r.Reason != DeliveryLog.Signature && IsOfThatTime(facts, r)).Select(r => ErrorAdvice(r.Reason)).OfType<string>().FirstOrDefault() is { } advice
            ? new(SendsErrors, advice)
            : null;

    static string? ErrorAdvice(string reason)
    {
        // An order that was erased before its delivery says nothing about one that is there.
        if (reason.Contains("woocommerce_rest_shop_order_invalid_id", StringComparison.Ordinal))
            return null;
        if (reason.Contains("rest_no_route", StringComparison.Ordinal))
            return "The shop sends during the checkout, where it has no order to send, and signed the error rest_no_route instead: remove the filter woocommerce_webhook_deliver_async.";
        if (reason.Contains("woocommerce_rest_cannot_view", StringComparison.Ordinal))
            return "The shop signed the error woocommerce_rest_cannot_view instead of orders: the user who owns the webhook is gone or may not see orders any more. Save the webhook anew as an administrator.";
        if (reason.Contains("woocommerce_rest_invalid_shop_order_id", StringComparison.Ordinal))
            return "The shop signed the error woocommerce_rest_invalid_shop_order_id instead of orders: choose WP REST API Integration v3 in the webhook.";
        return $"At that time the shop sent what was no order: {reason}";
    }

    /// <summary>Anybody can send a wrong signature, so it explains something only while nothing good came.</summary>
    static DriftCause? Forged(DriftFacts facts) => !HasArrivedSince(facts) && facts.ShopRefusals.Any(r => r.Reason == DeliveryLog.Signature && IsOfThatTime(facts, r))
        ? new("signature-wrong", "Deliveries of that time were not signed with this shop's secret: set the same secret in every webhook and in Sidecar:Shops:name:WebhookSecret.")
        : null;

    static bool IsOfThatTime(DriftFacts facts, DeliveryRefusalRow refusal) =>
        facts.ChangedAt is { } changed && refusal.FirstAt <= changed + Underway && refusal.LastAt >= changed - ClockSkew;

    static DriftCause? Failing(DriftFacts facts) => Problem(facts, WebhookProblem.Failing);

    static DriftCause NotAnnounced(DriftFacts facts) => new("not-announced", "No delivery of it arrived, and WooCommerce does not send again."
        // Answered with 301 or 302 a delivery counts as made and is not followed.
        + (facts.Webhooks?.Ours.Any(w => w.DeliveryUrl.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) == true
            ? " The delivery URL begins with http://: if it is redirected to https, WooCommerce takes every delivery for made and loses it. Use https there." : "")
        + (facts.Webhooks?.Unknown is { } unknown ? $" {unknown.Sentence}" : ""));
}
