using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>A page as text: its template inside the layout.</summary>
static class PageText
{
    /// <summary>Stand for what is known only when the page is.</summary>
    const string StyleMark = "\ue002", PolicyMark = "\ue003";

    /// <param name="plan">The site.</param>
    /// <param name="page">The page.</param>
    /// <param name="root">What addresses on the site begin with.</param>
    /// <param name="form">What was typed, where the signup page is shown again.</param>
    public static string Render(SitePlan plan, Page page, string root, SignupForm? form = null) =>
        Render(plan, page, new PageValues(plan, plan.Words(page.Language)).For(page, root, form));

    /// <param name="values">What the templates can name.</param>
    public static string Render(SitePlan plan, Page page, ScriptObject values)
    {
        var content = plan.Renderer.Render(page.Prose is null ? page.Template : "layouts/prose.html", values);
        values.SetValue("content", content, readOnly: true);
        var data = (ScriptObject)values["page"]!;
        (data["style"], data["policy"]) = (StyleMark, PolicyMark);
        var html = HtmlMinifier.Minify(plan.Renderer.Render("layouts/page.html", values), page.Language.Spelling);
        var style = plan.Style.For(page);
        // A policy is hashes, origins and words of its own: nothing in it must be escaped in a quoted value.
        return html.Replace(StyleMark, style, StringComparison.Ordinal).Replace(PolicyMark, plan.Policy(style, page.Script, data["json_ld_hash"]?.ToString(), page.IsData || html.Contains("<form", StringComparison.Ordinal)), StringComparison.Ordinal) + "\n";
    }

    /// <summary>Pieces of markup for the shop's own pages, in each language; the default language also without its folder.</summary>
    public static IEnumerable<(string File, string Text)> Snippets(SitePlan plan, TemplateFiles files)
    {
        foreach (var template in files.In("snippets", ".html"))
            foreach (var words in plan.Wordings)
            {
                if (plan.Find(words.Language, PageName.Signup) is not { } signup)
                    continue;
                var name = Path.GetFileName(template);
                var text = HtmlMinifier.Minify(plan.Renderer.Render(template, new PageValues(plan, words).For(signup, plan.BaseUrl.AbsoluteUri))) + "\n";
                yield return ($"{words.Language.Code}/{name}", text);
                if (words == plan.Wordings[0])
                    yield return (name, text);
            }
    }
}
