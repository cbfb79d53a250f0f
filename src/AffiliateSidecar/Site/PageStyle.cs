using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AffiliateSidecar.Templates;
using NUglify;

namespace AffiliateSidecar.Site;

/// <summary>
/// The style sheet, of which a page carries what its templates have use for. Pages with a template of their own that search engines list have
/// their own; all others share one. So a page is light, and the few styles can all be named in one policy.
/// </summary>
sealed partial class PageStyle
{
    static readonly string[] Shared = ["layouts/prose.html", "layouts/article.html", TermsPages.Template];

    readonly TemplateFiles files;
    readonly IReadOnlyList<Rule> rules;
    readonly ConcurrentDictionary<string, string> made = new(StringComparer.Ordinal);
    readonly Lazy<IReadOnlyList<string>> shared;

    /// <param name="css">The whole style sheet.</param>
    /// <param name="files">The templates.</param>
    /// <param name="pages">All pages.</param>
    /// <exception cref="PageException">The style sheet has a mistake.</exception>
    public PageStyle(string css, TemplateFiles files, Func<IReadOnlyList<Page>> pages)
    {
        this.files = files;
        var result = Uglify.Css(css);
        rules = [.. Parse(result.HasErrors ? throw new PageException($"includes/style.css: {result.Errors[0]}") : result.Code)];
        shared = new(() => [.. Shared.Concat(pages().Where(p => !HasOwn(p)).Select(p => p.Template)).Distinct().Order(StringComparer.Ordinal)]);
    }

    public string For(Page page) => made.GetOrAdd(HasOwn(page) ? page.Template : "", own => WithoutUnused(Of(rules, Used(own.Length > 0 ? [own] : shared.Value), own.Length == 0)));

    /// <summary>Without the custom properties that nothing in it names.</summary>
    static string WithoutUnused(string style) => Property().Replace(style, p => style.Contains($"var({p.Groups[1].Value})", StringComparison.Ordinal) ? p.Value : "");

    static bool HasOwn(Page page) => page is { Indexable: true, Prose: null, IsData: false };

    /// <summary>As a Content-Security-Policy names it.</summary>
    public static string HashOf(string style) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";

    /// <summary>Elements, and classes with their dot, that these templates and their includes write.</summary>
    HashSet<string> Used(IReadOnlyList<string> templates)
    {
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(templates.Append("layouts/page.html"));
        while (open.TryPop(out var name))
        {
            if (!seen.Add(name))
                continue;
            var text = files.Read(name);
            used.UnionWith(Use().Matches(text).SelectMany(m => m.Groups[1].Success ? [m.Groups[1].Value] : m.Groups[2].Value.Split(' ').Select(c => "." + c)));
            foreach (Match include in Include().Matches(text))
                open.Push("includes/" + (include.Groups[1].Success ? include.Groups[1].Value : include.Groups[2].Value + ".html"));
        }
        return used;
    }

    /// <param name="rules">Of the whole style sheet.</param>
    /// <param name="used">What there is.</param>
    /// <param name="anyElement">Prose and data have any element in them.</param>
    static string Of(IReadOnlyList<Rule> rules, HashSet<string> used, bool anyElement)
    {
        var text = new StringBuilder();
        foreach (var rule in rules)
            if (rule.Inner is { } inner)
                text.Append(Of(inner, used, anyElement) is { Length: > 0 } some ? $"{rule.Head}{{{some}}}" : "");
            else if (rule.Head.StartsWith('@'))
                text.Append(rule.Head).Append('{').Append(rule.Body).Append('}');
            else if (string.Join(',', rule.Selectors.Where(s => s.Fits(used, anyElement)).Select(s => s.Text)) is { Length: > 0 } head)
                text.Append(head).Append('{').Append(rule.Body).Append('}');
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
    sealed record Selector(string Text, string[] Needs)
    {
        public static Selector Of(string text) => new(text, [.. Name().Matches(Aside().Replace(text, "")).Select(m => m.Value)]);

        public bool Fits(HashSet<string> used, bool anyElement) => Needs.All(n => used.Contains(n) || (anyElement && n[0] != '.'));
    }

    [GeneratedRegex("<([a-z][a-z0-9]*)|\\sclass=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex Use();

    [GeneratedRegex(@"\binclude '([^']+)'|^\{include ([a-z0-9-]+)\}", RegexOptions.Multiline)]
    private static partial Regex Include();

    [GeneratedRegex("(?<=[{;])(--[a-z-]+):[^;}]*(?:;|(?=}))")]
    private static partial Regex Property();

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();

    /// <summary>What says nothing of which elements there are.</summary>
    [GeneratedRegex(@"::?[a-z-]+(\([^)]*\))?|\[[^\]]*\]")]
    private static partial Regex Aside();

    [GeneratedRegex(@"\.?[a-zA-Z][\w-]*")]
    private static partial Regex Name();
}
