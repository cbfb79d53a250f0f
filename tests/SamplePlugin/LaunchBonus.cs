using AffiliateSidecar;

namespace SamplePlugin;

/// <summary>Every piece of the new product earns a fixed amount instead of a percentage.</summary>
public sealed class LaunchBonus : ICommissionRule
{
    const string Sku = "LAUNCH-1";
    const decimal Each = 5;

    public string Id => "launch-bonus";

    public RuleResult? Apply(RuleContext context) => context is { Line: { Sku: Sku, Quantity: > 0 }, LineBase: > 0 }
        ? new RuleResult(Id, context.Line.Quantity * Each, $"{context.Line.Quantity} × {Each:0.00} {context.Order.Currency} launch bonus")
        : null;
}
