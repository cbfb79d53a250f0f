using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AffiliateSidecar.Site;

/// <summary>Takes the terms from the page: what is kept, compared and examined is what is read and not the intention.</summary>
static class TermsText
{
    /// <summary>None may be missing.</summary>
    public static readonly string[] Clauses = ["earn", "credit", "coupon", "nothing", "refund", "paid", "fair", "change"];

    public static TermsTexts Of(SitePlan plan) => new(plan.Wordings.ToDictionary(w => w.Language.Code, w => Of(plan, w)));

    /// <summary>Of the page in one language.</summary>
    public static IReadOnlyList<TermsLine> Of(SitePlan plan, Wording words)
    {
        if (plan.Find(words.Language, PageName.Terms) is not { } page)
            return [];
        using var document = new HtmlParser().ParseDocument(plan.Renderer.Render(page.Template, new PageValues(plan, words).For(page, page.Up)));
        // Version and date belong to the version, the invitation to join to every page.
        foreach (var aside in document.QuerySelectorAll(".stamp,.band"))
            aside.Remove();
        return [.. document.QuerySelectorAll("h1,h2,h3,p,li,caption,tr,dl>div,figcaption").Select(e => (Kind: e.LocalName, Text: Line(e))).Where(l => l.Text.Length > 0)
            .Select(l => new TermsLine(l.Kind, l.Text, l.Kind == "h2" ? Clauses.FirstOrDefault(c => Heading(c, words) == l.Text) : null))];
    }

    /// <summary>Null: the language has no such clause.</summary>
    public static string? Heading(string clause, Wording words) => words.Language.Texts.TryGetValue($"terms.{clause}.heading", out var heading) ? Squeeze(words.Fill("", heading)) : null;

    static string Line(IElement element) => string.Join(": ", element.LocalName is "tr" or "div" ? element.Children.Select(c => Squeeze(c.TextContent)) : [Squeeze(element.TextContent)]);

    static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
