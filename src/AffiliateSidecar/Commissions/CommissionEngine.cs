using System.Globalization;

namespace AffiliateSidecar.Commissions;

/// <summary>One step from order lines to amount.</summary>
/// <param name="Step"><c>line</c>, <c>refund</c>, <c>cap</c>, <c>status</c> or <c>total</c>.</param>
/// <param name="Line">The order line's id, where the step is about one.</param>
/// <param name="Rule">The rule that decided.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Amount">What the step comes to; of a cap, what it takes off: negative.</param>
public sealed record ExplanationStep(string Step, string? Line, string? Rule, string Text, Money Amount);

/// <summary>What an order deserves in its present state.</summary>
/// <param name="Amount">Commission net of refunds; zero in states that do not earn.</param>
/// <param name="Base">Net base before refunds.</param>
/// <param name="Refunded">Paid back, gross; never more than the order's total.</param>
/// <param name="FullyRefunded">Nothing of a base that was there is left.</param>
/// <param name="Explanation">Ordered steps.</param>
sealed record Deserved(Money Amount, Money Base, Money Refunded, bool FullyRefunded, IReadOnlyList<ExplanationStep> Explanation)
{
    /// <summary>What is left of the base after refunds; zero in states that do not earn.</summary>
    public required Money NetSales { get; init; }

    /// <summary>The amount by rule, in minor units.</summary>
    public required IReadOnlyDictionary<string, long> ByRule { get; init; }
}

/// <summary>A pure function from an order, its refunds, the rules and what other orders say to an amount and its explanation.</summary>
/// <param name="pluginRules">Asked before the program's own rules, in their order.</param>
sealed class CommissionEngine(IEnumerable<ICommissionRule> pluginRules)
{
    readonly ICommissionRule[] pluginRules = [.. pluginRules];

    /// <param name="weighed">Where somebody asks: what every rule had to say of every line.</param>
    public Deserved Deserve(Order order, IReadOnlyCollection<Refund> refunds, RuleSet rules, Earner earner, OtherOrders? others = null,
        List<RuleWeighed>? weighed = null)
    {
        var lines = BaseLines.Of(order, refunds, rules.Program);
        var steps = new List<ExplanationStep>();
        var byRule = new Dictionary<string, long>(StringComparer.Ordinal);
        var rated = lines.Select(l => l.Rated).ToArray();
        foreach (var line in lines)
            Rate(line, Context(order, line.Rated, rated, earner, others ?? OtherOrders.None), rules, byRule, steps, weighed);
        foreach (var rule in RuleChain.Of(rules))
            if (rule.Data.Caps is { } caps && byRule.TryGetValue(rule.Id, out var pays) && RuleLimit.Of(rule.Data, caps, order, others ?? OtherOrders.None) is var limit && pays > limit.Minor)
            {
                byRule[rule.Id] = limit.Minor;
                steps.Add(new("cap", null, rule.Id, limit.Text, new Money(limit.Minor - pays, order.Currency)));
            }
        var earns = OrderStatus.Earns(order.Status, order.PaymentMethod);
        if (!earns)
        {
            byRule.Clear();
            steps.Add(new("status", null, null, order is { Status: OrderStatus.Processing, PaymentMethod: "cod" }
                ? "cash on delivery earns when the order is completed"
                : $"an order that is {order.Status} earns nothing", Money.Zero(order.Currency)));
        }
        long total = 0;
        foreach (var part in byRule.Values)
            total = checked(total + part);
        var amount = new Money(total, order.Currency);
        steps.Add(new("total", null, null, $"commission of order {order.ExternalId}", amount));
        var (all, left) = (lines.Sum(l => l.Rated.Base), lines.Sum(l => l.Left));
        return new(amount, Money.Round(all, order.Currency), Money.Round(Math.Min(refunds.Sum(r => r.Amount), order.Total), order.Currency),
            all > 0 && left == 0, steps)
        {
            NetSales = Money.Round(earns ? left : 0, order.Currency), ByRule = byRule,
        };
    }

    /// <summary>The line's commission, rounded once, and then what is still deserved of it.</summary>
    void Rate(BaseLine baseLine, RuleContext context, RuleSet rules, Dictionary<string, long> byRule, List<ExplanationStep> steps, List<RuleWeighed>? weighed)
    {
        var (order, line, (lineBase, left)) = (context.Order, context.Line, (context.LineBase, baseLine.Left));
        RuleResult? result = null;
        foreach (var rule in pluginRules.Concat(RuleChain.Of(rules)))
        {
            if (result is null)
                result = rule.Apply(context);
            else if (weighed is null)
                break;
            weighed?.Add(RuleWeighed.Of(rule, context, result));
        }
        if (result is null)
            return;
        var full = Money.RoundToMinor(result.Commission, order.Currency);
        steps.Add(new("line", line.ExternalId, result.RuleId, $"{line.Name ?? line.ExternalId}: {result.Text}", new Money(full, order.Currency)));
        var deserved = full;
        if (left != lineBase)
        {
            deserved = left == 0 ? 0 : decimal.ToInt64(decimal.Round(full * left / lineBase, 0, MidpointRounding.ToEven));
            steps.Add(new("refund", line.ExternalId, null,
                string.Create(CultureInfo.InvariantCulture, $"{left:0.00} of {lineBase:0.00} {order.Currency} is left after refunds"), new Money(deserved, order.Currency)));
        }
        byRule[result.RuleId] = checked(byRule.GetValueOrDefault(result.RuleId) + deserved);
    }

    static RuleContext Context(Order order, RatedLine line, IReadOnlyList<RatedLine> lines, Earner earner, OtherOrders others) =>
        new(order, line.Line, line.Base, earner.Code)
        {
            PartnerId = earner.Id, PartnerGroup = earner.Group, Lines = lines, CustomerIsNew = order.Customer.IsNew ?? others.CustomerIsNew,
            CustomerSince = others.CustomerSince ?? (order.Customer.IsNew == true ? order.PlacedAt : null), SalesSoFar = others.SalesSoFar,
        };
}
