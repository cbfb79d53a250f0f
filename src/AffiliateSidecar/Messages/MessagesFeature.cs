using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Threads;

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
        services.AddSingleton<MailRun>();
        services.AddSingleton<IReadinessCheck, MailCheck>();
        services.AddHostedService<MailSender>();
        services.AddApplications();
        services.AddThreads();
        return services;
    }

    public static IEndpointRouteBuilder MapMessages(this IEndpointRouteBuilder api)
    {
        api.MapMails();
        api.MapApplications();
        api.MapThreads();
        return api;
    }
}
