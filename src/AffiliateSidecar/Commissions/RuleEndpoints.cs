using AffiliateSidecar.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Commissions;

static class RuleEndpoints
{
    public static IServiceCollection AddCommissions(this IServiceCollection services)
    {
        services.AddSingleton<RuleStore>();
        services.AddHostedService<RuleWatch>();
        services.AddSingleton<CommissionEngine>();
        return services;
    }

    public static IEndpointRouteBuilder MapCommissionRules(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/commission-rules").WithTags("Commission rules");
        rules.MapGet("/", Get).RequireScope(Scope.CommissionsRead);
        rules.MapPut("/", Put).RequireScope(Scope.CommissionsWrite);
        return api;
    }

    /// <summary>Read the program's rules.</summary>
    internal static async Task<Ok<RuleSet>> Get(RuleStore rules, CancellationToken cancel) => TypedResults.Ok(await rules.CurrentAsync(cancel));

    /// <summary>Replace the program's rules.</summary>
    /// <remarks>Makes a new version. Orders that are known keep the version they were first seen under.</remarks>
    internal static async Task<Results<Ok<RuleSet>, ProblemHttpResult>> Put(RuleSet request, HttpContext http, RuleStore rules, Storage.Database database,
        CancellationToken cancel)
    {
        if (Mistakes(request) is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        var stored = await rules.ReplaceAsync(request, http.Actor(), cancel);
        await database.AuditAsync(http, "commission-rules.replace", $"version {stored.Version}", null, cancel);
        return TypedResults.Ok(stored);
    }

    /// <summary>No amount of an order reaches it, so no commission can leave the range of the ledger.</summary>
    const decimal Most = 1_000_000_000_000m;

    static Dictionary<string, string[]> Mistakes(RuleSet set)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (!Currency.IsKnown(set.Program.Currency))
            mistakes["program.currency"] = [$"The currency '{set.Program.Currency}' is not known."];
        if (set.Program.MinimumPayout.Value < 0)
            mistakes["program.minimum_payout"] = ["The minimum payout is negative."];
        else if (set.Program.MinimumPayout.Value >= Most)
            mistakes["program.minimum_payout"] = ["The minimum payout is too large."];
        foreach (var (currency, minimum) in set.Program.MinimumPayouts ?? new Dictionary<string, DecimalText>())
            if (!Currency.IsKnown(currency))
                mistakes[$"program.minimum_payouts.{currency}"] = [$"The currency '{currency}' is not known."];
            else if (minimum.Value is < 0 or >= Most)
                mistakes[$"program.minimum_payouts.{currency}"] = ["The minimum payout is negative or too large."];
        for (var i = 0; i < set.Rules.Count; i++)
        {
            var rule = set.Rules[i];
            if (rule.Rate.Value < 0)
                mistakes[$"rules[{i}].rate"] = ["The rate is negative."];
            else if (rule.Kind == "percent" && rule.Rate.Value > 100)
                mistakes[$"rules[{i}].rate"] = ["More than 100 % of the net base."];
            else if (rule.Rate.Value >= Most)
                mistakes[$"rules[{i}].rate"] = ["The rate is too large."];
            if (rule.Currency is not null && !Currency.IsKnown(rule.Currency))
                mistakes[$"rules[{i}].currency"] = [$"The currency '{rule.Currency}' is not known."];
            if (rule.Kind == "fixed" && rule.Currency is null)
                mistakes[$"rules[{i}].currency"] = ["A fixed amount needs a currency."];
            if (rule.EffectiveFrom is { Year: < 2000 or > 2199 })
                mistakes[$"rules[{i}].effective_from"] = ["A time between the years 2000 and 2199; leave it out for all orders."];
            if (set.Rules.Take(i).Any(r => r.Id == rule.Id))
                mistakes[$"rules[{i}].id"] = [$"Two rules have the id '{rule.Id}'."];
        }
        return mistakes;
    }
}
