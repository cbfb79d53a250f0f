using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Commissions;

/// <summary>What attributes cannot say of a rule set: each mistake beside its member, such as <c>rules[2].caps.per_order</c>.</summary>
sealed class RuleMistakes
{
    /// <summary>No amount of an order reaches it, so no commission can leave the range of the ledger.</summary>
    const decimal Most = 1_000_000_000_000m;

    readonly Dictionary<string, string[]> found = [];

    public static Dictionary<string, string[]> Of(RuleSet set, PartnerSnapshot partners)
    {
        if (set.Format is < 1 or > RuleSet.KnownFormat)
            return new() { ["format"] = [$"These rules have format {set.Format}; this version of the program knows {RuleSet.KnownFormat}. A newer version wrote them."] };
        var mistakes = new RuleMistakes();
        mistakes.Program(set.Program, partners);
        for (var i = 0; i < set.Rules.Count; i++)
        {
            mistakes.Rule($"rules[{i}]", set.Rules[i], partners);
            mistakes.Check(set.Rules.Take(i).All(r => r.Id != set.Rules[i].Id), $"rules[{i}].id", $"Two rules have the id '{set.Rules[i].Id}'.");
        }
        mistakes.Recruiting(set.Recruiting);
        for (var i = 0; i < set.Bonuses.Count; i++)
            mistakes.Bonus($"bonuses[{i}]", set.Bonuses[i], set.Bonuses.Take(i).All(b => b.Id != set.Bonuses[i].Id));
        foreach (var (index, message) in RuleShadows.Of(set.Rules))
            mistakes.Check(false, $"rules[{index}]", message);
        return mistakes.found;
    }

    /// <summary>The same for rules inside a request's member.</summary>
    public static Dictionary<string, string[]> Of(RuleSet? set, PartnerSnapshot partners, string member) =>
        set is null ? [] : Of(set, partners).ToDictionary(m => $"{member}.{m.Key}", m => m.Value);

    void Check(bool fine, string member, string message)
    {
        if (!fine)
            found.TryAdd(member, [message]);
    }

    void Program(ProgramPolicy program, PartnerSnapshot partners)
    {
        Check(Currency.IsKnown(program.Currency), "program.currency", $"The currency '{program.Currency}' is not known.");
        Amount("program.minimum_payout", program.MinimumPayout, "The minimum payout");
        foreach (var (currency, minimum) in program.MinimumPayouts ?? new Dictionary<string, DecimalText>())
        {
            Check(Currency.IsKnown(currency), $"program.minimum_payouts.{currency}", $"The currency '{currency}' is not known.");
            Amount($"program.minimum_payouts.{currency}", minimum, "The minimum payout");
        }
        Binding("program.customer_binding", program.CustomerBinding);
        for (var i = 0; i < program.Policies.Count; i++)
        {
            var (policy, member) = (program.Policies[i], $"program.policies[{i}]");
            Check(policy.Group is null != policy.Partner is null, member, "A policy is for a group or for a partner.");
            KnownPartner($"{member}.partner", policy.Partner, partners);
            Binding($"{member}.customer_binding", policy.CustomerBinding);
            Check(program.Policies.Take(i).All(p => (p.Group, p.Partner) != (policy.Group, policy.Partner)), member,
                $"There are two policies for {policy.Group ?? policy.Partner}.");
        }
    }

    void Recruiting(Recruiting? recruiting)
    {
        if (recruiting is null)
            return;
        Check(recruiting.Rate.Value is >= 0 and <= 100, "recruiting.rate", "A percentage from 0 to 100.");
        Amount("recruiting.most", recruiting.Most, "The most");
        Check(recruiting.Most is null == recruiting.Currency is null, "recruiting.currency", "The currency of the most, where there is one.");
        Check(recruiting.Currency is null || Currency.IsKnown(recruiting.Currency), "recruiting.currency", $"The currency '{recruiting.Currency}' is not known.");
    }

    void Bonus(string at, Bonus bonus, bool isFirst)
    {
        Check(isFirst, $"{at}.id", $"Two bonuses have the id '{bonus.Id}'.");
        Check(bonus.NetSales is null != bonus.Orders is null, at, "The target is net sales or a number of orders.");
        Amount($"{at}.net_sales", bonus.NetSales, "The target");
        Amount($"{at}.amount", bonus.Amount, "The bonus");
        Check(Currency.IsKnown(bonus.Currency), $"{at}.currency", $"The currency '{bonus.Currency}' is not known.");
    }

