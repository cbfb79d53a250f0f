using System.Net.Http.Headers;
using System.Text;
using AffiliateSidecar.Shops.WooCommerce;

namespace AffiliateSidecar.Shops.Demo;

/// <summary>One request that a real WooCommerce shop sent. A ping has no topic and no signature.</summary>
sealed record RecordedDelivery
{
    public required int Seq { get; init; }

    /// <summary>What was being done to the shop at that time.</summary>
    public required string Phase { get; init; }

    /// <summary><c>hpos</c>, or <c>legacy</c>: the same shop with orders in posts.</summary>
    public required string Shop { get; init; }
    public string? Topic { get; init; }
    public string? WebhookId { get; init; }
    public string? DeliveryId { get; init; }
    public string? Signature { get; init; }

    /// <summary>The raw text; WooCommerce writes ASCII only.</summary>
    public required string Body { get; init; }

    /// <summary>The same request once more, signed with another shop's secret where one is given.</summary>
    public HttpRequestMessage Request(string toShop, string? secret = null)
    {
        var body = Encoding.ASCII.GetBytes(Body);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/shops/{Uri.EscapeDataString(toShop)}/webhooks/woocommerce")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Topic is null ? "application/x-www-form-urlencoded" : "application/json");
        if (Topic is null)
            return request;
        request.Headers.Add("X-WC-Webhook-Topic", Topic);
        request.Headers.Add("X-WC-Webhook-ID", WebhookId);
        request.Headers.Add("X-WC-Webhook-Delivery-ID", DeliveryId);
        request.Headers.Add(WebhookSignature.Header, secret is null ? Signature : WebhookSignature.Sign(body, secret));
        return request;
    }
}
