using System.Collections.Concurrent;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>Everything that is known before the first page is rendered: languages, pages, addresses, style.</summary>
sealed partial class SitePlan
{
    Dictionary<(string Language, string Name), Page> byName;
    readonly string formAction, pictures;
    readonly ConcurrentDictionary<string, bool> styles = new(StringComparer.Ordinal), scripts = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, IReadOnlySet<string>> numbers = new(StringComparer.Ordinal);
    readonly TemplateFiles files;

    public SitePlan(SiteSettings settings, Uri baseUrl, SiteModel model, TemplateFiles files)
        : this(Named(settings, files), baseUrl, model.Program, [.. Language.All(files).Select(l => new Wording(l, model.Facts(l, Named(settings, files).Name)))], files)
    {
    }

    static SiteSettings Named(SiteSettings settings, TemplateFiles files) => Look.Read(files).Name is { Length: > 0 } name ? settings with { Name = name } : settings;

    /// <summary>With words and facts of the caller's own.</summary>
    internal SitePlan(SiteSettings settings, Uri baseUrl, Func<Language, ScriptObject> program, IReadOnlyList<Wording> wordings, TemplateFiles files)
    {
        (Settings, BaseUrl, Program, Wordings, this.files) = (settings, baseUrl, program, wordings, files);
        Renderer = new Renderer(files);
        Look = Look.Read(files);
        Style = new PageStyle(Look.Css + Look.FontFace(BaseUrl) + files.Read("includes/style.css"), files, () => Pages!);
        formAction = $"form-action {string.Join(' ', new[] { "'self'", SiteSettings.Origin(baseUrl.AbsoluteUri), SiteSettings.Origin(settings.ServiceUrl) }.OfType<string>().Distinct())}";
        // Where the service answers the form on another host, the page comes from there and its picture from the site.
        var away = SiteSettings.Origin(settings.ServiceUrl) is { } service && service != SiteSettings.Origin(baseUrl.AbsoluteUri);
        pictures = away ? $"img-src 'self' {SiteSettings.Origin(baseUrl.AbsoluteUri)}; " : "img-src 'self'; ";
        Pages = [.. wordings.SelectMany(w => Templates(files, w.Language).Select(template => Read(template, w))
            .Concat(files.In($"content/{w.Language.Code}", ".md").Select(file => ReadProse(file, files.Read(file), w)))).OfType<Page>()];
        if (Pages.GroupBy(p => (p.Language.Code, p.Name)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new PageException($"{string.Join(" and ", twice.Select(p => p.Template))} are both the page '{twice.Key.Name}'.");
        (Pages, Notes) = OwnWords.Judge(Pages);
        byName = Pages.ToDictionary(p => (p.Language.Code, p.Name));
    }

    public SiteSettings Settings { get; }

    /// <summary>Ends in a slash.</summary>
    public Uri BaseUrl { get; }
    public Func<Language, ScriptObject> Program { get; }

    /// <summary>The default language comes first.</summary>
    public IReadOnlyList<Wording> Wordings { get; }
    public IReadOnlyList<Page> Pages { get; private set; }
    public Renderer Renderer { get; }
    public Look Look { get; }
    public PageStyle Style { get; }

    /// <summary>What the owner should know of the pages.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The pages of a data file, where there is one.</summary>
    public DataPages? Data { get; set; }

    /// <summary>Content-Security-Policy of a page: one style, and no script but the page's own, where it has one.</summary>
    /// <param name="style">Its text.</param>
    /// <param name="script">Its text.</param>
    /// <param name="data">Hash of the structured data, which no browser runs; the validator would have it named all the same.</param>
    /// <param name="posts">It has the form.</param>
    public string Policy(string style, string? script, string? data, bool posts)
    {
        styles.TryAdd(PageStyle.HashOf(style), true);
        if (script is not null)
            scripts.TryAdd(PageStyle.HashOf(script), true);
        string?[] named = [script is null ? null : PageStyle.HashOf(script), data];
        return Policy([PageStyle.HashOf(style)], [.. named.OfType<string>()], "connect-src 'self'; ", posts ? formAction : "form-action 'none'");
    }

    /// <summary>For all pages that have been rendered, as a header of the host.</summary>
    public string WholePolicy => Policy(styles.Keys, scripts.Keys, "connect-src 'self'; frame-ancestors 'none'; ", formAction);

    string Policy(ICollection<string> style, ICollection<string> script, string more, string forms) =>
        $"default-src 'none'; style-src {string.Join(' ', style.Order(StringComparer.Ordinal))}; {(script.Count == 0 ? "" : $"script-src {string.Join(' ', script.Order(StringComparer.Ordinal))}; ")}{pictures}"
        + $"{(Look.Font == "system" ? "" : "font-src 'self'; ")}{more}{forms}; base-uri 'none'";

    /// <summary>Numbers that come from the rules, as this language writes them.</summary>
    public IReadOnlySet<string> KnownNumbers(Wording words) => numbers.GetOrAdd(words.Language.Code, _ =>
        TextsIn(Program(words.Language)).Concat(words.Facts.Values).SelectMany(t => Number().Matches(t).Select(m => m.Value)).ToHashSet(StringComparer.Ordinal));

    static IEnumerable<string> TextsIn(object? value) => value switch
    {
        string text => [text],
        ScriptObject members => members.Values.SelectMany(TextsIn),
        ScriptArray items => items.SelectMany(TextsIn),
        _ => [],
    };

    [System.Text.RegularExpressions.GeneratedRegex(@"\p{Nd}+(?:[.,٫٬]\p{Nd}+)*")]
    private static partial System.Text.RegularExpressions.Regex Number();

    /// <summary>The terms' versions; null while they are not known.</summary>
    public TermsPages? Terms { get; private set; }

    /// <summary>With a page for every version of the terms.</summary>
    public void Add(TermsPages terms)
    {
        Terms = terms;
        Pages = [.. Pages, .. Wordings.SelectMany(terms.Pages)];
        byName = Pages.ToDictionary(p => (p.Language.Code, p.Name));
    }

    /// <summary>Pages that search engines may list.</summary>
    public IEnumerable<Page> Listed => Pages.Where(p => p.Indexable).Concat(Data?.Addresses.Select(a => DataPage(a.Language, a.Slug)) ?? []);

    /// <summary>Signed time in the form, see <see cref="SignupStamp"/>.</summary>
    public string Stamp { get; init; } = "";

    public string Url(Page page) => BaseUrl.AbsoluteUri + page.Address;

    public Page? Find(Language language, string name) => byName.GetValueOrDefault((language.Code, name)) ?? (Data?.Has(language, name) == true ? DataPage(language, name) : null);

    /// <summary>Where a page of data is.</summary>
    public static Page DataPage(Language language, string slug) => new(slug, language, Page.DataTemplate, $"{language.Code}/{slug}/index.html", "", "", null, true);

    public Wording Words(Language language) => Wordings.First(w => w.Language.Code == language.Code);

    /// <summary>The same page in every language, and where a reader of no listed language is sent. One table for pages and sitemap.</summary>
    public IReadOnlyList<(string Language, string Url)> Alternates(Page page)
    {
        var name = page.Name == PageName.Chooser ? PageName.Home : page.Name;
        Page[] all = [.. Wordings.Select(w => Find(w.Language, name)).OfType<Page>()];
        if (!page.Indexable || all.Length == 0)
            return [];
        var elsewhere = name == PageName.Home ? Find(Wordings[0].Language, PageName.Chooser) ?? all[0] : all[0];
        return [.. all.Select(p => (p.Language.Code, Url(p))), ("x-default", Url(elsewhere))];
    }

    static IEnumerable<string> Templates(TemplateFiles files, Language language) =>
        files.In("pages", ".html").Concat(files.In($"content/{language.Code}", ".html"));

    static Page ReadProse(string file, string text, Wording words)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        if (!PageName.IsValid(name))
            throw new PageException($"{file}: the name of a page is an address. Use lower-case letters, digits and -.");
        var prose = MarkdownPage.Parse(file, text);
        string Needed(string member, string? value) => value is { Length: > 0 } ? words.Fill(file, value) : throw new PageException($"{file}(1): the front matter has no {member}.");
        var matter = prose.Matter;
        return new Page(name, words.Language, file, $"{words.Language.Code}/{name}/index.html", Needed("title", matter.Title), Needed("description", matter.Description),
            matter.Label is null ? null : words.Fill(file, matter.Label), matter.Index)
        {
            Prose = prose,
            Updated = matter.Updated is null ? null : DataPages.TryTime(matter.Updated, out var time) ? time : throw new PageException($"{file}(1): updated is no day such as 2026-11-26."),
        };
    }

    /// <summary>Null: a page that stands once for all languages, and this is not the default one.</summary>
    /// <exception cref="PageException">Too large, or a mistake in it.</exception>
    string Scripts(string name)
    {
        var result = NUglify.Uglify.Js(files.Read($"includes/{name}"));
        if (result.HasErrors)
            throw new PageException($"includes/{name}: {result.Errors[0]}");
        return result.Code.Length <= PageRules.ScriptMax ? result.Code : throw new PageException($"includes/{name} has {result.Code.Length} bytes, more than {PageRules.ScriptMax}.");
    }

    Page? Read(string template, Wording words)
    {
        var matter = Renderer.FrontMatter(template, new PageValues(this, words).Common());
        string? Text(string member) => matter.TryGetValue(member, out var value) ? value as string : null;
        string Needed(string member) => Text(member) ?? throw new PageException($"{template}: the front matter has no {member}.");
        bool Flag(string member, bool otherwise) => matter.TryGetValue(member, out var value) && value is bool flag ? flag : otherwise;

        var once = Flag("root", false);
        if (once && words != Wordings[0])
            return null;
        var name = Path.GetFileNameWithoutExtension(template);
        if (!PageName.IsValid(name))
            throw new PageException($"{template}: the name of a page is an address. Use lower-case letters, digits and -.");
        var file = Text("file") ?? (name == PageName.Home ? "index.html" : $"{name}/index.html");
        return new Page(name, words.Language, template, once ? file : $"{words.Language.Code}/{file}", Needed("title"), Needed("description"), Text("label"),
            Flag("index", true))
        {
            Script = Text("script") is { } script ? Scripts(script) : null,
        };
    }
}
