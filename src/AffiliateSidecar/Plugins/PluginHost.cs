namespace AffiliateSidecar.Plugins;

/// <summary>The plugins of this run; names them in the log.</summary>
sealed partial class PluginHost(IReadOnlyList<LoadedPlugin> plugins, ILogger<PluginHost> log) : IHostedService, IDisposable
{
    public IReadOnlyList<LoadedPlugin> Plugins => plugins;

    public GuardedSignal Use(GuardedSignal signal)
    {
        signal.Guard.Log = log;
        return signal;
    }

    public GuardedRule Use(GuardedRule rule)
    {
        rule.Guard.Log = log;
        return rule;
    }

    public GuardedPayoutFile Use(GuardedPayoutFile file)
    {
        file.Guard.Log = log;
        return file;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var plugin in plugins)
        {
            if (plugin.Error is not null)
                LogFailed(plugin.Name, plugin.Error);
            else
                LogLoaded(plugin.Name, plugin.Version, plugin.Signals.Count, plugin.Rules.Count, plugin.Files.Count, plugin.TemplateFolders.Count);
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var guard in plugins.SelectMany(p => p.Signals.Select(s => s.Guard).Concat(p.Rules.Select(r => r.Guard)).Concat(p.Files.Select(f => f.Guard))))
            guard.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Plugin {Plugin} {Version} adds {Signals} fraud signals, {Rules} commission rules, {Files} payout files, {Templates} template folders.")]
    partial void LogLoaded(string plugin, string? version, int signals, int rules, int files, int templates);

    [LoggerMessage(Level = LogLevel.Error, Message = "Plugin {Plugin} is left out: {Reason}")]
    partial void LogFailed(string plugin, string reason);
}
