using System.Collections.Concurrent;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;

namespace AffiliateSidecar.Templates;

/// <summary>
/// Templates in an ordered list of folders: a file hides those of the same name in later folders. First the plugins' folders, then the owner's
/// <c>site/</c>, then <c>templates/</c> of the current directory, then those shipped with the program.
/// </summary>
sealed class TemplateFiles(params IEnumerable<string> folders) : ITemplateLoader
{
    readonly string[] folders = [.. folders];
    readonly ConcurrentDictionary<string, (DateTime Written, Template Template)> parsed = new(StringComparer.Ordinal);
    Spoken? spoken;

    /// <param name="first">The plugins' folders.</param>
    public static TemplateFiles Standard(params IEnumerable<string> first) =>
        new([.. first, .. new[] { Path.GetFullPath("site"), Path.GetFullPath("templates"), Path.Combine(AppContext.BaseDirectory, "templates") }.Distinct()]);

    /// <summary>Names such as <c>pages/home.html</c>, in alphabetical order whatever the disk says.</summary>
    public IReadOnlyList<string> In(string directory, string extension) =>
        [.. folders.Select(f => Path.Combine(f, directory)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*" + extension)).Select(f => $"{directory}/{Path.GetFileName(f)}")
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <exception cref="PageException">There is no such file.</exception>
    public string Find(string name) => folders.Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
        ?? throw new PageException($"There is no template '{name}' in {string.Join(" or ", folders)}.");

    /// <summary>The file in every folder that has it, the one that holds first.</summary>
    public IEnumerable<string> All(string name) => folders.Select(f => Path.Combine(f, name)).Where(File.Exists);

    /// <summary>Everything below a folder, as <c>assets/logo.svg</c>.</summary>
    public IEnumerable<string> Below(string directory) => folders.Select(f => (Folder: f, Below: Path.Combine(f, directory))).Where(f => Directory.Exists(f.Below))
        .SelectMany(f => Directory.EnumerateFiles(f.Below, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(f.Folder, file).Replace('\\', '/')))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Another one after each change of a file, and only then.</summary>
    public string State()
    {
        var all = folders.Where(Directory.Exists).SelectMany(f => new DirectoryInfo(f).EnumerateFiles("*", SearchOption.AllDirectories))
            .Select(f => $"{f.FullName}\t{f.LastWriteTimeUtc.Ticks}\t{f.Length}").Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', all))));
    }

    public string Read(string name) => File.ReadAllText(Find(name));

    /// <summary>Parsed once, and again when the file changes.</summary>
    /// <exception cref="PageException">The template has a syntax error; the message has file and line.</exception>
    public Template Parse(string name)
    {
        var file = Find(name);
        var written = File.GetLastWriteTimeUtc(file);
        if (parsed.TryGetValue(file, out var known) && known.Written == written)
            return known.Template;
        var text = File.ReadAllText(file);
        var mode = text.StartsWith("+++", StringComparison.Ordinal) ? ScriptMode.FrontMatterAndContent : ScriptMode.Default;
        var template = Template.Parse(text, name, lexerOptions: new LexerOptions { Mode = mode });
        if (template.HasErrors)
            throw new PageException(string.Join('\n', template.Messages.Select(m => m.ToString())));
        parsed[file] = (written, template);
        return template;
    }

    /// <summary>Read once, and again when a file changes: a run of mails asks for them with each.</summary>
    public IReadOnlyList<Language> Languages(Func<IReadOnlyList<string>, IReadOnlyList<Language>> read)
    {
        var names = In("languages", ".json");
        var state = string.Join('\n', names.Select(Find).Select(f => $"{f}\t{File.GetLastWriteTimeUtc(f).Ticks}"));
        if (spoken is { } known && known.State == state)
            return known.Languages;
        return (spoken = new(state, read(names))).Languages;
    }

    /// <summary>An include is parsed once for all that include it.</summary>
    string ITemplateLoader.GetPath(TemplateContext context, SourceSpan callerSpan, string templateName)
    {
        var name = $"includes/{templateName}";
        context.CachedTemplates[name] = Parse(name);
        return name;
    }

    string ITemplateLoader.Load(TemplateContext context, SourceSpan callerSpan, string templatePath) => Read(templatePath);

    ValueTask<string?> ITemplateLoader.LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) => new(Read(templatePath));

    sealed record Spoken(string State, IReadOnlyList<Language> Languages);
}
