using AffiliateSidecar;

namespace BrokenPlugin;

/// <summary>Misbehaves as the file <c>behaviour</c> beside it says.</summary>
public sealed class Broken : ISidecarPlugin
{
    readonly string behaviour = File.ReadAllText(Path.Combine(Path.GetDirectoryName(typeof(Broken).Assembly.Location)!, "behaviour"));

    public Broken()
    {
        if (behaviour == "throw-in-constructor")
            throw new InvalidOperationException("no licence");
    }

    public void Register(IPluginRegistry registry)
    {
        switch (behaviour)
        {
            case "throw-in-register":
                registry.Add(new Rule("rule-before-the-throw", _ => null));
                throw new InvalidOperationException("out of order");
            case "hang-in-register":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "same-id-twice":
                registry.Add(new Rule("twice", _ => null));
                registry.Add(new Rule("twice", _ => null));
                break;
            case "foreign-templates":
                registry.AddTemplates("../../");
                break;
            case "throw-at-work":
                registry.Add(new Rule("throwing-rule", _ => throw new InvalidOperationException("division by cucumber")));
                registry.Add(new Signal("throwing-signal", Throw()));
                break;
            case "hang-at-work":
                registry.Add(new Rule("hanging-rule", _ =>
                {
                    Thread.Sleep(Timeout.Infinite);
                    return null;
                }));
                break;
            case "nonsense-at-work":
                registry.Add(new Rule("nonsense-rule", _ => new RuleResult("x", decimal.MaxValue, "all the money there is")));
                registry.Add(new Signal("endless-signal", Endless()));
                break;
        }
    }

    static IEnumerable<Finding> Throw()
    {
        yield return new Finding(1, "suspicious", ["x"], "x", 1, 0);
        throw new InvalidOperationException("in the middle");
    }

    static IEnumerable<Finding> Endless()
    {
        while (true)
            yield return new Finding(1, "suspicious", ["x"], "x", 1, 0);
    }

    sealed class Rule(string id, Func<RuleContext, RuleResult?> apply) : ICommissionRule
    {
        public string Id => id;

        public RuleResult? Apply(RuleContext context) => apply(context);
    }

    sealed class Signal(string id, IEnumerable<Finding> findings) : IFraudSignal
    {
        public string Id => id;

        public string Family => "broken";

        public IEnumerable<Finding> Evaluate(ProgramFigures program) => findings;
    }
}
