using System.Text.RegularExpressions;

namespace AffiliateSidecar.Plugins;

/// <summary>Collects what one plugin adds. All of it is used, or none.</summary>
sealed partial class PluginRegistry(string plugin, string home, IReadOnlySet<string> taken) : IPluginRegistry
{
    // It runs inside the transaction that takes an order.
    static readonly TimeSpan RuleLimit = TimeSpan.FromSeconds(2);
    static readonly TimeSpan SignalLimit = TimeSpan.FromSeconds(10);
    static readonly TimeSpan FileLimit = TimeSpan.FromSeconds(30);

    readonly HashSet<string> ids = [];
    readonly List<GuardedSignal> signals = [];
    readonly List<GuardedRule> rules = [];
    readonly List<GuardedPayoutFile> files = [];
    readonly List<string> templates = [];
    bool closed;

    public void Add(IFraudSignal signal)
    {
        var id = Claim(signal?.Id);
        signals.Add(new GuardedSignal(signal!, id, signal!.Family ?? id, new Guard(plugin, id, SignalLimit)));
    }

    public void Add(ICommissionRule rule)
    {
        var id = Claim(rule?.Id);
        rules.Add(new GuardedRule(rule!, id, new Guard(plugin, id, RuleLimit)));
    }

    public void Add(IPayoutFile file)
    {
        var id = Claim(file?.Id);
        files.Add(new GuardedPayoutFile(file!, id, new Guard(plugin, id, FileLimit)));
    }

    public void AddTemplates(string folder)
    {
        RefuseLate();
        var path = Path.GetFullPath(Path.Combine(home, folder));
        if (!path.StartsWith(home + Path.DirectorySeparatorChar, StringComparison.Ordinal) || !Directory.Exists(path))
            throw new InvalidOperationException($"There is no folder '{folder}' in the plugin's own.");
        templates.Add(path);
    }

    public LoadedPlugin Close(string? version)
    {
        closed = true;
        return new(plugin, version, null, signals, rules, files, templates);
    }

    string Claim(string? id)
    {
        RefuseLate();
        if (id is null || !Kebab().IsMatch(id))
            throw new InvalidOperationException($"The id '{id}' is not kebab-case, as in 'weekend-orders'.");
        return taken.Contains(id) || !ids.Add(id) ? throw new InvalidOperationException($"The id '{id}' is taken.") : id;
    }

    void RefuseLate()
    {
        if (closed)
            throw new InvalidOperationException("A plugin adds its parts in Register, not later.");
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex Kebab();
}
