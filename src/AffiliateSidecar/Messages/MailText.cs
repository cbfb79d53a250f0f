using System.Globalization;
using System.Text.Json;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages;

/// <summary>What a mail says.</summary>
sealed record MailText(string Subject, string Html, string Text);

/// <summary>
/// Fills a mail's templates in the recipient's language: <c>templates/mail/x.html</c>, whose front matter has the subject, and <c>x.txt</c>. The letter's values stand beside
/// <c>recipient</c>, <c>shop</c>, <c>language</c> and <c>unsubscribe</c> (null for mails that cannot be unsubscribed from), with <c>t</c>, <c>date</c>, <c>number</c> and <c>money</c>.
/// </summary>
sealed class MailTexts(TemplateFiles files, MailSettings settings)
{
    /// <exception cref="PageException">A template or a text is wrong, with its place.</exception>
    public MailText Render(string template, string locale, string? name, JsonElement? model, Uri? unsubscribe)
    {
        var language = LanguageOf(locale);
        var (renderer, values) = (new Renderer(files), Values(language, name, model, unsubscribe));
        if (renderer.FrontMatter($"{template}.html", values) is not { } matter || !matter.TryGetValue("subject", out var subject) || subject is not string { Length: > 0 } line)
            throw new PageException($"{template}.html has no subject. Write it in the front matter: +++, subject = t \"…\", +++.");
        // The front matter runs beside the text, so a text may use the subject.
        values["subject"] = line;
        return new(MailAddress.OneLine(line), renderer.Render($"{template}.html", values), renderer.Render($"{template}.txt", values).ReplaceLineEndings("\r\n"));
    }

    public Language LanguageOf(string locale)
    {
        var languages = Language.All(files);
        return languages.FirstOrDefault(l => l.Code == locale.Split('-')[0]) ?? languages[0];
    }

    public ScriptObject Values(Language language, string? name, JsonElement? model, Uri? unsubscribe)
    {
        var values = model is { } own && Value(own) is ScriptObject members ? members : [];
        AddWords(values, language, new Dictionary<string, string> { ["shop"] = settings.Shop });
        values["shop"] = settings.Shop;
        values["recipient"] = name;
        values["unsubscribe"] = unsubscribe?.AbsoluteUri;
        values["subject"] = "";
        // Set by the mails that go to him.
        values["for_owner"] = false;
        return values;
    }

    /// <summary>What every template can say in the reader's language.</summary>
    internal static void AddWords(ScriptObject values, Language language, IReadOnlyDictionary<string, string> names)
    {
        var words = new Wording(language, names);
        values["language"] = new ScriptObject { ["code"] = language.Code, ["dir"] = language.Direction };
        values.Import("t", (string key) => words[key]);
        values.Import("date", (string time) => language.Date(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));
        values.Import("number", (decimal number) => language.Number(number));
        values.Import("money", (ScriptObject money) => language.Of(Money.Round(decimal.Parse((string)money["amount"]!, CultureInfo.InvariantCulture), (string)money["currency"]!)));
    }

    static object? Value(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(json),
        JsonValueKind.Array => new ScriptArray(json.EnumerateArray().Select(Value)),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDecimal(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    static ScriptObject ObjectOf(JsonElement json)
    {
        var members = new ScriptObject();
        foreach (var member in json.EnumerateObject())
            members[member.Name] = Value(member.Value);
        return members;
    }
}
