using AffiliateSidecar.ReferenceData.Update;

namespace AffiliateSidecar.ReferenceData;

static class ReferenceDataFeature
{
    public static IServiceCollection AddReferenceData(this IServiceCollection services)
    {
        services.AddSingleton<ReferenceFolders>();
        services.AddSingleton<ReferenceFiles>();
        services.AddSingleton<AddressFacts>();
        services.AddSingleton<AdClickIds>();
        services.AddSingleton<DisposableDomains>();
        services.AddTransient<ReferenceUpdate>();
        services.AddHostedService<ReferenceReload>();
        return services;
    }
}
