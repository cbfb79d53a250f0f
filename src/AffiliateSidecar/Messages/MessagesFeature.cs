using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Broadcasts;
using AffiliateSidecar.Messages.Kits;

namespace AffiliateSidecar.Messages;

static class MessagesFeature
{
    public static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddSingleton<MailSettings>();
        services.AddSingleton<MailStops>();
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
        return services;
    }

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapMails();
        api.MapBroadcasts();
        api.MapKits();
        return api;
    }
}
