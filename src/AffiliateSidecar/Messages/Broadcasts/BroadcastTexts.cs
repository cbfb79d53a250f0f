using System.Net;
using System.Text;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using Markdig;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>
/// Makes what the owner has written a mail to one partner. Beside what every mail knows there are <c>partner</c>, <c>kit</c> and, where it invites to one, <c>webinar</c>. Values are escaped
/// for what they are written into: HTML, Markdown, or nothing in a plain text.
/// </summary>
sealed class BroadcastTexts(TemplateFiles files, MailTexts texts, PartnerKits kits)
{
    static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().Build();

    /// <exception cref="PageException">It cannot be sent as it is written.</exception>
    public MailText Render(BroadcastRow broadcast, string locale, string? name, PartnerFacts partner, Uri? unsubscribe)
    {
        var (language, content) = Choose(broadcast.Written(), locale);
        ScriptObject Values() => Of(language, name, partner, broadcast.Invites(), unsubscribe);
        var (html, text) = (HtmlOf(content, Values), new OwnText(files, content.Text ?? content.Markdown!).Render(InText(Values()), Plain));
        return texts.Render("mail/broadcast", language.Code, name, JsonSerializer.SerializeToElement(new { Own = new { Subject = SubjectOf(content, Values()), Html = html, Text = text } }, Json.Options), unsubscribe);
    }

    /// <summary>The subject alone: what a calendar calls it.</summary>
    public string Title(BroadcastRow broadcast, string locale, string? name, PartnerFacts partner)
    {
        var (language, content) = Choose(broadcast.Written(), locale);
        return SubjectOf(content, Of(language, name, partner, broadcast.Invites(), null));
    }

    /// <summary>What is wrong, by member.</summary>
    public Dictionary<string, string[]> Mistakes(NewBroadcast broadcast)
    {
        var mistakes = new Dictionary<string, string[]>();
        void Say(string member, string? sentence)
        {
            if (sentence is not null)
                mistakes[member] = [sentence];
        }
        var languages = Language.All(files);
        if (broadcast.Contents.Count == 0)
            Say("contents", "It says nothing: give subject and text in a language.");
        foreach (var (code, content) in broadcast.Contents)
            if (languages.FirstOrDefault(l => l.Code == code) is not { } language)
                Say($"contents.{code}", $"There is no such language. There are: {string.Join(", ", languages.Select(l => l.Code))}.");
            else
                foreach (var (member, sentence) in Mistakes(content, language, broadcast.Webinar))
                    Say($"contents.{code}.{member}", sentence);
        if (broadcast.Webinar is { } webinar)
            foreach (var (member, sentence) in Invitation.Mistakes(webinar))
                Say($"webinar.{member}", sentence);
        return mistakes;
    }

    IEnumerable<(string Member, string? Sentence)> Mistakes(BroadcastContent content, Language language, Webinar? webinar)
    {
        ScriptObject[] Samples() => [.. new[] { PartnerFacts.Rich, PartnerFacts.Bare }.Select(p => Of(language, "Sara", p, webinar, new Uri("https://example.com/")))];
        if (content.Subject.AsSpan().ContainsAnyInRange('\0', '\u001f') || content.Subject.AsSpan().IndexOfAny('\u2028', '\u2029', '\u0085') >= 0)
            yield return ("subject", "A subject is one line: a line break would begin another header of the mail.");
        else if (string.IsNullOrWhiteSpace(content.Subject))
            yield return ("subject", "A mail has a subject.");
        else
            yield return ("subject", new OwnText(files, content.Subject).Mistake(Samples(), Plain));
        if ((content.Markdown is null) == (content.Html is null))
            yield return ("markdown", "Write the text either in markdown or in html.");
        else if (content.Html is not null && content.Text is null)
            yield return ("text", "A mail in HTML needs its plain text, too: some read nothing else, and without it others take it for spam.");
        foreach (var (member, text, escape) in new[] { ("markdown", content.Markdown, (Func<string, string>)InMarkdown), ("html", content.Html, WebUtility.HtmlEncode!), ("text", content.Text, Plain) })
            if (text is not null)
                yield return (member, string.IsNullOrWhiteSpace(text) ? "It is empty." : new OwnText(files, text).Mistake(Samples(), escape));
    }

    (Language Language, BroadcastContent Content) Choose(IReadOnlyDictionary<string, BroadcastContent> contents, string locale)
    {
        var code = new[] { locale.Split('-')[0], "en" }.FirstOrDefault(contents.ContainsKey) ?? contents.Keys.First();
        return (texts.LanguageOf(code), contents[code]);
    }

    ScriptObject Of(Language language, string? name, PartnerFacts partner, Webinar? webinar, Uri? unsubscribe)
    {
        var values = texts.Values(language, name, null, unsubscribe);
        values.Remove("subject");
        kits.AddTo(values, language, name ?? "", partner);
        if (webinar is not null)
            values["webinar"] = Invitation.Values(webinar, language);
        // Written as in our own templates, it is not done twice.
        var html = new ScriptObject();
        html.Import("escape", (object? value) => value);
        values["html"] = html;
        return values;
    }

    string SubjectOf(BroadcastContent content, ScriptObject values) => MailAddress.OneLine(new OwnText(files, content.Subject).Render(values, Plain));

    string HtmlOf(BroadcastContent content, Func<ScriptObject> values) => content.Html is { } html
        ? new OwnText(files, html).Render(values(), WebUtility.HtmlEncode!)
        : Markdig.Markdown.ToHtml(new OwnText(files, content.Markdown!).Render(values(), InMarkdown), Markdown);

    static string Plain(string text) => text;

    /// <summary>A plain text has the words of the banner, and no markup.</summary>
    static ScriptObject InText(ScriptObject values)
    {
        var kit = (ScriptObject)values["kit"]!;
        // What is made where it is asked for can be taken away, but not written over.
        var words = kit["text"];
        kit.Remove("banner");
        kit["banner"] = words;
        return values;
    }

    /// <summary>As character references: they mean nothing in Markdown and stay harmless in the HTML within it.</summary>
    static string InMarkdown(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
            if (c is '\r' or '\n')
                safe.Append(' ');
            else if ("&<>\"'*_`[]()#!\\~|{}^$".Contains(c, StringComparison.Ordinal))
                safe.Append("&#").Append((int)c).Append(';');
            else
                safe.Append(c);
        return safe.ToString();
    }
}
