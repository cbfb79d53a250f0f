using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Fraud.EvidencePack;

static class EvidenceEndpoints
{
    public static void MapEvidence(this IEndpointRouteBuilder fraud) =>
        fraud.MapGet("/alerts/{id}/evidence", Get).RequireScope(Scope.FraudRead).Produces<string>(200, "text/html", Csv.MediaType);

    /// <summary>What a case rests on, to print or to send.</summary>
    /// <remarks>
    /// For the owner everything, in the language that <c>Accept-Language</c> asks for. For the partner a letter in his language, without anybody's name, address or customer key.
    /// The rows of the spreadsheet are sealed by a chain of hashes whose end is printed on the page; <c>affiliate-sidecar fraud verify-evidence</c> checks it.
    /// </remarks>
    /// <param name="id">The alert.</param>
    /// <param name="format">html: a page for A4; csv: the rows behind it.</param>
    /// <param name="audience">owner or partner.</param>
    internal static async Task<Results<ContentHttpResult, FileContentHttpResult, ProblemHttpResult>> Get(string id, HttpContext http, Database database, RuleStore rules, EvidencePage page, TimeProvider clock,
        CancellationToken cancel, [FromQuery, OneOf("html", "csv")] string format = "html", [FromQuery, OneOf("owner", "partner")] string audience = "owner")
    {
        if (await CaseFacts.LoadAsync(database, rules, id, cancel) is not { } facts)
            return Problems.NotFound($"There is no alert '{id}'.");
        var isForPartner = audience == "partner";
        var (rows, end) = EvidenceSheet.Of(facts, page.Shop, isForPartner);
        if (format == "csv")
            return TypedResults.File(rows, "text/csv; charset=utf-8; header=present", $"evidence-{facts.Case.Id}-{audience}.csv");
        // The page brings its own style and nothing else.
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        var locales = isForPartner ? [facts.Partner.Locale] : http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).Select(l => l.Value.Value ?? "");
        return TypedResults.Content(page.Render(facts, isForPartner, locales, end, clock.GetUtcNow()), "text/html; charset=utf-8");
    }
}
