using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Orders;

/// <summary>What rules would do, without anything being stored.</summary>
static class RuleTrials
{
    public static void MapRuleTrials(this IEndpointRouteBuilder api)
    {
        var rules = api.MapGroup("/commission-rules").WithTags("Commission rules");
        rules.MapPost("/preview", Preview).RequireScope(Scope.CommissionsRead);
        rules.MapPost("/dry-run", DryRun).RequireScope(Scope.CommissionsRead);
    }

    /// <summary>Compute what an order would earn, step by step.</summary>
    /// <remarks>
    /// For an order in the body, or a known one by its <c>order_id</c>; under the rules in force (for a known order: those it was first seen under), or under
    /// the <c>rules</c> of the request. Nothing is stored.
    /// </remarks>
    internal static async Task<Results<Ok<PreviewView>, ProblemHttpResult>> Preview(PreviewRequest request, RulePreview preview, PartnerDirectory partners, Database database,
        TimeProvider clock, CancellationToken cancel)
    {
        await using var db = database.Open();
        var snapshot = await partners.CurrentAsync(db, cancel);
        if (RuleMistakes.Of(request.Rules, snapshot, "rules") is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        if (request.OrderId is { } id)
            return await db.Orders.FirstOrDefaultAsync(o => o.Id == id, cancel) is { } row
                ? TypedResults.Ok(await preview.OfKnownAsync(db, row, request.Rules, snapshot, cancel))
                : Problems.NotFound($"There is no order '{id}'.");
        if (request.Status is null)
            return Problems.Invalid("status", "This member is required, or an order_id.");
        if (request.Currency is null)
            return Problems.Invalid("currency", "This member is required, or an order_id.");
        return request.Problems(clock.GetUtcNow()) is { Count: > 0 } problems
            ? Problems.Unprocessable(problems)
            : TypedResults.Ok(await preview.OfNewAsync(db, request.ToOrder("preview", "preview"), request.Rules, snapshot, cancel));
    }

    /// <summary>Replay the real orders under other rules.</summary>
    /// <remarks>
    /// Orders placed in the time are decided and rated again: what the program has cost, what it would have cost, who gains and who loses. Without <c>rules</c> under
    /// those that each order has: the answer is then what the ledger shows. Caps count from the first order of the time on; recruiting and bonuses are not in it.
    /// </remarks>
    internal static async Task<Results<Ok<DryRunView>, ProblemHttpResult>> DryRun(DryRunRequest request, DryRun dryRun, PartnerDirectory partners, Database database,
        TimeProvider clock, CancellationToken cancel)
    {
        var to = request.To ?? clock.GetUtcNow();
        var from = request.From ?? (to > DateTimeOffset.MinValue.AddDays(request.Days) ? to.AddDays(-request.Days) : DateTimeOffset.MinValue);
        if (from >= to)
            return Problems.Unprocessable("from", "The time ends before it begins.");
        if (to - from > TimeSpan.FromDays(400))
            return Problems.Unprocessable("from", "At most 400 days at once.");
        await using var db = database.Open();
        if (RuleMistakes.Of(request.Rules, await partners.CurrentAsync(db, cancel), "rules") is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        return TypedResults.Ok(await dryRun.RunAsync(db, request.Rules, from, to, cancel));
    }
}

/// <summary>An order as in <c>PUT /v1/orders</c>, or the <c>order_id</c> of a known one; and rules to be tried.</summary>
/// <example>
/// {"status":"processing","currency":"EUR","placed_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:05:00Z","total":"125.00","tax":"19.17","shipping":"5.00",
/// "customer":{"external_id":"31","is_new":true,"country":"DE"},"payment_method":"stripe","partner_code":"sara","lines":[{"external_id":"1","product_id":"77","sku":"MUG-1",
/// "categories":["mugs"],"name":"Stoneware mug","quantity":2,"total":"100.83","tax":"19.17"}],"rules":{"rules":[{"id":"program","kind":"percent","rate":"12"}]}}
/// </example>
[MembersOptional]
public sealed record PreviewRequest : OrderRequest
{
    /// <summary>A known order; the other members of an order are then left out.</summary>
    [MaxLength(60)]
    public string? OrderId { get; init; }

    /// <summary>Left out: the rules in force.</summary>
    public RuleSet? Rules { get; init; }
}

/// <summary>Which orders to replay under which rules.</summary>
/// <example>{"days":90,"rules":{"program":{"window_days":14},"rules":[{"id":"program","kind":"percent","rate":"12"}]}}</example>
public sealed record DryRunRequest
{
    /// <summary>Left out: the rules that each order has.</summary>
    public RuleSet? Rules { get; init; }

    /// <summary>So many days before <c>to</c>, where there is no <c>from</c>.</summary>
    [Range(1, 400), DefaultValue(30)]
    public int Days { get; init; } = 30;

    /// <summary>Placed at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Placed before; left out: now.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>What an order would earn.</summary>
/// <param name="PartnerCode">Who would be credited; null: nobody, and the amount is what a partner would get.</param>
/// <param name="Method">How.</param>
/// <param name="CommissionBase">Net base.</param>
/// <param name="Commission">Amount.</param>
/// <param name="Explanation">Ordered steps from order lines to amount.</param>
/// <param name="Rules">Every rule at every line: which one won, which ones lost, and why.</param>
/// <param name="Candidates">All evidence that was weighed.</param>
public sealed record PreviewView(string? PartnerCode, string? Method, Money CommissionBase, Money Commission, IReadOnlyList<ExplanationStep> Explanation,
    IReadOnlyList<RuleWeighed> Rules, IReadOnlyList<Candidate> Candidates);
