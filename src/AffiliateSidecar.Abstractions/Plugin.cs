namespace AffiliateSidecar;

/// <summary>
/// A plugin: one public class with a parameterless constructor in <c>plugins/Name/Name.dll</c>.
/// What it is not handed it cannot rely on, so the host stays free to change.
/// </summary>
public interface ISidecarPlugin
{
    /// <summary>Called once at start. Throwing here leaves the plugin out and names it in the log and in <c>GET /v1/plugins</c>.</summary>
    void Register(IPluginRegistry registry);
}

/// <summary>The extension points.</summary>
public interface IPluginRegistry
{
    void Add(IFraudSignal signal);

    void Add(ICommissionRule rule);

    void Add(IPayoutFile file);

    /// <summary>A folder of templates, relative to the plugin's own; its files come before the shipped ones of the same name.</summary>
    void AddTemplates(string folder);
}
