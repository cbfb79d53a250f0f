using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Fraud;

static class CaseEndpoints
{
    public static void MapCases(this IEndpointRouteBuilder fraud)
    {
        fraud.MapGet("/alerts", List).RequireScope(Scope.FraudRead);
        fraud.MapGet("/alerts/{id}", Get).RequireScope(Scope.FraudRead);
        fraud.MapPost("/alerts/{id}/resolve", Resolve).RequireScope(Scope.FraudWrite);
        fraud.MapPost("/scan", Scan).RequireScope(Scope.FraudWrite);
        fraud.MapGet("/quality", Quality).RequireScope(Scope.FraudRead);
    }

    /// <summary>List fraud alerts, the most money at risk first.</summary>
    internal static async Task<Ok<Page<AlertView>>> List([AsParameters] AlertFilter filter, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.FraudCases.AsQueryable();
        if (filter.Status is not null)
            query = query.Where(c => c.Status == filter.Status);
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(c => c.PartnerId == partner);
        }
        if (Place(page.After) is var (money, id))
            query = query.Where(c => c.MoneyMinor < money || c.MoneyMinor == money && string.Compare(c.Id, id) < 0);
        var rows = await query.OrderByDescending(c => c.MoneyMinor).ThenByDescending(c => c.Id).Take(page.Take + 1).ToListAsync(cancel);
        var codes = await CaseText.CodesAsync(db, rows, cancel);
        return TypedResults.Ok(page.Of(rows, r => FormattableString.Invariant($"{r.MoneyMinor} {r.Id}"), r => AlertView.Of(r, codes)));
    }

    static (long Money, string Id)? Place(string? after) => after is null ? null
        : after.Split(' ') is [var money, var id] && long.TryParse(money, out var minor) ? (minor, id)
        : throw new BadRequestException("cursor", "The cursor is not one of ours: pass next_cursor of the page before, unchanged.");

    /// <summary>Read a fraud alert: the evidence, an honest explanation, the money at risk and what to do.</summary>
    internal static async Task<Results<Ok<AlertDetailView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.FraudCases.FirstOrDefaultAsync(c => c.Id == id, cancel) is { } row
            ? TypedResults.Ok(await AlertDetailView.OfAsync(db, row, cancel))
            : Problems.NotFound($"There is no alert '{id}'.");
    }

    /// <summary>Say what an alert was: fraud or legitimate.</summary>
    /// <remarks>
    /// <c>legitimate</c> releases what the alert holds, and the same kinds of evidence leave the partner alone for 90 days. <c>fraud</c> acts on what is pending or held and never on what is approved or
    /// paid: <c>hold</c> keeps it until somebody decides; <c>reverse</c> takes it back in the ledger; <c>suspend</c> suspends the partner and holds it; <c>none</c> releases it.
    /// The same verdict again changes nothing. Another one takes its place, and what the first had held, reversed or suspended follows it.
    /// </remarks>
    /// <response code="422">Whoever is legitimate is not held, reversed or suspended.</response>
    internal static async Task<Results<Ok<AlertDetailView>, ProblemHttpResult>> Resolve(string id, FraudVerdict request, HttpContext http, Database database, CaseVerdicts verdicts,
        CancellationToken cancel)
    {
        if (request is { Verdict: CaseVerdict.Legitimate, Action: not CaseAction.None })
            return Problems.Unprocessable("action", "Whoever is legitimate is not held, reversed or suspended: the action is none.");
        if (await verdicts.ResolveAsync(id, request, http.Actor(), http.Connection.RemoteIpAddress?.ToString(), cancel) is not { } row)
            return Problems.NotFound($"There is no alert '{id}'.");
        await using var db = database.Open();
        return TypedResults.Ok(await AlertDetailView.OfAsync(db, row, cancel));
    }

    /// <summary>Scan for fraud now, with what is known of today so far.</summary>
    /// <remarks>
    /// By itself the scan runs after midnight UTC over the day that is over. New suspicions become alerts, the most money at risk first, at most three messages a week: the others wait in this list. A
    /// second scan of the same day changes nothing unless something new has come.
    /// </remarks>
    internal static async Task<Ok<ScanView>> Scan(HttpContext http, FraudScan scan, Database database, CancellationToken cancel)
    {
        var result = await scan.RunAsync(scan.Today, cancel);
        await database.AuditAsync(http, "fraud.scan", result.Look.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), $"{result.Messages} messages", cancel);
        return TypedResults.Ok(ScanView.Of(result));
    }

    /// <summary>Ask how well the fraud detector does.</summary>
    /// <remarks>Verdicts teach it: where fewer than 80 % of the last 20 said fraud, it must be surer before it sends a message.</remarks>
    internal static async Task<Ok<FraudQualityView>> Quality(FraudQuality quality, CancellationToken cancel) => TypedResults.Ok(await quality.ViewAsync(cancel));
}
