using AffiliateSidecar.Commissions;
using AffiliateSidecar.Templates;
using Scriban.Runtime;

namespace AffiliateSidecar.Site;

/// <summary>
/// What the pages say of the program: made from the live rules, with sums by the commission engine. Nothing else on the site
/// knows a rate, so no page can promise what the engine does not pay.
/// </summary>
sealed class SiteModel
{
    readonly RuleSet rules;
    readonly RuleData rule;
    readonly Example example;
    readonly EarningTable earnings;

    /// <param name="rules">The newest version.</param>
    /// <exception cref="PageException">No rule applies now.</exception>
    public SiteModel(RuleSet rules, CommissionEngine engine, DateTimeOffset now)
    {
        this.rules = rules;
        var inForce = RuleChain.Ranked(rules.Rules).Where(r => (r.EffectiveFrom is null || r.EffectiveFrom <= now) && (r.EffectiveTo is null || r.EffectiveTo > now)).ToList();
        rule = inForce.FirstOrDefault(r => r is { Scope: null, Conditions: null }) ?? inForce.LastOrDefault()
            ?? throw new PageException("No commission rule is in force today, so the site cannot say what a partner earns.");
        example = Example.Of(rules, rule, engine, now);
        earnings = new EarningTable(rules, rule, engine, now);
    }

    public RuleSet Rules => rules;

    /// <summary>What the engine, plugins included, comes to in the examples.</summary>
    public string Sums => $"{example} {earnings.Sums}";

    /// <summary>Changes whenever the pages would say something else.</summary>
    public string Version => $"{rules.Version}/{rule.Id}{(Coming is { } coming ? $"/{coming}" : "")}{(OwnPurchases ? "/own" : "")}";

    /// <summary>The newest version that does not apply yet; null: none.</summary>
    public int? Coming { get; init; }

    /// <summary>Partners earn on what they buy themselves.</summary>
    public bool OwnPurchases { get; init; }

    /// <summary>Facts in the words of one language, for <c>{rate}</c> in texts and <c>facts.rate</c> in templates.</summary>
    public IReadOnlyDictionary<string, string> Facts(Language language, string shop)
    {
        var program = rules.Program;
        var words = new RuleWords(language, program);
        var rate = words.Rate(rule);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["shop"] = shop,
            ["rate"] = rate,
            ["earning"] = language.Texts[$"rate.{RuleWords.Kind(rule)}"].Replace("{rate}", rate, StringComparison.Ordinal),
            ["window"] = language.Days(program.WindowDays),
            ["hold"] = language.Days(program.HoldDays),
            ["notice"] = language.Days(program.NoticeDays),
            ["minimum"] = language.Of(Money.Round(program.MinimumPayout, program.Currency)),
            ["coupon_rule"] = language.Texts[$"terms.coupon.text_{program.CouponPolicy}"],
            ["own_rule"] = language.Texts[OwnPurchases ? "terms.fair.own_paid" : "terms.fair.own_refused"],
            ["model_rule"] = language.Texts[$"terms.credit.model_{program.AttributionModel}"],
            ["example_goods"] = language.Of(example.Goods),
            ["example_discount"] = language.Of(-example.Discount),
            ["example_base"] = language.Of(example.Base),
            ["example_shipping"] = language.Of(example.Shipping),
            ["example_tax"] = language.Of(example.Tax),
            ["example_commission"] = language.Of(example.Commission),
            ["example_returned"] = language.Of(example.Returned),
            ["example_left"] = language.Of(example.Left),
        };
    }

    /// <summary>The rules as the terms list them.</summary>
    public ScriptObject Program(Language language)
    {
        var words = new RuleWords(language, rules.Program);
        var program = new ScriptObject
        {
            ["model"] = rules.Program.AttributionModel,
            ["coupon"] = rules.Program.CouponPolicy,
            ["kind"] = rule is { Scope: null, Conditions: null } ? RuleWords.Kind(rule) : "scoped",
            ["extras"] = rules.Program switch { { IncludeShipping: true, IncludeFees: true } => "both", { IncludeShipping: true } => "shipping", { IncludeFees: true } => "fees", _ => "none" },
            ["binding"] = Binding(rules.Program.CustomerBinding, language),
            ["notice"] = rules.Program.NoticeDays > 0,
            ["minimums"] = new ScriptArray((rules.Program.MinimumPayouts ?? new Dictionary<string, Http.DecimalText>()).OrderBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => language.Of(Money.Round(m.Value, m.Key)))),
            ["recruiting"] = rules.Recruiting is { } recruiting ? words.Of(recruiting) : null,
            ["bonuses"] = new ScriptArray(rules.Bonuses.Select(b => new ScriptObject { ["id"] = b.Id, ["text"] = words.Of(b) })),
            ["more_rules"] = rules.Rules.Count > 1,
            ["rules"] = new ScriptArray(RuleChain.Ranked(rules.Rules).Select(r => new ScriptObject
            {
                ["id"] = r.Id,
                ["text"] = words.Of(r),
                ["since"] = r.EffectiveFrom is { } from ? Language.IsoDay(from) : null,
                ["since_text"] = r.EffectiveFrom is { } day ? language.Date(day) : null,
                ["until"] = r.EffectiveTo is { } to ? Language.IsoDay(to) : null,
                ["until_text"] = r.EffectiveTo is { } end ? language.Date(end) : null,
            })),
            ["policies"] = new ScriptArray(rules.Program.Policies.Select(p => new ScriptObject
            {
                ["whose"] = words.Whose(p),
                ["window"] = p.WindowDays is { } window ? language.Days(window) : null,
                ["hold"] = p.HoldDays is { } hold ? language.Days(hold) : null,
                ["coupon"] = p.CouponPolicy,
                ["binding"] = p.CustomerBinding is null ? null : Binding(p.CustomerBinding, language),
            })),
        };
        earnings.AddTo(program, language);
        return program;
    }

    static string Binding(CustomerBinding binding, Language language) =>
        language.Texts[$"terms.credit.binding_{binding.Mode}"].Replace("{n}", language.Number(binding.Count ?? 0), StringComparison.Ordinal);
}
