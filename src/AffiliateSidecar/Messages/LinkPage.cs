using AffiliateSidecar.Templates;
using Microsoft.AspNetCore.Http.HttpResults;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages;

/// <summary>The page behind a signed link, in the reader's language: no script, kept nowhere, found by no search engine.</summary>
sealed class LinkPage(TemplateFiles files, MailTexts texts, MailSettings settings)
{
    /// <param name="http">Its answer gets the fields that such a page has.</param>
    /// <param name="template">Such as <c>mail/unsubscribe.html</c>.</param>
    /// <param name="locale">Of the reader.</param>
    /// <param name="values">Beside <c>language</c>, <c>shop</c>, <c>t</c>, <c>date</c> and <c>money</c>.</param>
    /// <param name="words">What stands in braces in its texts, beside the shop.</param>
    public ContentHttpResult Of(HttpContext http, string template, string locale, ScriptObject values, Func<Language, IReadOnlyDictionary<string, string>>? words = null)
    {
        var language = texts.LanguageOf(locale);
        MailTexts.AddWords(values, language, new Dictionary<string, string>(words?.Invoke(language) ?? new Dictionary<string, string>()) { ["shop"] = settings.Shop });
        values["shop"] = settings.Shop;
        var headers = http.Response.Headers;
        (headers.CacheControl, headers.ContentSecurityPolicy) = ("no-store", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Robots-Tag"] = "noindex";
        return TypedResults.Content(new Renderer(files).Render(template, values), "text/html; charset=utf-8");
    }
}
