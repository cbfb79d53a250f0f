using Scriban;
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

    string Run(ScriptObject values, Func<TemplateContext, string> work)
    {
        using var time = new CancellationTokenSource(Limit);
        var context = new TemplateContext
        {
            TemplateLoader = files, StrictVariables = true, EnableRelaxedMemberAccess = false, EnableRelaxedTargetAccess = false, LoopLimit = 10_000,
            RecursiveLimit = 40, RegexTimeOut = TimeSpan.FromSeconds(1), LimitToString = 4_000_000, CancellationToken = time.Token,
        };
        foreach (var include in files.In("includes", ".html"))
            context.CachedTemplates[include] = files.Parse(include);
        context.PushGlobal(values);
        try
        {
            return work(context);
        }
        catch (ScriptAbortException e)
        {
            throw new PageException($"{e.Span}: the template takes longer than {Limit.TotalSeconds:0} seconds.");
        }
        catch (ScriptRuntimeException e)
        {
            throw new PageException(e.Message);
        }
    }
}
