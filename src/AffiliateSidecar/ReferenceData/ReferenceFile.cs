using System.Collections.Concurrent;
using System.IO.Compression;

namespace AffiliateSidecar.ReferenceData;

/// <summary>Where the data in use come from.</summary>
enum Origin { Own, Shipped, BuiltIn, Missing }

static class Origins
{
    public static string Word(ReferenceState state) => state.Origin switch
    {
        Origin.Own when state.Manifest is null => "your own file",
        Origin.Own => "from the data folder",
        Origin.Shipped => "came with the program",
        Origin.BuiltIn => "built into the program",
        _ => "missing",
    };
}

/// <param name="Path">The file in use.</param>
/// <param name="Manifest">What the file says of itself; null where it has no manifest, or was changed by hand since.</param>
/// <param name="Date">Of the manifest, else of the file.</param>
/// <param name="Problem">One sentence about a file that was passed over.</param>
sealed record ReferenceState(Origin Origin, string? Path, Manifest? Manifest, DateOnly? Date, int Entries, string? Problem);

/// <summary>One set of reference data.</summary>
/// <param name="name">As it is called in commands.</param>
/// <param name="file">Its file, which may also be there compressed, with <c>.br</c> behind the name.</param>
/// <param name="about">What it tells.</param>
/// <param name="isFetched">Whether <c>data update</c> brings newer ones; the others come with the program.</param>
abstract class ReferenceFile(string name, string file, string about, bool isFetched)
{
    public const string Compressed = ".br";

    public string Name => name;

    public string File => file;

    public string About => about;

    public bool IsFetched => isFetched;

    public abstract ReferenceState State { get; }

    /// <summary>Read the files again where they have changed.</summary>
    public abstract void Refresh();

    /// <summary>What a file with this content would be.</summary>
    /// <exception cref="InvalidDataException">It would be damaged.</exception>
    public abstract (object Data, int Entries) Parse(byte[] content);

    public static Stream Open(byte[] content, string path)
    {
        var stream = new MemoryStream(content, writable: false);
        return path.EndsWith(Compressed, StringComparison.Ordinal) ? new BrotliStream(stream, CompressionMode.Decompress) : stream;
    }
}

/// <summary>
/// The first file that can be read, of the owner's, the shipped one and the one inside the program; nothing where there is none.
/// A file that is damaged is passed over and named in the log, once; while the service runs it leaves in use what was read before.
/// </summary>
/// <param name="read">Throws <see cref="InvalidDataException"/> where the content is not what it must be.</param>
sealed partial class ReferenceFile<T>(ReferenceFolders folders, string name, string file, string about, bool isFetched,
    Func<Stream, T> read, Func<T, int> count, T nothing, ILogger log) : ReferenceFile(name, file, about, isFetched) where T : class
{
    sealed record Loaded(T Value, ReferenceState State, string Stamp);

    // Shipped files stay as they are, and tests start hundreds of services in one process.
    static readonly ConcurrentDictionary<(string Path, string Stamp), (T, Manifest?)> Shipped = new();

    readonly Lock reading = new();
    volatile Loaded? loaded;

    public T Value => (loaded ?? Read()).Value;

    public override ReferenceState State => (loaded ?? Read()).State;

    public override void Refresh()
    {
        if (loaded?.Stamp != Stamp())
            Read();
    }

    Loaded Read()
    {
        lock (reading)
        {
            var stamp = Stamp();
            if (loaded is { } same && same.Stamp == stamp)
                return same;
            var (found, problem) = Find(stamp);
            if (problem is not null && problem != loaded?.State.Problem)
                Log.PassedOver(log, problem);
            if (found.State.Origin == Origin.Missing)
                Log.Missing(log, Name);
            // Better yesterday's data than none, or than those of the day on which the program was made.
            if (problem is not null && loaded is { State.Origin: not Origin.Missing } before && before.State.Origin <= found.State.Origin)
                found = before with { State = before.State with { Problem = problem }, Stamp = stamp };
            return loaded = found;
        }
    }

    (Loaded Found, string? Problem) Find(string stamp)
    {
        string? problem = null;
        foreach (var (folder, origin) in Layers())
            foreach (var path in Paths(folder).Where(System.IO.File.Exists))
                try
                {
                    return (Load(folder, path, origin, stamp) is var found && problem is null ? found : found with { State = found.State with { Problem = problem } }, problem);
                }
                catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or UnauthorizedAccessException)
                {
                    problem ??= $"{path} is left out: {e.Message}";
                }
        if (BuiltIn() is { } stream)
            using (stream)
            {
                var value = read(stream);
                return (new(value, new(Origin.BuiltIn, null, null, null, count(value), problem), stamp), problem);
            }
        return (new(nothing, new(Origin.Missing, null, null, null, 0, problem), stamp), problem);
    }

    Loaded Load(string folder, string path, Origin origin, string stamp)
    {
        if (origin == Origin.Shipped)
        {
            var (shipped, of) = Shipped.GetOrAdd((path, stamp), key => Parse(folder, key.Path));
            return Of(shipped, of, path, origin, stamp);
        }
        var (value, manifest) = Parse(folder, path);
        return Of(value, manifest, path, origin, stamp);
    }

    Loaded Of(T value, Manifest? manifest, string path, Origin origin, string stamp) => new(value, new(origin, path, manifest,
        manifest?.Date ?? DateOnly.FromDateTime(System.IO.File.GetLastWriteTimeUtc(path)), count(value), null), stamp);

    (T Value, Manifest? Manifest) Parse(string folder, string path)
    {
        var content = System.IO.File.ReadAllBytes(path);
        var manifest = Manifest.Read(folder, Name);
        if (manifest?.File != Path.GetFileName(path))
            manifest = null;
        if (manifest is not null && manifest.Sha256 != Manifest.Hash(content))
            // A text may be edited in place. Nobody does so with the others.
            manifest = path.EndsWith(".txt", StringComparison.Ordinal) ? null : throw new InvalidDataException("it is not the file that its manifest tells of.");
        using var stream = Open(content, path);
        var value = read(stream);
        return count(value) > 0 ? (value, manifest) : throw new InvalidDataException("it is empty.");
    }

    public override (object Data, int Entries) Parse(byte[] content)
    {
        var value = read(new MemoryStream(content, writable: false));
        return (value, count(value));
    }

    Stream? BuiltIn() => typeof(ReferenceFile).Assembly.GetManifestResourceStream($"{ReferenceFolders.Name}/{File}");

    IEnumerable<(string Folder, Origin Origin)> Layers() => [(folders.Own, Origin.Own), (folders.Shipped, Origin.Shipped)];

    IEnumerable<string> Paths(string folder) => [Path.Combine(folder, File), Path.Combine(folder, File + Compressed)];

    /// <summary>Changes when any of the files does.</summary>
    string Stamp() => string.Join('|', Layers().SelectMany(l => Paths(l.Folder).Append(Manifest.PathOf(l.Folder, Name))).Select(StampOf));

    static string StampOf(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? $"{info.Length}@{info.LastWriteTimeUtc.Ticks}" : "";
    }

    static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
        public static partial void PassedOver(ILogger log, string problem);

        [LoggerMessage(Level = LogLevel.Warning, Message = "There are no reference data '{Name}': the service does without them.")]
        public static partial void Missing(ILogger log, string name);
    }
}
