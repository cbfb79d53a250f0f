using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Shops.WooCommerce.Health;

namespace AffiliateSidecar.Shops;

static class ShopEndpoints
{
    public static IServiceCollection AddShops(this IServiceCollection services)
    {
        services.AddSingleton<WebhookSpool>();
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<IReadinessCheck, WebhookSpoolCheck>();
        services.AddHostedService<WebhookSpoolDrain>();
        services.AddSingleton<DeliveryLog>();
        services.AddHostedService(s => s.GetRequiredService<DeliveryLog>());
        services.AddHostedService<Heartbeat>();
        services.AddSingleton(new HostNames());
        services.AddSingleton<WebhookHealth>();
        services.AddSingleton<IReadinessCheck, ShopWebhookCheck>();
        services.AddSingleton<DriftWitness>();
        return services;
    }

    public static IEndpointRouteBuilder MapShops(this IEndpointRouteBuilder api)
    {
        var shops = api.MapGroup("/shops/{shop}").WithTags("Shops");
        // A shop sends its deliveries in bursts and never twice: one that is told to come back later is lost.
        shops.MapPost("/webhooks/woocommerce", WebhookEndpoint.Receive).DisableRateLimiting()
            .AddOpenApiOperationTransformer(WebhookDocument.Describe);
        return api;
    }
}
