using System.Runtime.CompilerServices;
using AffiliateSidecar.Plugins;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Every plugin could be loaded.</summary>
static class PluginCheckup
{
    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        foreach (var plugin in services.GetRequiredService<PluginHost>().Plugins)
            yield return plugin.Error is null
                ? Diagnosis.Well("plugins", $"{plugin.Name} {plugin.Version} is loaded.")
                : Diagnosis.Warning("plugins", $"{plugin.Name} is left out: {plugin.Error}", "Ask its author, or take its folder out of the plugin folder.");
    }
}
