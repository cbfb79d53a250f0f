namespace AffiliateSidecar.Http;

/// <summary>
/// Nothing is sniffed anywhere. What needs a key is data: not cached, never rendered, never framed. A handler that serves a page sets its own
/// policy over this one.
/// </summary>
static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (http.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>() is not null)
        {
            headers.CacheControl = "no-store";
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        }
        return next(http);
    });
}
