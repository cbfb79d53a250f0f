using Microsoft.OpenApi;

namespace AffiliateSidecar.Http;

static class Document
{
    public static IServiceCollection AddDocument(this IServiceCollection services)
    {
        services.AddOpenApi("v1", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        return services;
    }

    public static WebApplication MapDocument(this WebApplication app)
    {
        app.MapOpenApi();
        return app;
    }
}
