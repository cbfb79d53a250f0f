using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AffiliateSidecar.Templates;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace AffiliateSidecar.Site;

/// <summary>The terms as their readers see them, line by line: what is kept, compared and examined is the page and not the intention.</summary>
/// <param name="Kind">The element: <c>h2</c>, <c>p</c>, <c>li</c>, <c>tr</c>, …</param>
sealed record TermsLine(string Kind, string Text)
{
    /// <summary>Of the page in one language.</summary>
    public static IReadOnlyList<TermsLine> Of(SitePlan plan, Wording words)
    {
        if (plan.Find(words.Language, PageName.Terms) is not { } page)
            return [];
        using var document = new HtmlParser().ParseDocument(plan.Renderer.Render(page.Template, new PageValues(plan, words).For(page, page.Up)));
        // Version and date belong to the version, the invitation to join to every page.
        foreach (var aside in document.QuerySelectorAll(".stamp,.band"))
            aside.Remove();
        return [.. document.QuerySelectorAll("h1,h2,h3,p,li,caption,tr,dl>div,figcaption").Select(e => new TermsLine(e.LocalName, Line(e))).Where(l => l.Text.Length > 0)];
    }

    static string Line(IElement element) => string.Join(": ", element.LocalName is "tr" or "div" ? element.Children.Select(c => Squeeze(c.TextContent)) : [Squeeze(element.TextContent)]);

    static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The terms in every language.</summary>
/// <param name="ByLanguage">Lines by the code of the language.</param>
sealed record TermsTexts(IReadOnlyDictionary<string, IReadOnlyList<TermsLine>> ByLanguage)
{
    public static TermsTexts Of(SitePlan plan) => new(plan.Wordings.ToDictionary(w => w.Language.Code, w => TermsLine.Of(plan, w)));

    public string Json => JsonSerializer.Serialize(ByLanguage, Http.Json.Options);

    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));

    public static TermsTexts Parse(string json) => new(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<TermsLine>>>(json, Http.Json.Options)!);
}
