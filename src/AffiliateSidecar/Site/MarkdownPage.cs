using AffiliateSidecar.Templates;
using Markdig;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AffiliateSidecar.Site;

/// <summary>What stands above the text of a Markdown page, between two lines of <c>---</c>.</summary>
sealed record MarkdownMatter
{
    public string? Title { get; init; }
    public string? Description { get; init; }
    public string? Heading { get; init; }
    public string? Eyebrow { get; init; }
    public string? Lead { get; init; }

    /// <summary>In the menu.</summary>
    public string? Label { get; init; }

    /// <summary>Whom the page is for, in the list of such pages.</summary>
    public string? Audience { get; init; }

    /// <summary>Its place among them.</summary>
    public int Order { get; init; } = 100;
    public bool Index { get; init; } = true;

    /// <summary>A day.</summary>
    public string? Updated { get; init; }
}

/// <summary>
/// Prose of one language, <c>content/en/faq.md</c>. <c>{rate}</c> becomes what the engine pays, as in the texts of a language; a link to the name of a page leads
/// to that page; a line <c>{include receipt}</c> is that template.
/// </summary>
sealed class MarkdownPage
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UsePreciseSourceLocation().Build();
    static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    readonly string name, text;
    readonly int firstLine;

    MarkdownPage(string name, MarkdownMatter matter, string text, int firstLine) => (this.name, Matter, this.text, this.firstLine) = (name, matter, text, firstLine);

    public MarkdownMatter Matter { get; }

    /// <summary>What is written for this page alone.</summary>
    public string OwnText => string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("{include ", StringComparison.Ordinal)).Prepend($"{Matter.Heading} {Matter.Lead}"));

    /// <exception cref="PageException">The front matter is missing or wrong: with the line.</exception>
    public static MarkdownPage Parse(string name, string file)
    {
        var lines = file.ReplaceLineEndings("\n").Split('\n');
        var end = Array.IndexOf(lines, "---", 1);
        if (lines[0] != "---" || end < 0)
            throw new PageException($"{name}(1): a page begins with its front matter: a line of ---, title and description, a line of ---.");
        try
        {
            var matter = Yaml.Deserialize<MarkdownMatter?>(string.Join('\n', lines[1..end])) ?? new();
            return new(name, matter, string.Join('\n', lines[(end + 1)..]), end + 2);
        }
        catch (YamlException e)
        {
            throw new PageException($"{name}({e.Start.Line + 1}): {e.InnerException?.Message ?? e.Message}");
        }
    }

    /// <param name="link">From the name of a page to its address; null: there is none.</param>
    /// <param name="words">Facts.</param>
    /// <param name="include">From the name of an include to its markup.</param>
    public string ToHtml(Func<string, string?> link, Wording words, Func<string, string> include)
    {
        var document = Markdown.Parse(text, Pipeline);
        foreach (var target in document.Descendants<LinkInline>().Where(l => !l.IsImage && l.Url is not null && PageName.IsValid(l.Url.Split('#')[0])))
        {
            var part = target.Url!.Split('#', 2);
            target.Url = (link(part[0]) ?? throw new PageException($"{name}({target.Line + firstLine}): there is no page '{part[0]}' in {words.Language.Name}.")) + (part.Length > 1 ? "#" + part[1] : "");
        }
        foreach (var paragraph in document.Descendants<ParagraphBlock>().Where(p => p.Parent is not null).ToList())
            if (paragraph.Inline is { FirstChild: LiteralInline { NextSibling: null, Content: var content } } && content.ToString() is ['{', 'i', 'n', 'c', 'l', 'u', 'd', 'e', ' ', .. var file, '}'])
                Replace(paragraph, include(file + ".html"));
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.Replace<Markdig.Renderers.Html.Inlines.LiteralInlineRenderer>(new FactRenderer(name, firstLine, words));
        renderer.Render(document);
        return writer.ToString();
    }

    static void Replace(ParagraphBlock paragraph, string html)
    {
        var parent = paragraph.Parent!;
        var at = parent.IndexOf(paragraph);
        parent.RemoveAt(at);
        parent.Insert(at, new HtmlBlock(null!) { Lines = new Markdig.Helpers.StringLineGroup(html) });
    }

    /// <summary>Text with its facts filled in.</summary>
    sealed class FactRenderer(string name, int firstLine, Wording words) : Markdig.Renderers.Html.HtmlObjectRenderer<LiteralInline>
    {
        protected override void Write(HtmlRenderer renderer, LiteralInline obj)
        {
            try
            {
                renderer.WriteEscape(words.Fill(name, obj.Content.ToString()));
            }
            catch (PageException e)
            {
                throw new PageException($"{name}({obj.Line + firstLine}): {e.Message}");
            }
        }
    }
}
