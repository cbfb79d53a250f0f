using System.Collections.Concurrent;
using System.IO.Compression;
using System.IO.Hashing;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>
/// The folder of the built site. A build writes what is new into a folder beside it, which then takes its place in one step together with
/// what stayed as it was: a reader sees the old site or the new one, and a build that fails leaves the old one. Where nothing is new, nothing
/// is written. The folder belongs to the generator: what the new build did not write is gone, except names with a dot in front.
/// </summary>
sealed class OutputFolder : IDisposable
{
    /// <summary>Marks the folder as ours and says what it was built from.</summary>
    public const string RecordFile = ".site.json";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly string staging;
    readonly FileStream turn;
    readonly Dictionary<string, FileMark> before;
    readonly ConcurrentDictionary<string, FileMark> now = new(StringComparer.Ordinal);
    readonly ConcurrentBag<string> changed = [];
    readonly ConcurrentBag<string> moved = [];
    byte[]? record;

    OutputFolder(string path, string place, string prefix, FileStream turn)
    {
        Path = path;
        this.turn = turn;
        staging = Staging(place, prefix);
        before = FileMarks.Read(path);
    }

    public string Path { get; }

    /// <summary>Beside each text file its compressed twins, <c>.br</c> and <c>.gz</c>.</summary>
    public bool Compress { get; init; }

    /// <summary>Pages that say something else than before, are new or gone.</summary>
    public IReadOnlyList<string> Moved =>
        [.. moved.Concat(before.Where(b => b.Value.Content != default && b.Key.EndsWith(".html", StringComparison.Ordinal) && !now.ContainsKey(b.Key)).Select(b => b.Key)).Order(StringComparer.Ordinal)];

    /// <exception cref="PageException">The folder has files that no build wrote, or another build is at work.</exception>
    public static OutputFolder Open(string folder, bool compress)
    {
        var path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (Directory.Exists(path) && !File.Exists(System.IO.Path.Combine(path, RecordFile)) && Directory.EnumerateFileSystemEntries(path).Any(e => !IsHidden(e)))
            throw new PageException($"{path} has files that 'site build' did not write, and would lose them. Choose an empty folder with --out.");
        try
        {
            return Open(path, System.IO.Path.GetDirectoryName(path)!, $".{System.IO.Path.GetFileName(path)}", compress);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Directory.Exists(path))
        {
            // The folder is a volume in a place that is not ours: then the new one is made inside it.
            return Open(path, path, "", compress);
        }
    }

