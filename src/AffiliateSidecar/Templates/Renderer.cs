using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace AffiliateSidecar.Templates;

/// <summary>
/// Runs a template. A misspelt member or an unknown text stops the build; loops, recursion, expressions and time are limited.
/// Nothing is escaped here: every value in a template goes through <c>html.escape</c>.
/// </summary>
sealed class Renderer(TemplateFiles files)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <exception cref="PageException">With template, line and reason.</exception>
    public string Render(string name, ScriptObject values)
    {
        var template = files.Parse(name);
        return Run(values, context => template.Render(context));
    }

    /// <summary>What a template says of itself before its text: title, description, where it goes.</summary>
    public ScriptObject FrontMatter(string name, ScriptObject values)
    {
        var matter = new ScriptObject();
        if (files.Parse(name).Page?.FrontMatter is { } script)
            Run(values, context =>
            {
                context.PushGlobal(matter);
                context.Evaluate(script);
                context.PopGlobal();
                return "";
            });
        return matter;
    }

    /// <summary>A text that somebody has written and that is no file of ours: it includes no file, and what its expressions come to is escaped where it is written.</summary>
    /// <exception cref="PageException">With line, column and reason.</exception>
    public string Render(Template template, ScriptObject values, Func<string, string> escape) => Run(values, context =>
    {
        context.TemplateLoader = null;
        return template.Render(context);
    }, new EscapingContext(escape));

    string Run(ScriptObject values, Func<TemplateContext, string> work, TemplateContext? own = null)
    {
        using var time = new CancellationTokenSource(Limit);
        var context = Limited(own ?? new TemplateContext(), time.Token);
        context.PushGlobal(values);
        try
        {
            return work(context);
        }
        catch (ScriptAbortException e)
        {
            throw new PageException($"{e.Span}: the template takes longer than {Limit.TotalSeconds:0} seconds.") { Place = e.Span.Start };
        }
        catch (ScriptRuntimeException e)
        {
            throw new PageException(e.Message) { Place = e.Span.Start, Reason = e.OriginalMessage };
        }
        catch (Exception e) when (e is ArithmeticException or InvalidOperationException)
        {
            // A division by zero, a list out of its bounds: the template language lets these through as they are.
            throw new PageException(e.Message);
        }
    }

    TemplateContext Limited(TemplateContext context, CancellationToken time)
    {
        (context.TemplateLoader, context.StrictVariables, context.EnableRelaxedMemberAccess, context.EnableRelaxedTargetAccess) = (files, true, false, false);
        (context.LoopLimit, context.RecursiveLimit, context.LimitToString) = (10_000, 40, 4_000_000);
        (context.RegexTimeOut, context.CancellationToken) = (TimeSpan.FromSeconds(1), time);
        return context;
    }

    /// <summary>Nobody who writes a mail has to think of what a partner has written into his name.</summary>
    sealed class EscapingContext(Func<string, string> escape) : TemplateContext
    {
        public override TemplateContext Write(SourceSpan span, object? textAsObject)
        {
            if (textAsObject is not null)
                Write(textAsObject is Markup markup ? markup.Text : escape(ObjectToString(textAsObject) ?? ""));
            return this;
        }
    }
}

/// <summary>A value that is markup already.</summary>
sealed record Markup(string Text);
