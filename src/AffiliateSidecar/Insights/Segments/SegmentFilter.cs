using AffiliateSidecar.Storage;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AffiliateSidecar.Insights.Segments;

/// <summary>
/// The owner's own segment: one expression of the template language over a partner's figures, such as
/// <c>net &gt; 100 &amp;&amp; locale == "fa"</c>. It is checked when it is saved: a misspelt name is refused with line and column.
/// </summary>
sealed class SegmentFilter
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    readonly ScriptExpression expression;

    SegmentFilter(ScriptExpression expression) => this.expression = expression;

    /// <summary>The names that a filter may use, and what they mean.</summary>
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["code"] = "the partner's code", ["locale"] = "the language, such as \"fa\"", ["group"] = "the group, or \"\"", ["country"] = "the country, or \"\"", ["source"] = "where the partner came from",
        ["days"] = "days as a partner", ["clicks"] = "payable clicks of 90 days", ["orders"] = "orders of 90 days", ["orders_month"] = "orders of the last 30 days", ["net"] = "net sales of 90 days",
        ["net_month"] = "net sales of the last 30 days", ["conversion"] = "orders per click, 0 to 1", ["idle_days"] = "days since the last click or order; 9999 where there was none",
        ["segments"] = "the segments the partner is in: segments | array.contains \"head\"",
    };

    /// <returns>The filter, or a sentence that says what is wrong and where.</returns>
    public static (SegmentFilter? Filter, string? Mistake) Parse(string text)
    {
        var template = Template.Parse(text, "filter", null, new LexerOptions { Mode = ScriptMode.ScriptOnly });
        if (template.HasErrors)
            return (null, $"{Place(template.Messages[0].Span, text)}: {template.Messages[0].Message}");
        if (template.Page?.Body?.Statements is not [ScriptExpressionStatement { Expression: { } expression }] || expression is ScriptAssignExpression)
            return (null, "It must be one expression that is true or false, such as: net > 100 && locale == \"fa\"");
        var filter = new SegmentFilter(expression);
        try
        {
            return filter.Evaluate(Sample()) is bool ? (filter, null) : (null, "It must be true or false: compare something, as in: net > 100");
        }
        catch (ScriptRuntimeException e)
        {
            return (null, $"{Place(e.Span, text)}: {e.OriginalMessage}");
        }
    }

    /// <exception cref="ScriptRuntimeException">For this partner it cannot be said, such as a division by zero.</exception>
    public bool Matches(ScriptObject values) => Evaluate(values) is true;

    public static ScriptObject Values(PartnerRow partner, PartnerFigureRow figures, IEnumerable<string> segments) => new()
    {
        ["code"] = partner.Code, ["locale"] = partner.Locale, ["group"] = partner.GroupName ?? "", ["country"] = partner.Country ?? "", ["source"] = partner.Source,
        ["days"] = (figures.Day - partner.CreatedAt).Days, ["clicks"] = figures.Clicks, ["orders"] = figures.Orders, ["orders_month"] = figures.OrdersMonth,
        ["net"] = new Money(figures.NetMinor, figures.Currency).Amount, ["net_month"] = new Money(figures.NetMonthMinor, figures.Currency).Amount,
        ["conversion"] = figures.Clicks > 0 ? (double)figures.Orders / figures.Clicks : 0,
        ["idle_days"] = new[] { figures.LastClick, figures.LastOrder }.Max() is { } last ? (figures.Day - last).Days : 9999, ["segments"] = new ScriptArray(segments),
    };

    static ScriptObject Sample() => new()
    {
        ["code"] = "", ["locale"] = "", ["group"] = "", ["country"] = "", ["source"] = "", ["days"] = 1, ["clicks"] = 1L, ["orders"] = 1L, ["orders_month"] = 1L, ["net"] = 1m,
        ["net_month"] = 1m, ["conversion"] = 1.0, ["idle_days"] = 1, ["segments"] = new ScriptArray(),
    };

    object? Evaluate(ScriptObject values)
    {
        using var time = new CancellationTokenSource(Limit);
        var context = new TemplateContext { StrictVariables = true, EnableRelaxedMemberAccess = false, LoopLimit = 100, RecursiveLimit = 20, RegexTimeOut = Limit, CancellationToken = time.Token };
        context.PushGlobal(values);
        try
        {
            return context.Evaluate(expression);
        }
        catch (Exception e) when (e is ArithmeticException or InvalidOperationException)
        {
            throw new ScriptRuntimeException(expression.Span, e.Message);
        }
    }

    // What is missing at the end has no place: there it is the end of the text.
    static string Place(SourceSpan span, string text) => span.Start.Line >= 0 ? $"line {span.Start.Line + 1}, column {span.Start.Column + 1}"
        : $"line {text.Count(c => c == '\n') + 1}, column {text.Length - text.LastIndexOf('\n')}";
}