    static OutputFolder Open(string path, string place, string prefix, bool compress)
    {
        Directory.CreateDirectory(place);
        var turn = TakeTurn(System.IO.Path.Combine(place, $"{prefix}.lock"), path);
        try
        {
            return new(path, place, $"{prefix}.new-", turn) { Compress = compress };
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Two builds of one folder, in whatever processes, go one after the other.</summary>
    static FileStream TakeTurn(string file, string path)
    {
        for (var until = DateTime.UtcNow + Patience; ; Thread.Sleep(50))
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsTaken(e) && DateTime.UtcNow < until)
            {
            }
            catch (IOException e) when (IsTaken(e))
            {
                throw new PageException($"Another build of {path} has been at work for {Patience.TotalSeconds:0} seconds.");
            }
    }

    /// <summary>Somebody has the file open: what Linux, macOS and Windows call it. A disk that takes nothing is another matter.</summary>
    static bool IsTaken(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    static string Staging(string place, string prefix)
    {
        foreach (var left in Directory.EnumerateDirectories(place, prefix + "*"))
            Directory.Delete(left, recursive: true);
        return Directory.CreateDirectory(System.IO.Path.Combine(place, prefix + Guid.NewGuid().ToString("N")[..8])).FullName;
    }

    /// <summary>What the last build knew of a file; a day only where its page says the same as then.</summary>
    public DateOnly DayOf(string file, UInt128 content, DateOnly today) =>
        before.TryGetValue(file, out var mark) && mark.Content == content && mark.Day != default ? mark.Day : today;

    /// <summary>The folder has the site of these inputs, and every file is as that build left it. Then there is nothing to build.</summary>
    public static SiteRecord? Untouched(string folder, string inputs)
    {
        var path = System.IO.Path.GetFullPath(folder);
        if (SiteRecord.Read(path) is not { } record || record.Inputs != inputs)
            return null;
        var marks = FileMarks.Read(path);
        var files = new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Select(f => (Name: System.IO.Path.GetRelativePath(path, f.FullName).Replace('\\', '/'), Info: f))
            .Where(f => !IsHiddenName(f.Name)).ToList();
        return files.Count == marks.Count && files.TrueForAll(f => marks.TryGetValue(f.Name, out var mark) && f.Info.Length == mark.Size && f.Info.LastWriteTimeUtc.Ticks == mark.Written) ? record : null;
    }

    static bool IsHiddenName(string name) => name.StartsWith('.') || name.Contains("/.", StringComparison.Ordinal);

    /// <summary>When what a page that is written says last changed.</summary>
    public DateOnly DayOf(Page page) => now[page.File].Day;

    /// <summary>True where the file is new or differs from the one that is there; only then it is written. From any thread.</summary>
    public bool Write(string file, ReadOnlySpan<byte> bytes, UInt128 content = default, DateOnly day = default)
    {
        var hash = XxHash128.HashToUInt128(bytes);
        if (Compress && IsText(file))
            WriteTwins(file, hash, bytes.ToArray());
        if (content != default && (!before.TryGetValue(file, out var known) || known.Content != content))
            moved.Add(file);
        if (Unchanged(file, hash) is { } old)
        {
            now[file] = old with { Content = content, Day = day };
            return false;
        }
        var target = System.IO.Path.Combine(staging, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        using (var handle = File.OpenHandle(target, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(handle, bytes, 0);
            now[file] = new(hash, bytes.Length, File.GetLastWriteTimeUtc(handle).Ticks, content, day);
        }
        changed.Add(file);
        return true;
    }

    /// <summary>A file that is costly to make is not made again where its making would come out the same.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="from">Hash of all that it is made from.</param>
    /// <param name="make">Its bytes.</param>
    public void WriteOnce(string file, UInt128 from, Func<byte[]> make)
    {
        if (before.TryGetValue(file, out var mark) && mark.Content == from && IsThere(file, mark))
            now[file] = mark;
        else
            Write(file, make(), from);
    }

    static bool IsText(string file) => System.IO.Path.GetExtension(file) is ".html" or ".xml" or ".txt" or ".svg" or ".css" or ".js" or ".json";

    void WriteTwins(string file, UInt128 hash, byte[] bytes)
    {
        WriteOnce(file + ".br", hash, () => Packed(bytes, to => new BrotliStream(to, CompressionLevel.SmallestSize)));
        WriteOnce(file + ".gz", hash, () => Packed(bytes, to => new GZipStream(to, CompressionLevel.SmallestSize)));
    }

    static byte[] Packed(byte[] bytes, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (var stream = open(packed))
            stream.Write(bytes);
        return packed.ToArray();
    }

    public void WriteRecord(byte[] content) => record = content;

    FileMark? Unchanged(string file, UInt128 hash) => before.TryGetValue(file, out var mark) && mark.Hash == hash && IsThere(file, mark) ? mark : null;

    bool IsThere(string file, FileMark mark) =>
        new FileInfo(System.IO.Path.Combine(Path, file)) is { Exists: true } info && info.Length == mark.Size && info.LastWriteTimeUtc.Ticks == mark.Written;

    /// <summary>Put the new site in the old one's place. Returns the files that are new, different or gone.</summary>
    public IReadOnlyList<string> Publish()
    {
        var gone = Files(Path).Where(f => !now.ContainsKey(f)).ToList();
        string[] all = [.. changed.Concat(gone).Order(StringComparer.Ordinal)];
        if (all.Length == 0)
            RenewRecord();
        else if (!Directory.Exists(Path))
        {
            WriteHidden(staging);
            Directory.Move(staging, Path);
        }
        else if (Directory.EnumerateDirectories(Path).Any(IsHidden) || !Exchange())
            MoveFiles(gone);
        return all;
    }

    /// <summary>The pages are as they were; what they were built from may not be, and the content's days may have been unknown.</summary>
    void RenewRecord()
    {
        var file = System.IO.Path.Combine(Path, RecordFile);
        if (now.Any(m => !before.TryGetValue(m.Key, out var old) || old != m.Value) || !File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(record))
        {
            WriteHidden(staging);
            MoveHidden();
        }
    }

    void WriteHidden(string folder)
    {
        FileMarks.Write(System.IO.Path.Combine(folder, FileMarks.FileName), now);
        File.WriteAllBytes(System.IO.Path.Combine(folder, RecordFile), record!);
    }

    void MoveHidden()
    {
        foreach (var name in new[] { FileMarks.FileName, RecordFile })
            File.Move(System.IO.Path.Combine(staging, name), System.IO.Path.Combine(Path, name), overwrite: true);
    }

    /// <summary>What stayed as it was is linked into the new folder, which then changes places with the old one.</summary>
    bool Exchange()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var written = changed.ToHashSet(StringComparer.Ordinal);
        foreach (var kept in now.Keys.Where(f => !written.Contains(f)).Concat(Directory.EnumerateFiles(Path).Where(IsHidden).Select(f => System.IO.Path.GetFileName(f)!)
            .Where(f => f is not (RecordFile or FileMarks.FileName or ".lock"))))
        {
            var target = System.IO.Path.Combine(staging, kept);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            FileLinks.LinkOrCopy(System.IO.Path.Combine(Path, kept), target);
        }
        WriteHidden(staging);
        return FileLinks.Exchange(staging, Path);
    }

    /// <summary>Each file in one step, then what is gone.</summary>
    void MoveFiles(List<string> gone)
    {
        foreach (var file in gone)
            File.Delete(System.IO.Path.Combine(Path, file));
        foreach (var file in changed)
        {
            var target = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            File.Move(System.IO.Path.Combine(staging, file), target, overwrite: true);
        }
        WriteHidden(staging);
        MoveHidden();
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length))
            if (!folder[Path.Length..].Contains("/.", StringComparison.Ordinal) && !Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
    }

    /// <summary>Files of a site below a folder, as <c>en/terms/index.html</c>, without hidden ones.</summary>
    public static IEnumerable<string> Files(string folder) => !Directory.Exists(folder)
        ? []
        : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => !IsHiddenName(f)).Order(StringComparer.Ordinal);

    static bool IsHidden(string path) => System.IO.Path.GetFileName(path).StartsWith('.');

    public void Dispose()
    {
        // After the exchange the old site is here.
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
        turn.Dispose();
    }
}
