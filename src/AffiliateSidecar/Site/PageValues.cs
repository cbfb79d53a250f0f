using AffiliateSidecar.Templates;
using AffiliateSidecar.Tracking;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AffiliateSidecar.Site;

/// <summary>What a template can name. All values are plain text; the template escapes them.</summary>
sealed class PageValues(SitePlan plan, Wording words)
{
    /// <summary>What does not depend on the page: texts, facts, the program, the shop.</summary>
    public ScriptObject Common()
    {
        var language = words.Language;
        var facts = new ScriptObject();
        foreach (var (name, fact) in words.Facts)
            facts[name] = fact;
        var values = new ScriptObject
        {
            ["language"] = Of(language),
            ["facts"] = facts,
            ["program"] = plan.Program(language),
            ["site"] = new ScriptObject
            {
                ["name"] = plan.Settings.Name, ["shop_url"] = plan.Settings.ShopUrl, ["base_url"] = plan.BaseUrl.AbsoluteUri, ["signup_url"] = plan.Settings.SignupUrl, ["logo"] = plan.Look.Logo,
                ["widget_url"] = plan.Settings.WidgetUrl(plan.BaseUrl), ["widget_hash"] = Script.Footer.Integrity, ["widget_code"] = plan.Settings.WidgetCode,
            },
        };
        values.Import("t", Located(key => words[key]));
        return values;
    }

    /// <param name="page">The page.</param>
    /// <param name="root">What an address on the site begins with: <c>../</c>, or an absolute address where the page is served elsewhere.</param>
    public ScriptObject For(Page page, string root, SignupForm? form = null)
    {
        var values = Common();
        string Href(Page target) => PageValues.Href(root, target);
        values.Import("link", Located(name =>
            plan.Find(page.Language, name) is { } target ? Href(target) : throw new PageException($"There is no page '{name}' in {page.Language.Name}.")));
        var jsonLd = JsonLd.Of(plan, page);
        values["page"] = new ScriptObject
        {
            ["name"] = page.Name, ["title"] = page.Title, ["description"] = page.Description, ["indexable"] = page.Indexable, ["url"] = plan.Url(page),
            ["og_type"] = page.IsArticle ? "article" : "website", ["style"] = "", ["policy"] = "", ["picture"] = plan.BaseUrl + StaticParts.PictureOf(page), ["body"] = page.Body, ["script"] = page.Script,
            ["updated"] = page.Updated is { } time ? Language.IsoDay(time) : null, ["updated_text"] = page.Updated is { } day ? page.Language.Date(day) : null, ["json_ld"] = jsonLd,
            ["alternates"] = List(plan.Alternates(page), a => new() { ["language"] = a.Language, ["url"] = a.Url }),
        };
        if (page.Prose is { } prose)
        {
            var about = (ScriptObject)values["page"]!;
            string? Filled(string? text) => text is null ? null : words.Fill(page.Template, text);
            (about["heading"], about["eyebrow"], about["lead"]) = (Filled(prose.Matter.Heading) ?? page.Title, Filled(prose.Matter.Eyebrow), Filled(prose.Matter.Lead));
            about["body"] = prose.ToHtml(name => plan.Find(page.Language, name) is { } target ? Href(target) : null, words, name => plan.Renderer.Render($"includes/{name}", values));
        }
        values["audiences"] = List(plan.Pages.Where(p => p.Language.Code == page.Language.Code && p.Prose?.Matter.Audience is not null).OrderBy(p => p.Prose!.Matter.Order).ThenBy(p => p.Name, StringComparer.Ordinal), p => new()
        {
            ["label"] = words.Fill(p.Template, p.Prose!.Matter.Audience!), ["text"] = p.Description, ["href"] = Href(p), ["current"] = p.Name == page.Name,
        });
        values["root"] = root;
        values["menu"] = List(Menu(page.Language), entry => new()
        {
            ["label"] = entry.Label, ["href"] = Href(entry.Page), ["current"] = entry.Page.Name == page.Name,
        });
        values["languages"] = List(plan.Wordings.Where(w => w.Language.Code != page.Language.Code), w => Entry(w, page.Name));
        values["homes"] = List(plan.Wordings, w => Entry(w, PageName.Home));
        values["terms"] = (plan.Terms ?? TermsPages.None).Values(page.Language, page.Name, name => plan.Find(page.Language, name) is { } target ? Href(target) : "./");
        values["form"] = (form ?? new SignupForm { Stamp = plan.Stamp }).Values(key => words[key]);
        return values;

        ScriptObject Entry(Wording other, string name)
        {
            var entry = Of(other.Language);
            entry["href"] = (plan.Find(other.Language, name) ?? plan.Find(other.Language, PageName.Home)) is { } target ? Href(target) : root;
            entry["invitation"] = other["chooser.invitation"];
            return entry;
        }
    }

    static string Href(string root, Page target) => root + target.Address is { Length: > 0 } href ? href : "./";

    /// <summary>Overview, the pages that have a label, the terms.</summary>
    IEnumerable<(Page Page, string Label)> Menu(Language language)
    {
        if (plan.Find(language, PageName.Home) is { } home)
            yield return (home, words["menu.home"]);
        foreach (var page in plan.Pages.Where(p => p.Language.Code == language.Code && p.Label is not null))
            yield return (page, page.Label!);
        if (plan.Find(language, PageName.Terms) is { } terms)
            yield return (terms, words["menu.terms"]);
    }

    static ScriptObject Of(Language language) => new()
    {
        ["code"] = language.Code, ["name"] = language.Name, ["dir"] = language.Direction, ["locale"] = language.Locale,
    };

    static ScriptArray List<T>(IEnumerable<T> items, Func<T, ScriptObject> entry) => new(items.Select(entry));

    /// <summary>A function whose mistakes are reported with the place in the template.</summary>
    static Func<TemplateContext, SourceSpan, string, string> Located(Func<string, string> function) => (_, span, argument) =>
    {
        try
        {
            return function(argument);
        }
        catch (PageException e)
        {
            throw new ScriptRuntimeException(span, e.Message);
        }
    };
}
