using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AffiliateSidecar.Templates;
using NUglify;

namespace AffiliateSidecar.Site;

/// <summary>The style sheet, of which each page carries what it has use for: a tenth of the site's weight is style that no element wears.</summary>
sealed partial class PageStyle
{
    readonly IReadOnlyList<Rule> rules;
    readonly ConcurrentDictionary<string, string> made = new(StringComparer.Ordinal);

    /// <exception cref="PageException">The style sheet has a mistake.</exception>
    public PageStyle(string css)
    {
        var result = Uglify.Css(css);
        rules = [.. Parse(result.HasErrors ? throw new PageException($"includes/style.css: {result.Errors[0]}") : result.Code)];
    }

    /// <param name="html">The page, as far as it is known.</param>
    /// <param name="anyElement">More will be put into it, of any elements but without classes.</param>
    public string For(string html, bool anyElement)
    {
        var used = Use().Matches(html).SelectMany(m => m.Groups[1].Success ? [m.Groups[1].Value] : m.Groups[2].Value.Split(' ').Select(c => "." + c)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var language = PageLanguage().Match(html).Groups[1].Value;
        return made.GetOrAdd($"{anyElement} {language} {string.Join(' ', used.Order(StringComparer.Ordinal))}", _ => Of(rules, used, language, anyElement));
    }

    /// <summary>As a Content-Security-Policy names it.</summary>
    public static string HashOf(string style) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";

    static string Of(IReadOnlyList<Rule> rules, HashSet<string> used, string language, bool anyElement)
    {
        var text = new StringBuilder();
        foreach (var rule in rules)
            if (rule.Inner is { } inner)
                text.Append(Of(inner, used, language, anyElement) is { Length: > 0 } some ? $"{rule.Head}{{{some}}}" : "");
            else if (rule.Head.StartsWith('@') || rule.Selectors.Any(s => s.Fits(used, language, anyElement)))
                text.Append(rule.Head.StartsWith('@') ? rule.Head : string.Join(',', rule.Selectors.Where(s => s.Fits(used, language, anyElement)).Select(s => s.Text))).Append('{').Append(rule.Body).Append('}');
        return text.ToString();
    }

    static IEnumerable<Rule> Parse(string css)
    {
        for (var at = 0; at < css.Length;)
        {
            var open = css.IndexOf('{', at);
            if (open < 0)
                yield break;
            var (close, depth) = (open + 1, 1);
            for (; depth > 0 && close < css.Length; close++)
                depth += css[close] == '{' ? 1 : css[close] == '}' ? -1 : 0;
            var (head, body) = (css[at..open], css[(open + 1)..(close - 1)]);
            at = close;
            yield return head.StartsWith("@media", StringComparison.Ordinal) || head.StartsWith("@supports", StringComparison.Ordinal)
                ? new Rule(head, "", [], [.. Parse(body)])
                : new Rule(head, body, head.StartsWith('@') ? [] : [.. Comma().Split(head).Select(Selector.Of)], null);
        }
    }

    sealed record Rule(string Head, string Body, IReadOnlyList<Selector> Selectors, IReadOnlyList<Rule>? Inner);

    /// <param name="Text">The selector.</param>
    /// <param name="Needs">Elements, and classes with their dot, without which it selects nothing.</param>
    /// <param name="Language">Of the page, for what lies below a language.</param>
    sealed record Selector(string Text, string[] Needs, string? Language)
    {
        public static Selector Of(string text)
        {
            var below = Below().Match(text);
            return new(text, [.. Name().Matches(Aside().Replace(text, "")).Select(m => m.Value).Where(n => n is not "*")], below.Success ? below.Groups[1].Value : null);
        }

        public bool Fits(HashSet<string> used, string language, bool anyElement) =>
            (Language is null || Language == language || language.Length == 0) && Needs.All(n => used.Contains(n) || (anyElement && n[0] != '.'));
    }

    [GeneratedRegex("<([a-z][a-z0-9]*)|\\sclass=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Use();

    [GeneratedRegex("<html[^>]*\\slang=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex PageLanguage();

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    [GeneratedRegex(@"^:lang\(([a-z]+)\)[ >]")]
    private static partial Regex Below();

    /// <summary>What says nothing of which elements there are.</summary>
    [GeneratedRegex(@"::?[a-z-]+(\([^)]*\))?|\[[^\]]*\]")]
    private static partial Regex Aside();

    [GeneratedRegex(@"\.?[a-zA-Z][\w-]*|\*")]
    private static partial Regex Name();
}
