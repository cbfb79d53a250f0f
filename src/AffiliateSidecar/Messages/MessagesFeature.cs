using AffiliateSidecar.Http;

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
        services.AddSingleton<MailRun>();
        services.AddSingleton<IReadinessCheck, MailCheck>();
        services.AddHostedService<MailSender>();
        return services;
    }

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapMails();
        return api;
    }
}
