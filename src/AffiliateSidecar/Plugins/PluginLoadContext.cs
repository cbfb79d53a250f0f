using System.Reflection;
using System.Runtime.Loader;

namespace AffiliateSidecar.Plugins;

/// <summary>
/// A plugin's own world: its libraries in its versions. It shares the framework and the contract with the host and nothing else.
/// </summary>
sealed class PluginLoadContext(string name, string assembly) : AssemblyLoadContext(name, isCollectible: true)
{
    static readonly string Contract = typeof(ISidecarPlugin).Assembly.GetName().Name!;

    readonly AssemblyDependencyResolver resolver = new(assembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // A copy of the contract beside the plugin would be other types of the same names.
        if (assemblyName.Name == Contract)
            return null;
        if (resolver.ResolveAssemblyToPath(assemblyName) is { } path)
            return LoadFromAssemblyPath(path);
        // Null means: look among the host's. That is right for the framework only.
        return File.Exists(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
            ? throw new FileNotFoundException($"{assemblyName.Name}.dll is not beside the plugin; the host's own copy is not for plugins.")
            : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;
}
