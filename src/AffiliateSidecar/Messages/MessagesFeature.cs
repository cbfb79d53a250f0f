using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Broadcasts;
using AffiliateSidecar.Messages.Digest;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Messages.Wake;

namespace AffiliateSidecar.Messages;

static class MessagesFeature
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<MailSettings>();
        services.AddSingleton<MailStops>();
        services.AddSingleton<SignedText>();
        services.AddSingleton<LinkPage>();
        services.AddSingleton<UnsubscribeLink>();
        services.AddSingleton<UnsubscribePage>();
        services.AddSingleton<MailTexts>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<PartnerKits>();
        services.AddSingleton<BroadcastTexts>();
        services.AddSingleton<BroadcastMail>();
        services.AddSingleton<BroadcastRun>();
        services.AddSingleton<WebinarChanges>();
        services.AddSingleton<MailRun>();
        services.AddSingleton<IReadinessCheck, MailCheck>();
        services.AddHostedService<MailSender>();
        services.AddHostedService<BroadcastSender>();
        services.AddApplications();
        services.AddThreads();
        services.AddDigest();
        services.AddSingleton<WakeSettings>();
        services.AddSingleton<WakeRun>();
        services.AddHostedService<WakeNights>();
        return services;
    }

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapMails();
        api.MapBroadcasts();
        api.MapKits();
        api.MapApplications();
        api.MapThreads();
        api.MapDigest();
        return api;
    }
}
