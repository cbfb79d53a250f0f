using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.ReferenceData.Update;

/// <summary>What became of one set.</summary>
/// <param name="After">Null where the owner's own file was left as it is.</param>
sealed record UpdatedSet(string Name, ReferenceState Before, Manifest? After);

/// <summary>
/// Makes reference data out of packages: all are converted and examined before the first file is changed, and each file then takes the
/// place of the old one whole.
/// </summary>
sealed partial class ReferenceUpdate(ReferenceFiles files, TimeProvider clock)
{
    sealed record Staged(ReferenceFile Set, Manifest Manifest, byte[] Content, string Licence);

    readonly Dictionary<(string Package, string Version), DateOnly> published = [];

    /// <summary>Fetch the newest packages.</summary>
    /// <param name="target">Null for the owner's folder.</param>
    public Task<IReadOnlyList<UpdatedSet>> FromNpmAsync(Npm npm, string? target, CancellationToken cancel) => WithScratchAsync(async scratch =>
    {
        var fetched = Directory.CreateDirectory(Path.Combine(scratch, "fetched")).FullName;
        await npm.PackAsync(Recipe.All.Select(r => r.Package), fetched, cancel);
        var packages = Package.In(fetched, scratch);
        foreach (var package in packages)
            if (await npm.PublishedAsync(package.Name, package.Version, fetched, cancel) is { } date)
                published[(package.Name, package.Version)] = date;
        if (Recipe.All.FirstOrDefault(r => packages.All(p => p.Name != r.Package)) is { } missing)
            throw new PackageException($"`npm pack` brought no {missing.Package}.");
        return Store(Stage(packages), target);
    });

    /// <summary>Take what the folder has: packages, packed or not, databases in the format of MaxMind, and texts under the names of the sets' own files.</summary>
    public Task<IReadOnlyList<UpdatedSet>> FromFolderAsync(string folder, string? target) => WithScratchAsync(scratch =>
    {
        if (!Directory.Exists(folder))
            throw new PackageException($"There is no folder {folder}.");
        // Texts first: the newest list of hosters picks the addresses.
        var texts = Texts(folder).ToList();
        var operators = texts.Find(s => s.Set == files.HostingOperators) is { } own ? HostingOperators.Read(new MemoryStream(own.Content)) : null;
        var found = texts.Concat(Databases(folder, operators)).ToList();
        List<Staged> staged = [.. found, .. Stage(Package.In(folder, scratch), operators).Where(s => found.TrueForAll(f => f.Set != s.Set))];
        return staged.Count > 0 ? Task.FromResult<IReadOnlyList<UpdatedSet>>(Store(staged, target)) : throw new PackageException(
            $"{folder} has none of the packages {string.Join(", ", Recipe.All.Select(r => r.Package))}, no .mmdb, and none of the files {string.Join(", ", files.All.Select(f => f.File).Where(IsText))}.");
    });

    static bool IsText(string file) => file.EndsWith(".txt", StringComparison.Ordinal);

