using System.ComponentModel;
using System.Text.Json.Serialization;
using AffiliateSidecar.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What became of a delivery.</summary>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, <c>stale</c> (older than what is known) or <c>ignored</c>.</param>
/// <param name="Reason">Why it was ignored.</param>
/// <example>{"status":"ignored","reason":"This topic is not needed."}</example>
public sealed record WebhookAnswer(string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null)
{
    internal static readonly WebhookAnswer Accepted = new("accepted"), Duplicate = new("duplicate"), Stale = new("stale");

    internal static WebhookAnswer Ignored(string reason) => new("ignored", reason);
}

static class WebhookEndpoint
{
    /// <summary>Receive one of WooCommerce's webhooks.</summary>
    /// <remarks>
    /// Set it up in the shop under WooCommerce, Settings, Advanced, Webhooks, with the topics "Order created", "Order updated",
    /// "Order deleted" and "Order restored"; other topics are ignored. Every delivery that is signed with the shop's secret is answered with exactly 200,
    /// also one that is of no use: WooCommerce never sends again and disables a webhook after seven failures.
    /// The unsigned ping that WooCommerce sends when a webhook is saved is answered with 200.
    /// </remarks>
    /// <param name="shop">The shop's name in the configuration.</param>
    /// <response code="200">Received. An accepted delivery is stored durably.</response>
    /// <response code="401">The signature is missing, or was not made with this shop's secret.</response>
    /// <response code="404">No shop has this name.</response>
    /// <response code="413">The body is larger than 1 MiB.</response>
    /// <response code="503">The shop has no webhook secret configured, or the delivery cannot be stored anywhere.</response>
    internal static async Task<Results<Ok<WebhookAnswer>, ProblemHttpResult>> Receive(string shop,
        [FromHeader(Name = WebhookSignature.Header), Description("base64(HMAC-SHA256(raw body, the webhook's secret)), as WooCommerce makes it.")] string? signature,
        [FromHeader(Name = "X-WC-Webhook-Topic"), Description("What happened, such as `order.updated`.")] string? topic,
        HttpRequest request, ShopDirectory shops, WebhookInbox inbox, CancellationToken cancel)
    {
        if (shops.Find(shop) is not { } settings)
            return Problems.NotFound("No shop has this name. Shops are configured under Sidecar:Shops.");
        var body = await ReadAsync(request, cancel);
        if (string.IsNullOrEmpty(signature) && IsPing(request, body))
            return TypedResults.Ok(WebhookAnswer.Ignored("A ping: the address is right."));
        if (string.IsNullOrEmpty(settings.WebhookSecret))
            return TypedResults.Problem($"Set the webhook's secret as Sidecar:Shops:{settings.Name}:WebhookSecret.", statusCode: 503);
        if (!WebhookSignature.IsValid(signature, body, settings.WebhookSecret))
        {
            inbox.CountUnsigned(settings.Name);
            return TypedResults.Problem(string.IsNullOrEmpty(signature)
                ? $"The header {WebhookSignature.Header} is missing."
                : "The signature was not made with this shop's webhook secret over this body.", statusCode: 401);
        }
        try
        {
            return TypedResults.Ok(await inbox.ReceiveAsync(new WebhookDelivery(settings.Name, topic ?? "", body)));
        }
        catch (IOException)
        {
            return TypedResults.Problem("Neither the database nor the disk can take the delivery.", statusCode: 503);
        }
    }

    /// <summary>The signature is over the raw bytes.</summary>
    static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        return body.ToArray();
    }

    static bool IsPing(HttpRequest request, ReadOnlySpan<byte> body) =>
        request.HasFormContentType && body.StartsWith("webhook_id="u8) && !body["webhook_id=".Length..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
