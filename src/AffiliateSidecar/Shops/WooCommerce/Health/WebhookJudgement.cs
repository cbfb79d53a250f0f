using System.Net;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>What keeps the webhooks from telling us everything. Looks at what it is given and asks nobody.</summary>
static class WebhookJudgement
{
    // The counter ends at 6, and the next failure disables the webhook; also one that was activated again by hand, since that leaves the counter.
    const int LastCount = 6;

    const string Screen = "WooCommerce → Settings → Advanced → Webhooks";

    /// <param name="webhooks">All of the shop's.</param>
    /// <param name="path">Ours: <c>/v1/shops/main/webhooks/woocommerce</c>.</param>
    /// <param name="home">The shop's home page, as its configuration and its own database have it.</param>
    /// <param name="addresses">Of a name: empty where it has none, null where that is not known.</param>
    /// <param name="hpos">Whether the shop keeps orders in tables of their own; null where that is not known.</param>
    public static WebhookVerdict Judge(IReadOnlyList<ShopWebhook> webhooks, string path, IReadOnlyList<Uri> home,
        Func<string, IReadOnlyList<IPAddress>?> addresses, bool? hpos)
    {
        var ours = webhooks.Where(w => w.PointsTo(path)).ToList();
        if (ours.Count == 0)
            return new([], [new(WebhookProblem.Missing, "No webhook of the shop points to this sidecar.",
                $"{Screen}: add one for each of {Words(WebhookNews.Topics)}, with the delivery URL ending in {path}.", WebhookNews.Topics)]);
        // A topic is as well as its best webhook: a second, paused copy does no harm.
        var faults = WebhookNews.Topics.Select(topic => (Topic: topic, Fault: ours.Where(w => w.Topic == topic)
            .Select(w => FaultOf(w, home, addresses, hpos)).DefaultIfEmpty(NoWebhook).MinBy(f => f.Weight)!));
        return new(ours, [.. faults.Where(f => f.Fault.Weight > 0).GroupBy(f => (f.Fault.Weight, f.Fault.Reason)).OrderByDescending(g => g.Key.Weight).Select(Problem)]);
    }

    static WebhookProblem Problem(IGrouping<(int, string), (string Topic, Fault Fault)> group)
    {
        var (fault, topics) = (group.First().Fault, group.Select(f => f.Topic).ToList());
        var failures = group.Max(f => f.Fault.Failures);
        return new(fault.Code, $"{Words(topics)}: {fault.Reason}{(failures > 0 ? $" ({failures} failed in a row)" : "")}.", fault.Mend, topics);
    }

    sealed record Fault(int Weight, string Code, string Reason, string Mend, int Failures = 0);

    static readonly Fault None = new(0, "", "", "");

    static readonly Fault NoWebhook = new(6, WebhookProblem.TopicMissing, "the shop has no webhook for it", $"{Screen}: add a webhook for each, like the others.");

    static Fault FaultOf(ShopWebhook webhook, IReadOnlyList<Uri> home, Func<string, IReadOnlyList<IPAddress>?> addresses, bool? hpos)
    {
        var refusal = DeliveryUrl.Refusal(webhook.DeliveryUrl, home, addresses);
        // What is not sent for another reason would be refused all the same: mend both at once.
        var besides = refusal is null ? "" : $"; and WordPress would send nothing to the delivery URL: {refusal}";
        if (webhook.Status == ShopWebhook.Disabled)
            return new(5, WebhookProblem.Disabled, webhook.FailureCount >= LastCount
                    ? $"WooCommerce has disabled the webhook after failed deliveries, and sends nothing of what happened since{besides}"
                    : $"the webhook is disabled{besides}",
                $"{Screen}: set it to Active once this sidecar answers from the shop's server. Until the first success a single failure disables it again.", webhook.FailureCount);
        if (webhook.Status != ShopWebhook.Active)
            return new(4, WebhookProblem.Disabled, $"the webhook was paused by hand{besides}", $"{Screen}: set it to Active.");
        if (refusal is not null)
            return new(3, WebhookProblem.UrlRefused, $"WordPress sends nothing to the delivery URL and says nothing: {refusal}{LetThrough(webhook)}",
                "Use a public name with port 80, 443 or 8080, or a path on the shop's own host; or let the address through in the shop with the filters "
                + "http_request_host_is_external and http_allowed_safe_ports.", webhook.FailureCount);
        if (webhook.ApiVersion < 1)
            return new(3, WebhookProblem.ApiVersion, "the webhook has the API version legacy_v3, of which nothing is ever sent", $"{Screen}: choose WP REST API Integration v3.");
        // With orders in posts version 1 works.
        if (webhook.ApiVersion == 1 && hpos != false)
            return new(3, WebhookProblem.ApiVersion, "the webhook has API version 1, which signs errors instead of orders where orders have tables of their own (HPOS)",
                $"{Screen}: choose WP REST API Integration v3.");
        if (webhook.FailureCount > 0)
            return new(1, WebhookProblem.Failing, "the last deliveries failed, and none is sent again" + (webhook.FailureCount >= LastCount ? "; one more failure disables the webhook" : ""),
                "Look at WooCommerce → Status → Logs (webhooks-delivery): the shop's server must reach this sidecar and be answered with 200, without a redirect.", webhook.FailureCount);
        return None;
    }

    /// <summary>A refusal counts as a failure, so a count of 0 may mean that the shop's own code lets the address through.</summary>
    static string LetThrough(ShopWebhook webhook) => webhook.FailureCount == 0 ? "; no failure is counted, so nothing was sent yet or the shop lets it through" : "";

    static string Words(IReadOnlyList<string> topics) => string.Join(", ", topics);
}
