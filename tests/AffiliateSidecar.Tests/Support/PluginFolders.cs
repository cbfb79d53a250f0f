namespace AffiliateSidecar.Support;

/// <summary>A plugin folder with what the test drops into it.</summary>
public sealed class PluginFolders : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("sidecar-plugins-").FullName;

    public Dictionary<string, string?> Settings => new() { ["Sidecar:Plugins:Folder"] = folder };

    /// <summary>The sample plugin, as its build left it.</summary>
    public PluginFolders WithSample()
    {
        Copy(BuiltFolder("SamplePlugin"), Path.Combine(folder, "SamplePlugin"));
        return this;
    }

    /// <summary>A plugin of that name which misbehaves in that way.</summary>
    public PluginFolders WithBroken(string name, string behaviour)
    {
        var home = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        File.Copy(Path.Combine(BuiltFolder("BrokenPlugin"), "BrokenPlugin.dll"), Path.Combine(home, name + ".dll"));
        File.WriteAllText(Path.Combine(home, "behaviour"), behaviour);
        return this;
    }

    public PluginFolders WithFile(string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Where a plugin project of this repository was built to, in the configuration of this run.</summary>
    public static string BuiltFolder(string project) => AppContext.BaseDirectory.Replace("AffiliateSidecar.Tests", project, StringComparison.Ordinal);

    static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var inner in Directory.GetDirectories(from))
            Copy(inner, Path.Combine(to, Path.GetFileName(inner)));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
