using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Digest;

namespace AffiliateSidecar.Site.Presence;

/// <summary>The monitor: looks every night at the program as the world sees it.</summary>
static class PresenceFeature
{
    public static IServiceCollection AddPresence(this IServiceCollection services)
    {
        services.AddSingleton<GoogleQuota>();
        services.AddSingleton(provider => new GoogleInspection(provider.GetRequiredService<GoogleQuota>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PresenceMonitor>();
        services.AddSingleton<IReadinessCheck, PresenceReadiness>();
        services.AddSingleton<IDecisionSource, PresenceDecisions>();
        services.AddHostedService<PresenceNights>();
        return services;
    }
}
