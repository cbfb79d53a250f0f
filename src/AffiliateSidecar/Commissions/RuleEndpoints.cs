using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
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
    /// <response code="422">A rate above 100 %, a rule that can never decide, overlapping tiers, a file of a newer version: <c>errors</c> names each.</response>
    internal static async Task<Results<Ok<RuleSet>, ProblemHttpResult>> Put(RuleSet request, HttpContext http, RuleStore rules, PartnerDirectory partners, Storage.Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        if (RuleMistakes.Of(request, await partners.CurrentAsync(db, cancel)) is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        var stored = await rules.ReplaceAsync(request, http.Actor(), cancel);
        await database.AuditAsync(http, "commission-rules.replace", $"version {stored.Version}", null, cancel);
        return TypedResults.Ok(stored);
    }
}
