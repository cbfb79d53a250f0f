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
        services.AddProblems();
        services.AddApiKeys();
        services.AddValidation();
        services.AddSingleton<ShopDirectory>();
        services.AddDataProtection().SetApplicationName("affiliate-sidecar");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyFolder>();
        return services;
    }

    public static void UseHttp(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}

/// <summary>Encryption keys live beside the database, not in a home directory that a container forgets.</summary>
sealed class KeyFolder(DataFolder folder) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) =>
        options.XmlRepository = new FileSystemXmlRepository(Directory.CreateDirectory(folder.File("keys")), NullLoggerFactory.Instance);
}