    void Binding(string member, CustomerBinding? binding) =>
        Check(binding is null || binding.Mode == CustomerBinding.Months == binding.Count is not null, $"{member}.count", "The number of months, with the mode 'months' and no other.");

    void KnownPartner(string member, string? partner, PartnerSnapshot partners) =>
        Check(partner is null || partners.Find(partner) is not null || (Storage.PublicId.NumberOf(Storage.PublicId.Partner, partner) is { } id && partners.ById.ContainsKey(id)), member,
            $"No partner has the code or id '{partner}'.");

    void Rule(string at, RuleData rule, PartnerSnapshot partners)
    {
        Rate($"{at}.rate", rule, rule.Rate);
        Check(rule.Currency is null || Currency.IsKnown(rule.Currency), $"{at}.currency", $"The currency '{rule.Currency}' is not known.");
        Check(rule.Per is null || rule.Kind == RuleData.Fixed, $"{at}.per", "Only a fixed amount is per order or per item.");
        Check(rule.Currency is not null || rule.Kind != RuleData.Fixed, $"{at}.currency", "A fixed amount needs a currency.");
        Check(rule.Currency is not null || (rule.Caps, rule.Tiers, rule.Conditions?.MinimumOrder) is (null, null, null), $"{at}.currency",
            "Caps, tiers and a minimum are amounts: they need a currency.");
        Check(rule.EffectiveFrom is not { Year: < 2000 or > 2199 }, $"{at}.effective_from", "A time between the years 2000 and 2199; leave it out for all orders.");
        Check(rule.EffectiveTo is not { Year: < 2000 or > 2199 }, $"{at}.effective_to", "A time between the years 2000 and 2199; leave it out where there is no end.");
        Check(rule.EffectiveTo is not { } to || rule.EffectiveFrom is not { } from || from < to, $"{at}.effective_to", "The rule ends before it begins.");
        if (rule.Scope is { } scope)
        {
            Check(scope.Category is null || scope.Product is null, $"{at}.scope", "A rule is for a category or for a product, not for both.");
            Check(scope.Group is null || scope.Partner is null, $"{at}.scope", "A rule is for a group or for a partner, not for both.");
            KnownPartner($"{at}.scope.partner", scope.Partner, partners);
        }
        if (rule.Conditions is { } conditions)
        {
            Check(conditions.Countries?.All(c => c.Length == 2 && c.All(char.IsAsciiLetter)) != false, $"{at}.conditions.countries", "Two letters each, such as DE.");
            Amount($"{at}.conditions.minimum_order", conditions.MinimumOrder, "The minimum");
        }
        if (rule.Caps is { } caps)
        {
            Amount($"{at}.caps.per_order", caps.PerOrder, "The cap");
            Amount($"{at}.caps.per_customer", caps.PerCustomer, "The cap");
            Amount($"{at}.caps.per_period.amount", caps.PerPeriod?.Amount, "The cap");
        }
        for (var i = 0; i < (rule.Tiers?.Steps.Count ?? 0); i++)
        {
            var step = rule.Tiers!.Steps[i];
            Rate($"{at}.tiers.steps[{i}].rate", rule, step.Rate);
            Amount($"{at}.tiers.steps[{i}].from", step.From, "The step");
            Check(i == 0 || rule.Tiers.Steps[i - 1].From < step.From, $"{at}.tiers.steps[{i}].from",
                $"Step {i + 1} begins at {step.From.Value}, where step {i} holds already: they overlap. Steps ascend.");
        }
    }

    void Rate(string member, RuleData rule, DecimalText rate)
    {
        Check(rate.Value >= 0, member, "The rate is negative.");
        Check(rule.Kind != RuleData.Percent || rate.Value <= 100, member, "More than 100 % of the net base.");
        Check(rate.Value < Most, member, "The rate is too large.");
    }

    void Amount(string member, DecimalText? amount, string what)
    {
        Check(amount is null or { Value: >= 0 }, member, $"{what} is negative.");
        Check(amount is null or { Value: < Most }, member, $"{what} is too large.");
    }
}
