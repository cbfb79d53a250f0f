using System.Buffers;
using System.Collections.Frozen;

namespace AffiliateSidecar.Site;

/// <summary>
/// Takes out what a browser does not show: comments, and white space that is none on the page. One pass, because it runs over every page of a
/// large site; pre, textarea, script and style stay as they are.
/// </summary>
static class HtmlMinifier
{
    static readonly SearchValues<char> Space = SearchValues.Create(" \t\n\r\f"), NameEnd = SearchValues.Create(" \t\n\r\f/>");

    /// <summary>White space beside these is not shown.</summary>
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Blocks = FrozenSet.ToFrozenSet(
    [
        "!doctype", "address", "article", "aside", "base", "blockquote", "body", "br", "caption", "col", "colgroup", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "legend", "li", "link", "main", "menu", "meta", "nav", "ol", "optgroup", "option",
        "p", "pre", "script", "section", "style", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul",
    ], StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every thread works in its own: a large site has as many bodies as pages.</summary>
    [ThreadStatic]
    static ArrayBufferWriter<char>? buffer;

    /// <param name="html">Markup.</param>
    /// <param name="spell">How the language writes running text; not applied to code.</param>
    public static string Minify(string html, Func<string, string>? spell = null)
    {
        var code = 0;
        var output = buffer ??= new ArrayBufferWriter<char>(html.Length + 1);
        output.ResetWrittenCount();
        var rest = html.AsSpan();
        var afterBlock = true;
        while (rest.Length > 0)
        {
            var text = rest[..Until(rest, "<")];
            if (text.Length > 0)
            {
                rest = rest[text.Length..];
                if (spell is not null && code == 0 && text.ContainsAnyExcept(Space))
                    text = spell(text.ToString());
                afterBlock = !Text(output, text, afterBlock, rest.Length == 0 || (!rest.StartsWith("<!--") && Blocks.Contains(Name(rest)))) && afterBlock;
            }
            else if (rest.StartsWith("<!--"))
                rest = rest[Math.Min(rest.Length, Until(rest, "-->") + 3)..];
            else
            {
                var tag = rest[..TagLength(rest)];
                var name = Name(tag);
                Tag(output, tag);
                rest = rest[tag.Length..];
                afterBlock = Blocks.Contains(name);
                if (name is "code" or "kbd" or "samp")
                    code = Math.Max(0, code + (tag[1] == '/' ? -1 : 1));
                if (tag is not ['<', '/', ..] && Verbatim(name) is { } end)
                {
                    var kept = rest[..Until(rest, end)];
                    output.Write(kept);
                    rest = rest[kept.Length..];
                }
            }
        }
        return output.WrittenSpan.ToString();
    }

    static string? Verbatim(ReadOnlySpan<char> name) =>
        name.Equals("pre", StringComparison.OrdinalIgnoreCase) ? "</pre"
        : name.Equals("script", StringComparison.OrdinalIgnoreCase) ? "</script"
        : name.Equals("style", StringComparison.OrdinalIgnoreCase) ? "</style"
        : name.Equals("textarea", StringComparison.OrdinalIgnoreCase) ? "</textarea" : null;

    static int Until(ReadOnlySpan<char> text, string mark) => text.IndexOf(mark, mark.Length > 3 ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal) is >= 0 and var at ? at : text.Length;

    /// <summary>Of the tag at the beginning, without its slash.</summary>
    static ReadOnlySpan<char> Name(ReadOnlySpan<char> tag)
    {
        var name = tag[(tag.Length > 1 && tag[1] == '/' ? 2 : 1)..];
        return name[..(name.IndexOfAny(NameEnd) is >= 0 and var end ? end : name.Length)];
    }

    /// <summary>A quoted value may have a &gt; in it.</summary>
    static int TagLength(ReadOnlySpan<char> tag)
    {
        for (var at = 1; at < tag.Length; at++)
            if (tag[at] == '>')
                return at + 1;
            else if (tag[at] is '"' or '\'' && tag[at - 1] == '=' && tag[(at + 1)..].IndexOf(tag[at]) is >= 0 and var length)
                at += length + 1;
        return tag.Length;
    }

    static void Tag(ArrayBufferWriter<char> output, ReadOnlySpan<char> tag)
    {
        while (tag.IndexOfAny(Space) is >= 0 and var space)
        {
            // Up to the next value, one space for many.
            output.Write(tag[..space]);
            tag = tag[space..].TrimStart(" \t\n\r\f");
            if (tag is not ['>', ..])
                output.Write(" ");
            while (tag.IndexOfAny("\"'") is >= 0 and var quote && tag[..quote].IndexOfAny(Space) < 0 && tag[(quote + 1)..].IndexOf(tag[quote]) is >= 0 and var length)
            {
                output.Write(tag[..(quote + length + 2)]);
                tag = tag[(quote + length + 2)..];
            }
        }
        output.Write(tag);
    }

    /// <summary>True where something is left of the text.</summary>
    static bool Text(ArrayBufferWriter<char> output, ReadOnlySpan<char> text, bool afterBlock, bool beforeBlock)
    {
        if (afterBlock)
            text = text.TrimStart(" \t\n\r\f");
        if (beforeBlock)
            text = text.TrimEnd(" \t\n\r\f");
        var any = text.Length > 0;
        while (text.IndexOfAny(Space) is >= 0 and var space)
        {
            output.Write(text[..space]);
            output.Write(" ");
            text = text[space..].TrimStart(" \t\n\r\f");
        }
        output.Write(text);
        return any;
    }
}
