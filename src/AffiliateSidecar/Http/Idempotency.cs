namespace AffiliateSidecar.Http;

/// <summary>Marks a POST that creates: it understands <c>Idempotency-Key</c>.</summary>
sealed record IdempotentEndpoint;

static class Idempotency
{
    public static TBuilder Idempotent<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new IdempotentEndpoint());
}
