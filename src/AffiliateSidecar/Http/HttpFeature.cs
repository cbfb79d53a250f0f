using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AffiliateSidecar.Http;

/// <summary>The conventions of the API: JSON, problems, keys, limits, the document.</summary>
static class HttpFeature
{
    public static IServiceCollection AddHttp(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1_048_576;
        });
        // A line a request would cost a redirect more than the redirect; Logging:LogLevel brings it back where wanted.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // It warns that the key folder is not encrypted. Only its owner can read it, see below.
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
        services.AddProblems();
        services.AddApiKeys();
        services.AddValidation();
        services.AddRateLimits();
        services.AddIdempotency();
        services.AddHealth();
        services.AddDocument();
        services.AddSingleton<ShopDirectory>();
        services.AddDataProtection().SetApplicationName("affiliate-sidecar");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyFolder>();
        return services;
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseTrustedProxies(app.Configuration);
        app.UseRouting();
        app.UseWhen(http => http.GetEndpoint()?.Metadata.GetMetadata<HotPathEndpoint>() is null, road =>
        {
            road.UseSecurityHeaders();
            road.UseDocumentPage();
            road.UseAuthentication();
            road.UseRateLimits();
            road.UseAuthorization();
            road.UseMiddleware<IdempotencyMiddleware>();
            road.UseSnakeCaseQuery();
        });
        // The host adds these two to every request where it does not see them; it does not look into the road above.
        IApplicationBuilder host = app;
        host.Properties["__AuthenticationMiddlewareSet"] = true;
        host.Properties["__AuthorizationMiddlewareSet"] = true;
    }

    /// <summary>What is not under <c>/v1</c>: health, metrics, the document and its page.</summary>
    public static IEndpointRouteBuilder MapHttp(this WebApplication app)
    {
        app.MapHealth();
        app.MapTelemetry();
        app.MapOpenApi();
        return app;
    }
}

/// <summary>Encryption keys live beside the database, not in a home directory that a container forgets.</summary>
sealed class KeyFolder(DataFolder folder) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options)
    {
        var keys = folder.File("keys");
        var directory = OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(keys)
            : Directory.CreateDirectory(keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        options.XmlRepository = new FileSystemXmlRepository(directory, NullLoggerFactory.Instance);
    }
}
