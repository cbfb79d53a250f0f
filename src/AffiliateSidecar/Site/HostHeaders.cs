namespace AffiliateSidecar.Site;

/// <summary>The site's file <c>_headers</c>, read as its host will read it, so that a page is shown here under the policy that it will have there.</summary>
sealed class HostHeaders(string folder)
{
    const string FileName = "_headers";

    (DateTime Written, IReadOnlyList<(string Path, string Name, string Value)> Lines) known;

    /// <param name="path">Below the site's own folder: <c>/en/terms/</c>.</param>
    public IEnumerable<(string Name, string Value)> For(string path) => Lines().Where(l => l.Path.EndsWith('*') ? path.StartsWith(l.Path[..^1], StringComparison.Ordinal) : path == l.Path)
        .Select(l => (l.Name, l.Value));

    IReadOnlyList<(string Path, string Name, string Value)> Lines()
    {
        var file = Path.Combine(folder, FileName);
        var written = File.GetLastWriteTimeUtc(file);
        if (known.Lines is null || known.Written != written)
            known = (written, File.Exists(file) && SiteRecord.Read(folder) is { } record ? [.. Read(File.ReadAllLines(file), new Uri(record.BaseUrl).AbsolutePath)] : []);
        return known.Lines;
    }

    /// <summary>A path, and below it fields that are set in; a later rule that fits wins.</summary>
    static IEnumerable<(string, string, string)> Read(IEnumerable<string> lines, string basePath)
    {
        var path = "";
        foreach (var line in lines.Where(l => l.Trim().Length > 0 && !l.StartsWith('#')))
            if (!char.IsWhiteSpace(line[0]))
                path = line.StartsWith(basePath, StringComparison.Ordinal) ? "/" + line[basePath.Length..].Trim() : line.Trim();
            else if (line.Split(':', 2) is [var name, var value])
                yield return (path, name.Trim(), value.Trim());
    }
}
