using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>A page as text: its template inside the layout.</summary>
static class PageText
{
    /// <param name="plan">The site.</param>
    /// <param name="page">The page.</param>
    /// <param name="root">What addresses on the site begin with.</param>
    /// <param name="form">What was typed, where the signup page is shown again.</param>
    public static string Render(SitePlan plan, Page page, string root, SignupForm? form = null)
    {
        var values = new PageValues(plan, plan.Words(page.Language)).For(page, root, form);
        values.SetValue("content", plan.Renderer.Render(page.Template, values), readOnly: true);
        return Squeeze(plan.Renderer.Render("layouts/page.html", values));
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
                var text = Squeeze(plan.Renderer.Render(template, new PageValues(plan, words).For(signup, plan.BaseUrl.AbsoluteUri)));
                yield return ($"{words.Language.Code}/{name}", text);
                if (words == plan.Wordings[0])
                    yield return (name, text);
            }
    }

    /// <summary>No page has text in which the beginning of a line or an empty line means anything.</summary>
    static string Squeeze(string html) => string.Join('\n', html.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) + "\n";
}
