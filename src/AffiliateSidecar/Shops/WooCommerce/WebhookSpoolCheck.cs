using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>Whether deliveries wait on the disk: for the database, or for a person.</summary>
sealed class WebhookSpoolCheck(WebhookSpool spool) : IReadinessCheck
{
    public string Name => "webhook-spool";

    public Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel) => Task.FromResult((spool.Waiting, spool.Failed) switch
    {
        (0, 0) => (Condition.Ok, "No delivery is waiting."),
        (var waiting, 0) => (Condition.Degraded, $"{waiting} deliveries wait on the disk for the database."),
        (var waiting, var failed) => (Condition.Degraded, $"{waiting} deliveries wait on the disk for the database; {failed} failed and lie in spool/webhooks/failed."),
    });
}
