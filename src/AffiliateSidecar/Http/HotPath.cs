namespace AffiliateSidecar.Http;

/// <summary>
/// Marks an endpoint that must stay as fast as the bare server: <c>MapGet("/r/{code}", …).HotPath()</c>. It gets routing and problems for
/// its exceptions and error statuses; it does without authentication, rate limits, idempotency, security headers and request metrics,
/// so it must not need a caller and sets the headers it wants itself.
/// </summary>
sealed record HotPathEndpoint;

static class HotPaths
{
    public static TBuilder HotPath<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new HotPathEndpoint()).DisableHttpMetrics();
}
