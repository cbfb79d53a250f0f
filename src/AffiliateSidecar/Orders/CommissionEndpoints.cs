using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Orders;

static class CommissionEndpoints
{
    public static IEndpointRouteBuilder MapCommissions(this IEndpointRouteBuilder api)
    {
        var commissions = api.MapGroup("/commissions").WithTags("Commissions");
        commissions.MapGet("/", List).RequireScope(Scope.CommissionsRead);
        commissions.MapGet("/{id}", Get).RequireScope(Scope.CommissionsRead);
        commissions.MapPost("/{id}/approve", Approve).RequireScope(Scope.CommissionsWrite);
        commissions.MapPost("/{id}/hold", Hold).RequireScope(Scope.CommissionsWrite);
        commissions.MapPost("/{id}/release", Release).RequireScope(Scope.CommissionsWrite);
        commissions.MapPost("/{id}/reverse", Reverse).RequireScope(Scope.CommissionsWrite);
        api.MapRuleTrials();
        return api;
    }

    /// <summary>List commissions, the newest first.</summary>
    internal static async Task<Ok<Page<CommissionView>>> List([AsParameters] CommissionFilter filter, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Commissions.AsQueryable();
        if (filter.Status is not null)
            query = query.Where(c => c.Status == filter.Status);
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(c => c.PartnerId == partner);
        }
        if (filter.Order is not null)
            query = query.Where(c => c.OrderId == filter.Order);
        if (page.After is { } after)
            query = query.Where(c => string.Compare(c.Id, after) < 0);
        var rows = await query.OrderByDescending(c => c.Id).Take(page.Take + 1).ToListAsync(cancel);
        var terms = await TermsVersions.ReadAsync(db, cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id, row => CommissionView.Of(row, terms)));
    }

    /// <summary>Read a commission with its explanation.</summary>
    internal static async Task<Results<Ok<CommissionView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Commissions.FirstOrDefaultAsync(c => c.Id == id, cancel) is { } row
            ? TypedResults.Ok(CommissionView.Of(row, await TermsVersions.ReadAsync(db, cancel)))
            : Problems.NotFound($"There is no commission '{id}'.");
    }

    /// <summary>Approve a commission before its hold period ends.</summary>
    internal static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Approve(string id, CommissionDecision request, HttpContext http, Database database,
        OrderIntake intake, CancellationToken cancel) => Decide(id, "approve", request, http, database, intake, cancel);

    /// <summary>Hold a commission until it is released.</summary>
    internal static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Hold(string id, CommissionDecision request, HttpContext http, Database database,
        OrderIntake intake, CancellationToken cancel) => Decide(id, "hold", request, http, database, intake, cancel);

    /// <summary>Take back a decision made by hand: the hold period alone counts again.</summary>
    internal static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Release(string id, CommissionDecision request, HttpContext http, Database database,
        OrderIntake intake, CancellationToken cancel) => Decide(id, "release", request, http, database, intake, cancel);

    /// <summary>Reverse a commission for good.</summary>
    internal static Task<Results<Ok<CommissionView>, ProblemHttpResult>> Reverse(string id, CommissionDecision request, HttpContext http, Database database,
        OrderIntake intake, CancellationToken cancel) => Decide(id, "reverse", request, http, database, intake, cancel);

    static async Task<Results<Ok<CommissionView>, ProblemHttpResult>> Decide(string id, string decision, CommissionDecision request, HttpContext http,
        Database database, OrderIntake intake, CancellationToken cancel)
    {
        await using var db = database.Open();
        var found = await (from c in db.Commissions
                           join o in db.Orders on c.OrderId equals o.Id
                           where c.Id == id
                           select new { o.Shop, o.ExternalId, c.Status, c.PartnerId, c.Currency, c.ApprovedAt, Credited = o.PartnerId == c.PartnerId }).FirstOrDefaultAsync(cancel);
        if (found is null)
            return Problems.NotFound($"There is no commission '{id}'.");
        if (found.Status == CommissionStatus.Paid)
            return Problems.Conflict("The commission is paid: paid amounts are only offset by adjustments.");
        if (!found.Credited)
            return Problems.Conflict("The order is credited to somebody else now.");
        if (decision is "hold" or "reverse" && found.Status == CommissionStatus.Approved
            && await OpenPayoutAsync(db, found.PartnerId, found.Currency, found.ApprovedAt, cancel) is { } payout)
            return Problems.Conflict($"The commission is in the payout {payout}: cancel that, or say there that the partner's line has failed, first.");
        await intake.AcceptAsync(new CommissionDecided(found.Shop, found.ExternalId, decision, request.Reason) { Actor = http.Actor() }, cancel);
        await database.AuditAsync(http, $"commission.{decision}", id, request.Reason, cancel);
        return TypedResults.Ok(CommissionView.Of(await db.Commissions.FirstAsync(c => c.Id == id, cancel), await TermsVersions.ReadAsync(db, cancel)));
    }

    /// <summary>The list of an open batch is frozen: what is in it would be paid although somebody has just held it.</summary>
    static Task<string?> OpenPayoutAsync(SidecarDb db, int partner, string currency, DateTimeOffset? approvedAt, CancellationToken cancel) =>
        (from l in db.PayoutLines
         join p in db.Payouts on l.PayoutId equals p.Id
         where l.PartnerId == partner && l.Status == "ready" && p.Currency == currency && p.CreatedAt >= approvedAt
         select p.Id).FirstOrDefaultAsync(cancel);
}

/// <summary>Which commissions.</summary>
public sealed class CommissionFilter
{
    /// <summary><c>pending</c>, <c>approved</c>, <c>held</c>, <c>paid</c> or <c>reversed</c>.</summary>
    [OneOf("pending", "approved", "held", "paid", "reversed")]
    public string? Status { get; init; }

    /// <summary>A partner's id.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }

    /// <summary>An order's id.</summary>
    [MaxLength(60)]
    public string? Order { get; init; }
}

/// <summary>Why a person decides; goes to the audit log.</summary>
public sealed record CommissionDecision
{
    [MinLength(1), MaxLength(500)]
    public required string Reason { get; init; }
}

/// <summary>A commission.</summary>
public sealed record CommissionView
{
    public required string Id { get; init; }
    public required string OrderId { get; init; }

    /// <summary>The partner's id.</summary>
    public required string Partner { get; init; }

    /// <summary>Net of refunds; zero when reversed.</summary>
    public required Money Amount { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>held</c>, <c>paid</c> or <c>reversed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When the hold period ends.</summary>
    public required DateTimeOffset MaturesAt { get; init; }

    /// <summary>A decision made by hand: <c>approve</c>, <c>hold</c> or <c>reverse</c>.</summary>
    public string? Decision { get; init; }

    public string? DecisionReason { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>The version of the terms that says these rules in words; null while no site has been built with them.</summary>
    public int? TermsVersion { get; init; }

    /// <summary>Ordered steps from order lines to amount.</summary>
    public required IReadOnlyList<ExplanationStep> Explanation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static CommissionView Of(CommissionRow row, TermsVersions terms) => new()
    {
        Id = row.Id, OrderId = row.OrderId, Partner = PublicId.Of(PublicId.Partner, row.PartnerId), Amount = new(row.AmountMinor, row.Currency),
        Status = row.Status, MaturesAt = row.MaturesAt, Decision = row.Override, DecisionReason = row.OverrideReason, RuleVersion = row.RuleVersion,
        TermsVersion = terms.Of(row.RuleVersion, row.CreatedAt), Explanation = JsonSerializer.Deserialize<IReadOnlyList<ExplanationStep>>(row.Explanation, Json.Options)!, CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };
}
