using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AffiliateSidecar.Http;

/// <summary>
/// <c>/metrics</c> in Prometheus' text. Folders add instruments to <see cref="Meter"/>:
/// <c>static readonly Counter&lt;long&gt; Clicks = Telemetry.Meter.CreateCounter&lt;long&gt;("affiliate_sidecar.clicks")</c>.
/// </summary>
static class Telemetry
{
    public static Meter Meter { get; } = new("AffiliateSidecar");

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("affiliate-sidecar")).WithMetrics(metrics => metrics
            .AddMeter(Meter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            // A counter up and a counter down a request are the two that a hot path cannot opt out of.
            .AddView("http.server.active_requests", MetricStreamConfiguration.Drop)
            .AddRuntimeInstrumentation()
            .AddPrometheusExporter());
        return services;
    }

    public static IEndpointRouteBuilder MapTelemetry(this IEndpointRouteBuilder app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics").DisableHttpMetrics();
        return app;
    }
}
