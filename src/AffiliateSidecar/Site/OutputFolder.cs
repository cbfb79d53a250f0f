using System.Runtime.InteropServices;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// The folder of the built site. A build writes into a new folder beside it, which then takes its place in one step: a reader sees the
/// old site or the new one, and a build that fails leaves the old one as it was. The folder belongs to the generator: what the new build
/// did not write is gone, except names with a dot in front.
/// </summary>
sealed class OutputFolder : IDisposable
{
    /// <summary>Marks the folder as ours and says what it was built from.</summary>
    public const string RecordFile = ".site.json";

    readonly string staging;
    readonly List<string> changed = [];

    OutputFolder(string path, string staging)
    {
        Path = path;
        this.staging = staging;
    }

    public string Path { get; }

    /// <exception cref="PageException">The folder has files that no build wrote.</exception>
    public static OutputFolder Open(string folder)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (Directory.Exists(path) && !File.Exists(System.IO.Path.Combine(path, RecordFile)) && Directory.EnumerateFileSystemEntries(path).Any(e => !IsHidden(e)))
            throw new PageException($"{path} has files that 'site build' did not write, and would lose them. Choose an empty folder with --out.");
        try
        {
            return new OutputFolder(path, Staging(System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}.new-"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Directory.Exists(path))
        {
            // The folder is a volume in a place that is not ours: then the new one is made inside it.
            return new OutputFolder(path, Staging(path, ".new-"));
        }
    }

    static string Staging(string parent, string prefix)
    {
        Directory.CreateDirectory(parent);
        foreach (var left in Directory.EnumerateDirectories(parent, prefix + "*").Where(d => Directory.GetLastWriteTimeUtc(d) < DateTime.UtcNow.AddHours(-1)))
            Directory.Delete(left, recursive: true);
        return Directory.CreateDirectory(System.IO.Path.Combine(parent, prefix + Guid.NewGuid().ToString("N")[..8])).FullName;
    }

    /// <summary>True where the file is new or differs from the one that is there. An unchanged file keeps its time, so that caches keep it too.</summary>
    public bool Write(string file, byte[] content)
    {
        var target = System.IO.Path.Combine(staging, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, content);
        var old = new FileInfo(System.IO.Path.Combine(Path, file));
        if (old.Exists && old.Length == content.Length && File.ReadAllBytes(old.FullName).AsSpan().SequenceEqual(content))
        {
            File.SetLastWriteTimeUtc(target, old.LastWriteTimeUtc);
            return false;
        }
        if (file != RecordFile)
            changed.Add(file);
        return true;
    }

    /// <summary>Put the new site in the old one's place. Returns the files that are new, different or gone.</summary>
    public IReadOnlyList<string> Publish()
    {
        changed.AddRange(Files(Path).Except(Files(staging)));
        if (!Directory.Exists(Path))
            Directory.Move(staging, Path);
        else if (Directory.EnumerateDirectories(Path).Any(IsHidden) || !Exchange())
            MoveFiles();
        changed.Sort(StringComparer.Ordinal);
        return changed;
    }

    /// <summary>One system call on Linux. False where the system or the disk has none, or the folder is a mount point.</summary>
    bool Exchange()
    {
        foreach (var hidden in Directory.EnumerateFiles(Path).Where(f => IsHidden(f) && System.IO.Path.GetFileName(f) != RecordFile))
            File.Copy(hidden, System.IO.Path.Combine(staging, System.IO.Path.GetFileName(hidden)), overwrite: true);
        const int currentDirectory = -100, exchange = 2;
        return OperatingSystem.IsLinux() && renameat2(currentDirectory, staging, currentDirectory, Path, exchange) == 0;
    }

    /// <summary>Each file in one step, then what is gone.</summary>
    void MoveFiles()
    {
        string[] written = [.. Files(staging)];
        foreach (var file in Files(Path).Except(written).ToArray())
            File.Delete(System.IO.Path.Combine(Path, file));
        foreach (var file in written.Append(RecordFile))
        {
            var target = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Move(System.IO.Path.Combine(staging, file), target, overwrite: true);
        }
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length))
            if (!folder[Path.Length..].Contains("/.", StringComparison.Ordinal) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
    }

    /// <summary>Files of a site below a folder, as <c>en/terms/index.html</c>, without hidden ones.</summary>
    public static IEnumerable<string> Files(string folder) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !f.Split('/').Any(part => part.StartsWith('.'))).Order(StringComparer.Ordinal);

    static bool IsHidden(string path) => System.IO.Path.GetFileName(path).StartsWith('.');

    public void Dispose()
    {
        // After the exchange the old site is here.
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
    }

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int renameat2(int oldFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath, int newFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath, uint flags);
}
