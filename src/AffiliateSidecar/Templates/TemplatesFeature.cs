using AffiliateSidecar.Http;

namespace AffiliateSidecar.Templates;

static class TemplatesFeature
{
    public static IServiceCollection AddTemplates(this IServiceCollection services) =>
        services.AddSingleton(provider => TemplateFiles.Standard(provider.GetService<PluginTemplates>()?.Folders ?? []));
}
