using AffiliateSidecar.Support;
using AffiliateSidecar.Templates;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;

namespace AffiliateSidecar.Site;

/// <summary>Building a site of a test's own and looking at what came out.</summary>
static class BuiltFolder
{
    public static async Task<string> BuildAsync(this SidecarApp app, string name = "site", string? baseUrl = null, string? pages = null)
    {
        var folder = Path.Combine(app.DataFolder, name);
        await app.Services.GetRequiredService<SiteBuilder>().BuildAsync(new(folder, baseUrl is null ? null : SiteSettings.Folder(baseUrl), pages), default);
        return folder;
    }

    /// <summary>Every file with its content, hidden ones included but the list of when each was written.</summary>
    public static IReadOnlyDictionary<string, string> Everything(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != FileMarks.FileName).Order(StringComparer.Ordinal)
            .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(File.ReadAllBytes(f)));

    public static IHtmlDocument Page(string folder, string file) => (IHtmlDocument)new HtmlParser().ParseDocument(File.ReadAllText(Path.Combine(folder, file)));

    /// <summary>A copy of the shipped templates to be spoiled.</summary>
    public static string CopyTemplates(string target)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "templates");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    /// <summary>The whole service with templates of the test's own before the shipped ones.</summary>
    public static Task<SidecarApp> WithTemplatesAsync(string folder, params (string Name, string? Value)[] settings) =>
        SidecarApp.StartAsync(settings: settings.ToDictionary(s => s.Name, s => s.Value),
            customise: services => services.AddSingleton(new TemplateFiles(folder, Path.Combine(AppContext.BaseDirectory, "templates"))));
}