    static async Task<IReadOnlyList<UpdatedSet>> WithScratchAsync(Func<string, Task<IReadOnlyList<UpdatedSet>>> work)
    {
        var scratch = Directory.CreateTempSubdirectory("affiliate-sidecar-data-");
        try
        {
            return await work(scratch.FullName);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    List<Staged> Stage(IReadOnlyList<Package> packages, HostingOperators? operators = null)
    {
        var staged = new List<Staged>();
        foreach (var recipe in Recipe.All)
            if (packages.Where(p => p.Name == recipe.Package).OrderBy(p => p.Version, StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering)).LastOrDefault() is { } package)
            {
                var content = recipe.Convert(package, operators ?? files.HostingOperators.Value);
                staged.Add(Examine(Set(recipe.Name), content, package.Version, DateOf(package), recipe.Licence ?? package.Licence, $"npm {package.Name} {package.Version}", package.LicenceText()));
            }
        return staged;
    }

    IEnumerable<Staged> Databases(string folder, HostingOperators? operators)
    {
        var known = Directory.EnumerateFiles(folder, "*.mmdb").Select(f => (File: f, Of: Mmdb.Look(f))).Where(d => d.Of.Set is not null).GroupBy(d => d.Of.Set!);
        // Beside a package's description they are the package's.
        foreach (var databases in File.Exists(Path.Combine(folder, "package.json")) ? [] : known)
        {
            string[] names = [.. databases.Select(d => d.File).Order(StringComparer.Ordinal)];
            var built = databases.Min(d => d.Of.Built);
            var source = string.Join(", ", names.Select(Path.GetFileName));
            yield return Examine(Set(databases.Key), databases.Key == "countries" ? Countries.Of(names) : Hosting.Of(names, operators ?? files.HostingOperators.Value),
                $"{built:yyyyMMdd}", built, "its maker's", source, $"Made from {source}. Its maker's licence holds.");
        }
    }

    IEnumerable<Staged> Texts(string folder)
    {
        foreach (var set in files.All.Where(s => IsText(s.File) && File.Exists(Path.Combine(folder, s.File))))
        {
            var path = Path.Combine(folder, set.File);
            var date = DateOnly.FromDateTime(File.GetLastWriteTimeUtc(path));
            yield return Examine(set, File.ReadAllBytes(path), $"{date:yyyyMMdd}", date, "yours", path, $"Taken from {path}.");
        }
    }

    Staged Examine(ReferenceFile set, byte[] content, string version, DateOnly date, string licence, string source, string licenceText)
    {
        var (data, entries) = Parse(set, content, source);
        Probe.Check(data, set.Name, source, entries, set.State.Entries);
        if (set == files.Hosting)
            source += $"; operators by {files.HostingOperators.File} of {files.HostingOperators.State.Date:yyyy-MM-dd}";
        var name = content.Length > LongestPlain ? set.File + ReferenceFile.Compressed : set.File;
        var stored = content.Length > LongestPlain ? Compress(content) : content;
        return new(set, new(set.Name, name, version, date, licence, source, entries, Manifest.Hash(stored)), stored, licenceText);
    }

    static (object Data, int Entries) Parse(ReferenceFile set, byte[] content, string source)
    {
        try
        {
            return set.Parse(content);
        }
        catch (InvalidDataException e)
        {
            throw new PackageException($"{source} is damaged: {e.Message}");
        }
    }

    // A text that a person may want to read stays one.
    const int LongestPlain = 100_000;

    static byte[] Compress(byte[] content)
    {
        using var compressed = new MemoryStream();
        // The highest quality, 11, takes ten times as long for a twentieth less.
        using (var stream = new BrotliStream(compressed, new BrotliCompressionOptions { Quality = 9 }))
            stream.Write(content);
        return compressed.ToArray();
    }

    List<UpdatedSet> Store(List<Staged> staged, string? target)
    {
        var folder = Directory.CreateDirectory(target ?? files.Folders.Own).FullName;
        var done = new List<UpdatedSet>();
        var moves = new List<(string From, string To)>();
        foreach (var (set, manifest, content, licence) in staged)
        {
            // What the owner has written himself is never overwritten.
            var own = target is null && set.State is { Origin: Origin.Own, Manifest: null };
            done.Add(new(set.Name, set.State, own ? null : manifest));
            if (own)
                continue;
            Lay(Path.Combine(folder, manifest.File), content);
            Lay(Manifest.LicencePathOf(folder, set.Name), Encoding.UTF8.GetBytes(licence + "\n"));
            Lay(Manifest.PathOf(folder, set.Name), Encoding.UTF8.GetBytes(manifest.ToJson()));
        }
        foreach (var (from, to) in moves)
            File.Move(from, to, overwrite: true);
        foreach (var set in files.All)
            set.Refresh();
        return done;

        void Lay(string path, byte[] content)
        {
            var temporary = $"{path}.{Guid.NewGuid():N}.new";
            using (var stream = File.Create(temporary))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            moves.Add((temporary, path));
        }
    }

    ReferenceFile Set(string name) => files.All.First(f => f.Name == name);

    /// <summary>The day that some packages have in their version, else that of publication, else today.</summary>
    DateOnly DateOf(Package package) =>
        VersionDate().Match(package.Version) is { Success: true } match && DateOnly.TryParseExact(match.Groups[1].Value, "yyyyMMdd", out var date) ? date
        : published.TryGetValue((package.Name, package.Version), out var day) ? day
        : DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    [GeneratedRegex(@"\.(20\d{6})\d{0,2}$")]
    private static partial Regex VersionDate();
}
