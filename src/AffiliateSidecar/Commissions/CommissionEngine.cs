using System.Globalization;
using AffiliateSidecar.Commissions.Rules;

namespace AffiliateSidecar.Commissions;

/// <summary>One step from order lines to amount.</summary>
/// <param name="Step"><c>line</c>, <c>refund</c>, <c>status</c> or <c>total</c>.</param>
/// <param name="Line">The order line's id, where the step is about one.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Amount">What the step comes to.</param>
public sealed record ExplanationStep(string Step, string? Line, string? Rule, string Text, Money Amount);

/// <summary>What an order deserves in its present state.</summary>
/// <param name="Amount">Commission net of refunds; zero in states that do not earn.</param>
/// <param name="Base">Net base before refunds.</param>
/// <param name="Refunded">Paid back, gross; never more than the order's total.</param>
/// <param name="FullyRefunded">Nothing of a base that was there is left.</param>
/// <param name="Explanation">Ordered steps.</param>
sealed record Deserved(Money Amount, Money Base, Money Refunded, bool FullyRefunded, IReadOnlyList<ExplanationStep> Explanation);

/// <summary>A pure function from an order, its refunds and the rules to an amount and its explanation.</summary>
/// <param name="pluginRules">Asked before the program's own rules, in their order.</param>
sealed class CommissionEngine(IEnumerable<ICommissionRule> pluginRules)
{
    readonly ICommissionRule[] pluginRules = [.. pluginRules];

    public Deserved Deserve(Order order, IReadOnlyCollection<Refund> refunds, RuleSet rules, string partnerCode)
    {
        var bases = LineBases.Of(order);
        var remaining = RefundedBases.Remaining(order, bases, refunds);
        var steps = new List<ExplanationStep>();
        var chain = Chain(rules);
        long total = 0;
        for (var i = 0; i < bases.Length; i++)
            total = checked(total + Line(order, order.Lines[i], bases[i], remaining[i], chain, partnerCode, steps));
        if (!OrderStatus.Earns(order.Status, order.PaymentMethod))
        {
            total = 0;
            steps.Add(new("status", null, null, order is { Status: OrderStatus.Processing, PaymentMethod: "cod" }
                ? "cash on delivery earns when the order is completed"
                : $"an order that is {order.Status} earns nothing", Money.Zero(order.Currency)));
        }
        var amount = new Money(total, order.Currency);
        steps.Add(new("total", null, null, $"commission of order {order.ExternalId}", amount));
        return new(amount, Money.Round(bases.Sum(), order.Currency), Money.Round(Math.Min(refunds.Sum(r => r.Amount), order.Total), order.Currency),
            bases.Sum() > 0 && remaining.Sum() == 0, steps);
    }

    /// <summary>The line's commission, rounded once, and then what is still deserved of it.</summary>
    static long Line(Order order, OrderLine line, decimal lineBase, decimal left, IReadOnlyList<ICommissionRule> chain, string partnerCode,
        List<ExplanationStep> steps)
    {
        var context = new RuleContext(order, line, lineBase, partnerCode);
        var result = chain.Select(rule => rule.Apply(context)).FirstOrDefault(r => r is not null);
        if (result is null)
            return 0;
        var full = Money.RoundToMinor(result.Commission, order.Currency);
        steps.Add(new("line", line.ExternalId, result.RuleId, $"{line.Name ?? line.ExternalId}: {result.Text}", new Money(full, order.Currency)));
        if (left == lineBase)
            return full;
        var deserved = left == 0 ? 0 : decimal.ToInt64(decimal.Round(full * left / lineBase, 0, MidpointRounding.ToEven));
        steps.Add(new("refund", line.ExternalId, null,
            string.Create(CultureInfo.InvariantCulture, $"{left:0.00} of {lineBase:0.00} {order.Currency} is left after refunds"), new Money(deserved, order.Currency)));
        return deserved;
    }

    ICommissionRule[] Chain(RuleSet rules) =>
        [.. pluginRules, .. rules.Rules.Select(ICommissionRule (r) => r.Kind == "fixed" ? new FixedRule(r) : new PercentRule(r))];
}
