using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>Takes signed deliveries: into the order book, or onto the disk while the database is away.</summary>
sealed partial class WebhookInbox(OrderIntake orders, ShopDirectory shops, WebhookSpool spool, ILogger<WebhookInbox> log)
{
    // The shop's whole queue (mails, subscriptions) waits for our answer, and gives up after 60 s.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.webhook_deliveries",
        description: "Signed deliveries of shops, by what became of them.");

    /// <summary>The delivery is safe when this returns.</summary>
    /// <exception cref="IOException">Neither the database nor the disk takes it.</exception>
    public async Task<WebhookAnswer> ReceiveAsync(WebhookDelivery delivery)
    {
        // Not cancelled by the caller: it never sends again, so what was read is stored.
        using var patience = new CancellationTokenSource(Patience);
        var answer = spool.Waiting > 0 ? Spool(delivery) : await StoreOrSpoolAsync(delivery, patience.Token);
        Deliveries.Add(1, new("shop", delivery.Shop), new("outcome", answer.Status));
        return answer;
    }

    async Task<WebhookAnswer> StoreOrSpoolAsync(WebhookDelivery delivery, CancellationToken cancel)
    {
        try
        {
            return await StoreAsync(delivery, cancel);
        }
#pragma warning disable CA1031 // whatever went wrong here, the delivery would be lost: the drain finds out if it goes wrong again
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSpooled(e, delivery.Shop);
            return Spool(delivery);
        }
    }

    WebhookAnswer Spool(WebhookDelivery delivery)
    {
        spool.Keep(delivery);
        return WebhookAnswer.Accepted;
    }

    public async Task<WebhookAnswer> StoreAsync(WebhookDelivery delivery, CancellationToken cancel)
    {
        OrderNews news;
        try
        {
            var shop = shops.Find(delivery.Shop) ?? throw new UselessPayloadException("The shop is not configured any more.");
            news = WebhookNews.Read(shop, delivery);
        }
        catch (UselessPayloadException e)
        {
            return Ignore(delivery, e.Message);
        }
        // The order book may take it although we no longer wait: the spool's copy is then a duplicate.
        var result = await orders.AcceptAsync(news with { Actor = "webhook" }, cancel).WaitAsync(cancel);
        return result.Status switch
        {
            IntakeStatus.Duplicate => WebhookAnswer.Duplicate,
            IntakeStatus.Stale => WebhookAnswer.Stale,
            IntakeStatus.Refused => Ignore(delivery, result.Reason ?? "The order was refused."),
            _ => WebhookAnswer.Accepted,
        };
    }

    WebhookAnswer Ignore(WebhookDelivery delivery, string reason)
    {
        if (delivery.Topic.StartsWith("order.", StringComparison.Ordinal))
            LogIgnored(delivery.Shop, reason);
        return WebhookAnswer.Ignored(reason);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An order's webhook of shop {Shop} was ignored: {Reason}")]
    partial void LogIgnored(string shop, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A webhook of shop {Shop} cannot be stored now; it is kept on the disk and tried again.")]
    partial void LogSpooled(Exception exception, string shop);
}
