using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Payouts;

static class StatementEndpoints
{
    public static void MapStatements(this IEndpointRouteBuilder api) =>
        api.MapGet("/partners/{id}/statement", Get).WithTags("Payouts").RequireScope(Scope.CommissionsRead).Produces<Statement>(200, ReportForm.Json, Csv.MediaType, Xlsx.MediaType, "text/html");

    /// <summary>A partner's statement: opening balance, every change, closing balance.</summary>
    /// <remarks>As JSON; as a spreadsheet with <c>Accept: text/csv</c>; as a page in the partner's language with <c>Accept: text/html</c>.</remarks>
    /// <param name="id">The partner.</param>
    /// <param name="period">From when until when.</param>
    /// <param name="format">json, csv or html: stronger than <c>Accept</c>, for a link.</param>
    internal static async Task<Results<ContentHttpResult, ReportResult<Statement, StatementLine>, ProblemHttpResult>> Get(string id, [AsParameters] Period period, HttpContext http, Database database,
        StatementPage page, TimeProvider clock, CancellationToken cancel, [FromQuery, OneOf("json", "csv", "html")] string? format = null)
    {
        var (from, to) = period.Bounds(clock.GetUtcNow());
        await using var db = database.Open();
        var partner = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        if (await Statements.OfAsync(db, partner, from, to, cancel) is not { } statement)
            return Problems.NotFound($"There is no partner '{id}'.");
        http.Response.Headers.CacheControl = "no-store";
        if (format == "html" || (format is null && WantsHtml(http.Request)))
            return TypedResults.Content(page.Render(statement, await db.Partners.Where(p => p.Id == partner).Select(p => p.Locale).FirstAsync(cancel)), "text/html; charset=utf-8");
        return new ReportResult<Statement, StatementLine>(statement, Lines(statement), $"statement-{statement.PartnerCode}", format switch { "csv" => Csv.MediaType, "json" => ReportForm.Json, _ => null });
    }

    static bool WantsHtml(HttpRequest request) => request.GetTypedHeaders().Accept.FirstOrDefault()?.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) == true;

    static IEnumerable<StatementLine> Lines(Statement statement)
    {
        foreach (var account in statement.Accounts)
        {
            yield return new(statement.From, account.Currency, "opening", null, null, null, account.Opening);
            foreach (var row in account.Rows)
            {
                yield return new(row.At, account.Currency, row.Kind, row.Order, row.Text, row.Amount, row.Balance);
                foreach (var line in row.Lines)
                    yield return new(row.At, account.Currency, line.Step, row.Order, line.Text, line.Amount, null);
            }
            yield return new(statement.To, account.Currency, "closing", null, null, null, account.Closing);
        }
    }
}

/// <summary>A row of the spreadsheet. Order lines (<c>line</c>, <c>refund</c>) explain the row above them and have no balance.</summary>
public sealed record StatementLine(DateTimeOffset At, string Currency, string Kind, string? Order, string? Text, Money? Amount, Money? Balance);
