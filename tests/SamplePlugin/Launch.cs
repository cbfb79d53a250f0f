using AffiliateSidecar;

namespace SamplePlugin;

/// <summary>A launch: one product with a bonus and a page that tells of it, a list for paying by hand, and an eye on partners whose visitors never sleep.</summary>
public sealed class Launch : ISidecarPlugin
{
    public void Register(IPluginRegistry registry)
    {
        registry.Add(new NeverAsleep());
        registry.Add(new LaunchBonus());
        registry.Add(new LaunchList());
        registry.AddTemplates("templates");
    }
}
