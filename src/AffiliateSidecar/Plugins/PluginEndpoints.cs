using AffiliateSidecar.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Plugins;

static class PluginEndpoints
{
    /// <summary>
    /// Loads <c>plugins/Name/Name.dll</c>. It adds to the lists the other features have made, so it comes last; it happens here and not
    /// when the service starts, because the lists are fixed once the container is built.
    /// </summary>
    public static IServiceCollection AddPlugins(this IServiceCollection services, IConfiguration configuration)
    {
        var folder = configuration["Sidecar:Plugins:Folder"] ?? "plugins";
        var taken = services.Where(d => d.ServiceType == typeof(IFraudSignal) || d.ServiceType == typeof(ICommissionRule) || d.ServiceType == typeof(IPayoutFile)).Select(IdOf).OfType<string>();
        var plugins = PluginFolder.Load(folder, [.. taken]);
        services.AddSingleton(provider => new PluginHost(plugins, provider.GetRequiredService<ILogger<PluginHost>>()));
        services.AddHostedService(provider => provider.GetRequiredService<PluginHost>());
        foreach (var signal in plugins.SelectMany(p => p.Signals))
            services.AddSingleton<IFraudSignal>(provider => provider.GetRequiredService<PluginHost>().Use(signal));
        foreach (var rule in plugins.SelectMany(p => p.Rules))
            services.AddSingleton<ICommissionRule>(provider => provider.GetRequiredService<PluginHost>().Use(rule));
        foreach (var file in plugins.SelectMany(p => p.Files))
            services.AddSingleton<IPayoutFile>(provider => provider.GetRequiredService<PluginHost>().Use(file));
        services.AddSingleton(new PluginTemplates([.. plugins.SelectMany(p => p.TemplateFolders)]));
        return services;
    }

    public static IEndpointRouteBuilder MapPlugins(this IEndpointRouteBuilder api)
    {
        api.MapGroup("/plugins").WithTags("Plugins").MapGet("/", List).RequireScope(Scope.Admin);
        return api;
    }

    /// <summary>List the plugins, what each adds, and how it does.</summary>
    /// <remarks>A plugin that failed or was cut off changes nothing else: orders, clicks and reports go on without it.</remarks>
    internal static Ok<Page<PluginView>> List(PluginHost host) => TypedResults.Ok(new Page<PluginView>([.. host.Plugins.Select(PluginView.Of)], null));

    /// <summary>The id of a built-in part, which a plugin may not take.</summary>
    static string? IdOf(ServiceDescriptor descriptor)
    {
        var built = descriptor.ImplementationInstance
            ?? (descriptor.ImplementationType?.GetConstructor(Type.EmptyTypes) is { } make ? make.Invoke(null) : null);
        return (built as IFraudSignal)?.Id ?? (built as ICommissionRule)?.Id ?? (built as IPayoutFile)?.Id;
    }
}
