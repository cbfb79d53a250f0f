using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace AffiliateSidecar.Site;

/// <summary>The checks of a form that visitors fill in: short, labelled, known to the browser's memory, and posted without a script.</summary>
static class FormChecks
{
    const int MostFields = 5;

    public static IEnumerable<Finding> Check(BuiltPage page) => page.Document.QuerySelectorAll<IHtmlFormElement>("form[method=post i]").SelectMany(form => Check(page, form));

    static IEnumerable<Finding> Check(BuiltPage page, IHtmlFormElement form)
    {
        Finding Wrong(string check, string found, string expected) => new(page.Path, check, found, expected);
        var fields = form.QuerySelectorAll("input:not([type=hidden]),select,textarea").Where(f => f.Closest("[aria-hidden=true]") is null).ToList();
        if (fields.Count > MostFields)
            yield return Wrong("fields", $"{fields.Count}", $"at most {MostFields} that people see");
        foreach (var field in fields.Where(f => f.Closest("label") is null && page.Document.QuerySelector($"label[for='{f.Id}']") is null))
            yield return Wrong("label", Name(field), "a label");
        foreach (var field in fields.Where(f => f.LocalName == "input" && !f.HasAttribute("type")))
            yield return Wrong("type", Name(field), "a type");
        foreach (var field in fields.Where(f => f.GetAttribute("type") != "checkbox" && string.IsNullOrEmpty(f.GetAttribute("autocomplete"))))
            yield return Wrong("autocomplete", Name(field), "a token, or off");
        if (form.QuerySelector("input[type=hidden][name=stamp]")?.GetAttribute("value") is null or "")
            yield return Wrong("stamp", "none", "a signed time");
        if (form.QuerySelector("[aria-hidden=true] input[tabindex='-1'][autocomplete=off]") is null)
            yield return Wrong("decoy", "none", "a field that people do not see");
        if (form.QuerySelector("button:not([type]),button[type=submit],input[type=submit]") is null)
            yield return Wrong("button", "none", "a button that sends the form");
        if (form.QuerySelectorAll("script,iframe,img").Length > 0)
            yield return Wrong("form", form.QuerySelector("script,iframe,img")!.LocalName, "nothing from elsewhere inside the form");
    }

    static string Name(IElement field) => field.GetAttribute("name") ?? field.LocalName;
}
