using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>One signed request of a shop. The signature covers the raw body, not the topic.</summary>
sealed record WebhookDelivery(string Shop, string Topic, byte[] Body);

/// <summary>A signed body that tells us nothing; the message is for the shop's owner and never quotes the body.</summary>
sealed class UselessPayloadException(string message) : Exception(message);

/// <summary>What a delivery says. A valid signature does not make it an order: WooCommerce also signs its own error messages.</summary>
static class WebhookNews
{
    /// <summary>The topics without which we would not hear of everything.</summary>
    public static readonly IReadOnlyList<string> Topics = ["order.created", "order.updated", "order.deleted", "order.restored"];

    /// <exception cref="UselessPayloadException">It says nothing about an order.</exception>
    public static OrderNews Read(ShopSettings shop, WebhookDelivery delivery)
    {
        switch (delivery.Topic)
        {
            // Which of the two comes first depends on the checkout, and both carry the order as it is now.
            case "order.created" or "order.updated":
                return new OrderStated(Order(shop, delivery.Body));
            case "order.restored":
                return new OrderStated(Order(shop, delivery.Body)) { Restored = true };
            case "order.deleted":
                return new OrderTrashed(shop.Name, Parse(delivery.Body, body => body.Id("id") ?? throw NotAnOrder(body)));
            default:
                // product.deleted may carry an order's id: a topic that is not an order's is not even read.
                throw new UselessPayloadException("This topic is not needed.");
        }
    }

    /// <summary>The order that a useless body may have been about; null where it does not say.</summary>
    public static string? OrderId(byte[] json)
    {
        try
        {
            // A refund has an id of its own.
            return Parse(json, body => body.TryGetProperty("refunded_by", out _) ? null : body.Id("id"));
        }
        catch (UselessPayloadException)
        {
            return null;
        }
    }

    static Order Order(ShopSettings shop, byte[] json) => Parse(json, body => body.Id("id") is { } id && body.Word("status") is not null
        ? OrderPayload.Read(shop, id, body)
        : throw NotAnOrder(body));

    static T Parse<T>(byte[] json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : throw NotAnOrder(document.RootElement);
        }
        // InvalidOperationException: half a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UselessPayloadException("The body cannot be read as JSON.");
        }
    }

    static UselessPayloadException NotAnOrder(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return new("The body is not an order.");
        if (body.Word("code") is { } code)
            return new($"The shop signed an error instead of an order: {code}.");
        if (body.TryGetProperty("refunded_by", out _))
            return new("The body is a refund, which does not say of which order.");
        return new(body.TryGetProperty("arg", out _) ? "The body is an action's argument, not an order." : "The body is not an order.");
    }
}
