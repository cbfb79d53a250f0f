using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Payouts;

/// <summary>A statement as a page to print or to keep, in the partner's language, from <c>templates/statements/statement.html</c>.</summary>
sealed class StatementPage(TemplateFiles files, PayoutSettings settings)
{
    const string Template = "statements/statement.html";

    /// <exception cref="PageException">The template or a text is wrong.</exception>
    public string Render(Statement statement, string locale)
    {
        var languages = Language.All(files);
        var language = languages.FirstOrDefault(l => l.Code == locale.Split('-')[0]) ?? languages[0];
        var words = new Wording(language, new Dictionary<string, string> { ["shop"] = settings.Payer.Name });
        var values = new ScriptObject
        {
            ["language"] = new ScriptObject { ["code"] = language.Code, ["dir"] = language.Direction },
            ["shop"] = settings.Payer.Name,
            ["partner"] = new ScriptObject { ["name"] = statement.Name, ["code"] = statement.PartnerCode },
            ["from"] = language.Date(statement.From),
            // The last day that is in it.
            ["to"] = language.Date(statement.To.AddTicks(-1)),
            ["accounts"] = new ScriptArray(statement.Accounts.Select(a => new ScriptObject
            {
                ["currency"] = a.Currency, ["opening"] = language.Of(a.Opening), ["closing"] = language.Of(a.Closing), ["rows"] = new ScriptArray(a.Rows.Select(r => Row(r, language))),
            })),
        };
        values.Import("t", (string key) => words[key]);
        return new Renderer(files).Render(Template, values);
    }

    // What was sold is the shop's own name for it; how a rate was come by is put in words by the rules, in English.
    static string TextOf(StatementStep line, Language language) =>
        language.Texts.GetValueOrDefault($"statement.steps.{line.Step}", "{text}").Replace("{text}", line.Text, StringComparison.Ordinal).Replace("{name}", line.Name, StringComparison.Ordinal);

    static ScriptObject Row(StatementRow row, Language language) => new()
    {
        ["date"] = language.Date(row.At), ["kind"] = row.Kind, ["order"] = row.Order, ["text"] = row.Text, ["amount"] = language.Of(row.Amount), ["balance"] = language.Of(row.Balance),
        ["lines"] = new ScriptArray(row.Lines.Select(l => new ScriptObject { ["text"] = TextOf(l, language), ["amount"] = language.Of(l.Amount) })),
    };
}
