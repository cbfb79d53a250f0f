using System.Globalization;
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
    readonly DateTimeOffset? since;
    readonly Example example;

    /// <param name="rules">The newest version.</param>
    /// <param name="since">When it was made; null: the rules of an empty installation.</param>
    /// <exception cref="PageException">No rule applies now.</exception>
    public SiteModel(RuleSet rules, DateTimeOffset? since, CommissionEngine engine, DateTimeOffset now)
    {
        this.rules = rules;
        this.since = since;
        rule = rules.Rules.FirstOrDefault(r => r.EffectiveFrom is null || r.EffectiveFrom <= now)
            ?? throw new PageException("No commission rule is in force today, so the site cannot say what a partner earns.");
        example = Example.Of(rules, rule.Currency ?? rules.Program.Currency, engine, now);
    }

    /// <summary>Changes whenever the pages would say something else.</summary>
    public string Version => $"{rules.Version}/{rule.Id}";

    /// <summary>Facts in the words of one language, for <c>{rate}</c> in texts and <c>facts.rate</c> in templates.</summary>
    public IReadOnlyDictionary<string, string> Facts(Language language, string shop)
    {
        var program = rules.Program;
        var rate = Rate(rule, language);
        return new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["shop"] = shop,
            ["rate"] = rate,
            ["earning"] = language.Texts[$"rate.{rule.Kind}"].Replace("{rate}", rate, StringComparison.Ordinal),
            ["window"] = language.Days(program.WindowDays),
            ["hold"] = language.Days(program.HoldDays),
            ["minimum"] = language.Of(Money.Round(program.MinimumPayout, program.Currency)),
            ["version"] = language.Number(rules.Version),
            ["since"] = since is { } time ? language.Date(time) : "",
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
    public ScriptObject Program(Language language) => new()
    {
        ["model"] = rules.Program.AttributionModel,
        ["coupon"] = rules.Program.CouponPolicy,
        ["kind"] = rule.Kind,
        ["since"] = since is { } time ? Day(time) : null,
        ["more_rules"] = rules.Rules.Count > 1,
        ["rules"] = new ScriptArray(rules.Rules.Select(r => new ScriptObject
        {
            ["id"] = r.Id,
            ["text"] = language.Texts[$"rule.{r.Kind}"].Replace("{rate}", Rate(r, language), StringComparison.Ordinal),
            ["since"] = r.EffectiveFrom is { } from ? Day(from) : null,
            ["since_text"] = r.EffectiveFrom is { } day ? language.Date(day) : null,
        })),
    };

    string Rate(RuleData data, Language language) => data.Kind == "fixed"
        ? language.Of(Money.Round(data.Rate, data.Currency ?? rules.Program.Currency))
        : language.Percent(data.Rate);

    static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
