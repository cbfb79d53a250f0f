using System.Reflection;
using System.Runtime.CompilerServices;

namespace AffiliateSidecar.Plugins;

/// <summary>A plugin as it was found: what it adds, or why it adds nothing.</summary>
sealed record LoadedPlugin(string Name, string? Version, string? Error, IReadOnlyList<GuardedSignal> Signals, IReadOnlyList<GuardedRule> Rules,
    IReadOnlyList<GuardedPayoutFile> Files, IReadOnlyList<string> TemplateFolders)
{
    public static LoadedPlugin Failed(string name, string error) => new(name, null, error, [], [], [], []);
}

/// <summary>Reads the plugin folder. Whatever a plugin does while it is loaded, the next one is loaded too.</summary>
static class PluginFolder
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <param name="folder">Has one folder a plugin; need not exist.</param>
    /// <param name="taken">Ids of the built-in parts.</param>
    public static IReadOnlyList<LoadedPlugin> Load(string folder, HashSet<string> taken)
    {
        var plugins = new List<LoadedPlugin>();
        if (Directory.Exists(folder))
            foreach (var path in Directory.GetDirectories(Path.GetFullPath(folder)).Order(StringComparer.Ordinal))
            {
                var plugin = LoadOne(path, taken);
                taken.UnionWith([.. plugin.Signals.Select(s => s.Id), .. plugin.Rules.Select(r => r.Id), .. plugin.Files.Select(f => f.Id)]);
                plugins.Add(plugin);
            }
        return plugins;
    }

    static LoadedPlugin LoadOne(string folder, IReadOnlySet<string> taken)
    {
        var name = Path.GetFileName(folder);
        var assembly = Path.Combine(folder, name + ".dll");
        if (!File.Exists(assembly))
            return LoadedPlugin.Failed(name, $"There is no {name}.dll in its folder.");
        var registry = new PluginRegistry(name, folder, taken);
        // A constructor may hang as well as throw.
        using var guard = new Guard(name, "load", Limit);
        return guard.Call(() => Register(name, assembly, registry)) ?? LoadedPlugin.Failed(name, guard.Error!);
    }

    // Not inlined: nothing on the caller's stack keeps a failed plugin's context alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static LoadedPlugin Register(string name, string path, PluginRegistry registry)
    {
        var context = new PluginLoadContext(name, path);
        try
        {
            var assembly = context.LoadFromAssemblyPath(path);
            PluginIn(assembly).Register(registry);
            return registry.Close(assembly.GetName().Version?.ToString(3));
        }
        catch
        {
            context.Unload();
            throw;
        }
    }

    static ISidecarPlugin PluginIn(Assembly assembly)
    {
        var classes = assembly.GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(ISidecarPlugin))).ToList();
        return classes.Count switch
        {
            1 => (ISidecarPlugin)Activator.CreateInstance(classes[0])!,
            0 => throw new InvalidOperationException($"No public class in it implements {nameof(ISidecarPlugin)}."),
            _ => throw new InvalidOperationException($"More than one class in it implements {nameof(ISidecarPlugin)}: {string.Join(", ", classes.Select(c => c.Name))}."),
        };
    }
}
