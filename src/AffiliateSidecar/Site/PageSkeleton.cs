using System.Buffers;
using System.Text;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace AffiliateSidecar.Site;

/// <summary>
/// A page of data of which all but its own texts is known: the templates run once, with marks in the place of the texts, and every further page is
/// the same bytes with other texts between. A template that decides something by such a text has no skeleton.
/// </summary>
sealed class PageSkeleton
{
    const char Open = '\ue000', Close = '\ue001';
    const int FirstSlot = 0xe100;

    readonly (byte[] Before, int Slot, bool Escaped)[] parts;
    readonly byte[] end;

    PageSkeleton((byte[], int, bool)[] parts, byte[] end) => (this.parts, this.end) = (parts, end);

    /// <summary>Null where the marks did not come through the templates as they went in.</summary>
    /// <param name="html">A page with marks.</param>
    public static PageSkeleton? Parse(string html)
    {
        var parts = new List<(byte[], int, bool)>();
        var at = 0;
        while (html.IndexOf(Open, at) is >= 0 and var open)
        {
            var close = html.IndexOf(Close, open);
            if (close < open + 3)
                return null;
            var escaped = html[(open + 2)..close] switch { "&amp;" => true, "&" => false, _ => (bool?)null };
            if (escaped is null)
                return null;
            parts.Add((Encoding.UTF8.GetBytes(html[at..open]), html[open + 1] - FirstSlot, escaped.Value));
            at = close + 1;
        }
        return html.IndexOf(Close, at) >= 0 ? null : new([.. parts], Encoding.UTF8.GetBytes(html[at..]));
    }

    /// <summary>A page of the skeleton's kind.</summary>
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<string?> texts)
    {
        foreach (var (before, slot, escaped) in parts)
        {
            output.Write(before);
            var text = texts[slot] ?? "";
            Encoding.UTF8.GetBytes(escaped ? Escape(text) : text, output);
        }
        output.Write(end);
    }

    static readonly SearchValues<char> Special = SearchValues.Create([.. "<>&\"'", .. Enumerable.Range(0xa0, 0x60).Select(c => (char)c)]);

    /// <summary>As <c>html.escape</c> does.</summary>
    static string Escape(string text) => text.AsSpan().ContainsAny(Special) || text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? System.Net.WebUtility.HtmlEncode(text) : text;

    /// <summary>The value that stands for a text while the templates run: it is there, and can be printed and escaped. Whatever else is done with it is an error.</summary>
    public static object Mark(int slot) => new Slot($"{Open}{(char)(FirstSlot + slot)}&{Close}");

    sealed class Slot(string mark) : IScriptCustomBinaryOperation
    {
        public override string ToString() => mark;

        bool IScriptCustomBinaryOperation.TryEvaluate(TemplateContext context, SourceSpan span, ScriptBinaryOperator op, SourceSpan leftSpan, object? leftValue, SourceSpan rightSpan,
            object? rightValue, out object? result) => throw new ScriptRuntimeException(span, "The template decides something by a page's own text.");
    }
}
