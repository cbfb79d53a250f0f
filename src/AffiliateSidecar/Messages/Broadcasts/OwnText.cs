using AffiliateSidecar.Templates;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>A text of the owner's own, with expressions. What is wrong with it is found when it is saved and not in the middle of a run.</summary>
sealed class OwnText(TemplateFiles files, string text)
{
    readonly Template template = Template.Parse(text, "text");

    /// <exception cref="PageException">With line, column and reason.</exception>
    public string Render(ScriptObject values, Func<string, string> escape) => new Renderer(files).Render(template, values, escape);

    /// <summary>A sentence for the first mistake; null: it can be sent.</summary>
    /// <param name="samples">Values of readers who differ; the first has everything.</param>
    /// <param name="escape">As it will be written.</param>
    public string? Mistake(IReadOnlyList<ScriptObject> samples, Func<string, string> escape)
    {
        if (template.HasErrors)
            return Sentence(template.Messages[0].Span.Start, template.Messages[0].Message);
        // Branches that no sample takes are looked at, too.
        var names = new Names(samples[0]);
        names.Visit(template.Page);
        if (names.Mistake is { } unknown)
            return Sentence(unknown.Place, unknown.Reason);
        try
        {
            foreach (var sample in samples)
                Render(sample, escape);
            return null;
        }
        catch (PageException e)
        {
            return e.Place is { } place ? Sentence(place, e.Reason) : e.Reason;
        }
    }

    // What is missing at the end has no place: there it is the end of the text.
    string Sentence(TextPosition place, string reason) => place.Line >= 0 ? $"line {place.Line + 1}, column {place.Column + 1}: {reason}"
        : $"line {text.Count(c => c == '\n') + 1}, column {text.Length - text.LastIndexOf('\n')}: {reason}";

    /// <summary>Looks whether every name means something.</summary>
    sealed class Names(ScriptObject known) : ScriptVisitor
    {
        readonly HashSet<string> own = new(StringComparer.Ordinal);
        readonly ScriptObject builtIn = TemplateContext.GetDefaultBuiltinObject();

        public (TextPosition Place, string Reason)? Mistake { get; private set; }

        public override void Visit(ScriptForStatement node)
        {
            Add(node.Variable);
            base.Visit(node);
        }

        public override void Visit(ScriptAssignExpression node)
        {
            Add(node.Target);
            base.Visit(node);
        }

        public override void Visit(ScriptCaptureStatement node)
        {
            Add(node.Target);
            base.Visit(node);
        }

        public override void Visit(ScriptVariableGlobal node)
        {
            if (!own.Contains(node.Name) && !known.ContainsKey(node.Name) && !builtIn.ContainsKey(node.Name))
                Mistake ??= (node.Span.Start, $"There is no '{node.Name}'. There are: {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
        }

        public override void Visit(ScriptMemberExpression node)
        {
            // What is said of the member's name alone is nonsense.
            if (node.Target is { } target)
                Visit(target);
            if (Of(node.Target) is ScriptObject members && !members.ContainsKey(node.Member!.Name))
                Mistake ??= (node.Member.Span.Start, $"'{node.Target}' has no '{node.Member.Name}'. It has: {string.Join(", ", members.Keys.Order(StringComparer.Ordinal))}.");
        }

        void Add(ScriptExpression? target)
        {
            if (target is ScriptVariableGlobal variable)
                own.Add(variable.Name);
        }

        object? Of(ScriptExpression? expression) => expression switch
        {
            ScriptVariableGlobal variable when !own.Contains(variable.Name) => known.TryGetValue(variable.Name, out var value) || builtIn.TryGetValue(variable.Name, out value) ? value : null,
            ScriptMemberExpression member => Of(member.Target) is ScriptObject members && members.TryGetValue(member.Member!.Name, out var value) ? value : null,
            _ => null,
        };
    }
}
