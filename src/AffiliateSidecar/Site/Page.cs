using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>A page of the site in one language.</summary>
/// <param name="Name">The same in all languages: <c>terms</c>.</param>
/// <param name="Template"><c>pages/terms.html</c>, or <c>content/en/for-bloggers.html</c> for prose of one language.</param>
/// <param name="File">Below the output folder: <c>en/terms/index.html</c>.</param>
sealed record Page(string Name, Language Language, string Template, string File, string Title, string Description, string? Label, bool Indexable)
{
    /// <summary>Of a page of data: its own markup.</summary>
    public string? Body { get; init; }

    /// <summary>The one script that makes the page handier, minified; the page is whole without it.</summary>
    public string? Script { get; init; }

    /// <summary>Of a page written in Markdown: its source.</summary>
    public MarkdownPage? Prose { get; init; }

    /// <summary>When its author last changed it; null where he does not say.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>Below the base URL: <c>en/terms/</c>.</summary>
    public string Address => File.EndsWith("index.html", StringComparison.Ordinal) ? File[..^"index.html".Length] : File;

    public bool IsArticle => Template.StartsWith("content/", StringComparison.Ordinal) || IsData;

    /// <summary>It comes from a file of data, and not from a template of its own.</summary>
    public bool IsData => Template == DataTemplate;

    public const string DataTemplate = "layouts/article.html";

    /// <summary>From this page up to the top of the site: <c>../../</c>.</summary>
    public string Up => string.Concat(Enumerable.Repeat("../", File.Count(c => c == '/')));
}
