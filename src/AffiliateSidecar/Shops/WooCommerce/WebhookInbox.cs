using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>Takes signed deliveries: into the order book, or onto the disk while the database is away.</summary>
sealed partial class WebhookInbox(OrderIntake orders, ShopDirectory shops, WebhookSpool spool, DeliveryLog deliveries, DeliveryReads reads,
    ILogger<WebhookInbox> log)
{
    // The shop's whole queue (mails, subscriptions) waits for our answer, and gives up after 60 s.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    static readonly Counter<long> Deliveries = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.webhook_deliveries",
        description: "Deliveries of shops, by what became of them.");

    /// <summary>Counted, not logged: anybody can send them, and as many as they like.</summary>
    public void CountUnsigned(string shop)
    {
        Count(shop, "unsigned");
        deliveries.WrongSignature(shop);
    }

    /// <summary>The delivery is safe when this returns.</summary>
    /// <exception cref="IOException">Neither the database nor the disk takes it.</exception>
    public async Task<WebhookAnswer> ReceiveAsync(WebhookDelivery delivery)
    {
        // Not cancelled by the caller: it never sends again, so what was read is stored.
        using var patience = new CancellationTokenSource(Patience);
        var (news, useless) = Read(delivery);
        var answer = news is null ? await IgnoreAsync(delivery, useless)
            : spool.Waiting > 0 ? Spool(delivery)
            : await StoreOrSpoolAsync(delivery, news, patience.Token);
        if (news is not null)
            deliveries.Arrived(delivery.Shop);
        Count(delivery.Shop, answer.Status);
        return answer;
    }

    /// <summary>Store what the spool kept.</summary>
    public async Task StoreAsync(WebhookDelivery delivery, CancellationToken cancel)
    {
        if (Read(delivery).News is { } news)
            await StoreAsync(delivery, news, cancel);
    }

    (OrderNews? News, string Useless) Read(WebhookDelivery delivery)
    {
        try
        {
            var shop = shops.Find(delivery.Shop) ?? throw new UselessPayloadException("The shop is not configured any more.");
            return (WebhookNews.Read(shop, delivery) with { Actor = "webhook" }, "");
        }
        catch (UselessPayloadException e)
        {
            return (null, e.Message);
        }
    }

    async Task<WebhookAnswer> StoreOrSpoolAsync(WebhookDelivery delivery, OrderNews news, CancellationToken cancel)
    {
        try
        {
            return await StoreAsync(delivery, news, cancel);
        }
#pragma warning disable CA1031 // whatever went wrong here, the delivery would be lost: the drain finds out if it goes wrong again
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSpooled(e, delivery.Shop);
            return Spool(delivery);
        }
    }

    async Task<WebhookAnswer> StoreAsync(WebhookDelivery delivery, OrderNews news, CancellationToken cancel)
    {
        // The order book may take it although we no longer wait: the spool's copy is then a duplicate.
        var result = await orders.AcceptAsync(news, cancel).WaitAsync(cancel);
        if (shops.Find(delivery.Shop) is { } shop)
            reads.Ask(shop, news.ExternalId);
        return result.Status switch
        {
            IntakeStatus.Duplicate => WebhookAnswer.Duplicate,
            IntakeStatus.Stale => WebhookAnswer.Stale,
            IntakeStatus.Refused => await IgnoreAsync(delivery, result.Reason ?? "The order was refused."),
            _ => WebhookAnswer.Accepted,
        };
    }

    WebhookAnswer Spool(WebhookDelivery delivery)
    {
        try
        {
            spool.Keep(delivery);
            return WebhookAnswer.Accepted;
        }
        catch (IOException e)
        {
            LogLost(e, delivery.Shop);
            Count(delivery.Shop, "lost");
            throw;
        }
    }

    async Task<WebhookAnswer> IgnoreAsync(WebhookDelivery delivery, string reason)
    {
        if (WebhookNews.Topics.Contains(delivery.Topic))
        {
            LogIgnored(delivery.Shop, reason);
            await deliveries.RefusedAsync(delivery.Shop, WebhookNews.OrderId(delivery.Body), reason);
        }
        return WebhookAnswer.Ignored(reason);
    }

    static void Count(string shop, string outcome) => Deliveries.Add(1, new("shop", shop), new("outcome", outcome));

    [LoggerMessage(Level = LogLevel.Warning, Message = "An order's webhook of shop {Shop} was ignored: {Reason}")]
    partial void LogIgnored(string shop, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A webhook of shop {Shop} cannot be stored now; it is kept on the disk and tried again.")]
    partial void LogSpooled(Exception exception, string shop);

    [LoggerMessage(Level = LogLevel.Critical, Message = "A webhook of shop {Shop} is lost: neither the database nor the disk takes it, and the shop does not send again.")]
    partial void LogLost(Exception exception, string shop);
}
