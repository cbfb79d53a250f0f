using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Payouts.Files;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Payouts;

static class PayoutEndpoints
{
    const int InlineLines = 200;

    public static IServiceCollection AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<PayoutSettings>();
        services.AddSingleton<PayoutRun>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<PayoutExport>();
        services.AddSingleton<StatementPage>();
        services.AddSingleton<IPayoutFile, CsvFile>();
        services.AddSingleton<IPayoutFile, PayPalFile>();
        services.AddSingleton<IPayoutFile, SepaFile>();
        services.AddSingleton<IPayoutFile, PayaFile>();
        services.AddSingleton<IIntegrityCheck, PayoutsMatchLedger>();
        return services;
    }

    public static IEndpointRouteBuilder MapPayouts(this IEndpointRouteBuilder api)
    {
        var payouts = api.MapGroup("/payouts").WithTags("Payouts");
        payouts.MapGet("/", List).RequireScope(Scope.PayoutsWrite);
        payouts.MapPost("/", Create).RequireScope(Scope.PayoutsWrite).Idempotent();
        payouts.MapGet("/{id}", Get).RequireScope(Scope.PayoutsWrite);
        payouts.MapGet("/{id}/lines", Lines).RequireScope(Scope.PayoutsWrite);
        payouts.MapPost("/{id}/review", Review).RequireScope(Scope.PayoutsWrite);
        payouts.MapGet("/{id}/export", Export).RequireScope(Scope.PayoutsWrite).Produces<byte[]>(200, "application/xml", "text/csv");
        payouts.MapPost("/{id}/paid", Paid).RequireScope(Scope.PayoutsWrite);
        payouts.MapPost("/{id}/cancel", Cancel).RequireScope(Scope.PayoutsWrite);
        return api;
    }

    /// <summary>List payout batches, the newest first.</summary>
    internal static async Task<Ok<Page<PayoutView>>> List([AsParameters] PayoutFilter filter, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Payouts.AsQueryable();
        if (filter.Status is not null)
            query = query.Where(p => p.Status == filter.Status);
        if (filter.Currency is not null)
            query = query.Where(p => p.Currency == filter.Currency);
        if (page.After is { } after)
            query = query.Where(p => string.Compare(p.Id, after) < 0);
        var rows = await query.OrderByDescending(p => p.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id, r => PayoutView.Of(r, null)));
    }

    /// <summary>Make a payout batch: the approved balances of now, frozen.</summary>
    /// <remarks>
    /// Nothing is booked until you say that a line is paid. While a batch is open (or, with a <c>period</c>, for good), asking again gives the same batch with 200, so that no
    /// entry is ever paid twice. What an open batch pays is not in any other.
    /// </remarks>
    /// <response code="409">There is a batch already, and it is not converted as asked.</response>
    internal static async Task<Results<Created<PayoutView>, Ok<PayoutView>, ProblemHttpResult>> Create(NewPayout? request, HttpContext http, Database database, RuleStore rules,
        PayoutRun run, CancellationToken cancel)
    {
        request ??= new();
        var currency = request.Currency?.ToUpperInvariant() ?? (await rules.CurrentAsync(cancel)).Program.Currency;
        if (Mistakes(request, currency) is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        var (batch, isNew) = await run.CreateAsync(new PayoutOrder(currency, request.Period, request.Minimum?.Value,
            request.Partners is null ? null : [.. request.Partners.Select(p => PublicId.NumberOf(PublicId.Partner, p)!.Value)], request.ExecuteOn,
            request.ConvertTo is { } to ? new(to.Currency.ToUpperInvariant(), to.Rate.Value, to.Source, to.At) : null, http.Actor()), cancel);
        if (!isNew && request.ConvertTo is not null && (batch.PayCurrency != request.ConvertTo.Currency.ToUpperInvariant() || batch.Rate != request.ConvertTo.Rate.Value.ToString(CultureInfo.InvariantCulture)))
            return Problems.Conflict($"There is a batch already, {batch.Id}, and it is paid in {batch.PayCurrency}{(batch.Rate is null ? "" : $" at {batch.Rate}")}. Cancel it first, or name another period.");
        if (isNew)
            await database.AuditAsync(http, "payout.create", batch.Id, $"{new Money(batch.TotalMinor, batch.Currency)} to {batch.LineCount} partners", cancel);
        var view = await ViewAsync(database, batch, cancel);
        return isNew ? TypedResults.Created($"/v1/payouts/{batch.Id}", view) : TypedResults.Ok(view);
    }

    static Dictionary<string, string[]> Mistakes(NewPayout request, string currency)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (!Currency.IsKnown(currency))
            mistakes["currency"] = [$"The currency '{currency}' is not known."];
        if (request.Minimum is { Value: < 0 or > 1_000_000_000_000m })
            mistakes["minimum"] = ["The minimum is negative or too large."];
        if (request.Partners?.FirstOrDefault(p => PublicId.NumberOf(PublicId.Partner, p) is null) is { } strange)
            mistakes["partners"] = [$"'{strange}' is not the id of a partner."];
        if (request.ConvertTo is { } to)
        {
            if (!Currency.IsKnown(to.Currency.ToUpperInvariant()))
                mistakes["convert_to.currency"] = [$"The currency '{to.Currency}' is not known."];
            if (to.Rate.Value is <= 0 or > 1_000_000_000m)
                mistakes["convert_to.rate"] = ["The rate is positive, and not that large."];
        }
        return mistakes;
    }

    /// <summary>Read a payout batch.</summary>
    internal static async Task<Results<Ok<PayoutView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Payouts.FirstOrDefaultAsync(p => p.Id == id, cancel) is { } row ? TypedResults.Ok(await ViewAsync(database, row, cancel)) : NotFound(id);
    }

    /// <summary>List the lines of a batch, also of partners who are left out of it.</summary>
    internal static async Task<Results<Ok<Page<PayoutLineView>>, ProblemHttpResult>> Lines(string id, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await db.Payouts.FirstOrDefaultAsync(p => p.Id == id, cancel) is not { } batch)
            return NotFound(id);
        var after = page.AfterNumber ?? 0;
        var rows = await db.PayoutLines.Where(l => l.PayoutId == id && l.PartnerId > after).OrderBy(l => l.PartnerId).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.PartnerId.ToString(), r => PayoutLineView.Of(r, batch)));
    }

    /// <summary>Say that you have looked at the list.</summary>
    /// <response code="409">The batch has gone further already, or the list is another one.</response>
    internal static async Task<Results<Ok<PayoutView>, ProblemHttpResult>> Review(string id, PayoutReview request, HttpContext http, Database database, Settlement settlement,
        CancellationToken cancel) => await AnswerAsync(id, "payout.review", await settlement.ReviewAsync(id, request.Hash, http.Actor(), cancel), http, database, cancel);

    /// <summary>Give a batch up that was not exported yet.</summary>
    /// <response code="409">The bank may have it already.</response>
    internal static async Task<Results<Ok<PayoutView>, ProblemHttpResult>> Cancel(string id, HttpContext http, Database database, Settlement settlement, CancellationToken cancel) =>
        await AnswerAsync(id, "payout.cancel", await settlement.CancelAsync(id, cancel), http, database, cancel);

    /// <summary>Say what was paid, and what has failed.</summary>
    /// <remarks>Without a body every line is paid. Saying the same again changes nothing.</remarks>
    /// <response code="409">The batch was cancelled, or does not pay this partner.</response>
    internal static async Task<Results<Ok<PayoutView>, ProblemHttpResult>> Paid(string id, PayoutSettlement? request, HttpContext http, Database database, Settlement settlement,
        CancellationToken cancel)
    {
        if (request?.Lines?.FirstOrDefault(l => PublicId.NumberOf(PublicId.Partner, l.Partner) is null) is { } strange)
            return Problems.Unprocessable("lines", $"'{strange.Partner}' is not the id of a partner.");
        if (request?.Lines?.FirstOrDefault(l => l.Status == LineStatus.Failed && string.IsNullOrWhiteSpace(l.Reason)) is not null)
            return Problems.Unprocessable("lines", "Say why a line has failed: the partner will ask.");
        if (request?.Lines?.GroupBy(l => l.Partner, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return Problems.Unprocessable("lines", $"{twice.Key} stands there twice.");
        var lines = request?.Lines?.Select(l => new Settled(PublicId.NumberOf(PublicId.Partner, l.Partner)!.Value, l.Status == LineStatus.Failed, l.Reference ?? request.Reference, l.Reason)).ToList();
        return await AnswerAsync(id, "payout.paid", await settlement.SettleAsync(id, lines, request?.Reference, http.Actor(), cancel), http, database, cancel);
    }

    /// <summary>Get the batch as a file for the bank.</summary>
    /// <remarks>
    /// <c>csv</c> has every line; <c>paypal</c>, <c>sepa</c> (pain.001.001.09) and <c>paya</c> those of that method. The same batch gives the same bytes, however often it is exported.
    /// </remarks>
    /// <param name="id">The batch.</param>
    /// <param name="format">csv, paypal, sepa or paya; or the id of a plugin's file.</param>
    /// <response code="409">The file cannot be made: the answer says what is missing.</response>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> Export(string id, HttpContext http, Database database, PayoutExport export, CancellationToken cancel,
        string format = "csv")
    {
        await using var db = database.Open();
        if (await db.Payouts.FirstOrDefaultAsync(p => p.Id == id, cancel) is not { } batch)
            return NotFound(id);
        if (!export.Formats.Contains(format))
            return Problems.Invalid("format", $"One of {string.Join(", ", export.Formats)}.");
        var (file, refused) = await export.WriteAsync(batch, format, cancel);
        if (file is null)
            return Problems.Conflict(refused!);
        await database.AuditAsync(http, "payout.export", id, format, cancel);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.File(file.Bytes, file.MediaType, file.Name);
    }

    static async Task<Results<Ok<PayoutView>, ProblemHttpResult>> AnswerAsync(string id, string action, (PayoutRow? Batch, string? Refused) outcome, HttpContext http, Database database,
        CancellationToken cancel)
    {
        if (outcome.Batch is null)
            return NotFound(id);
        if (outcome.Refused is not null)
            return Problems.Conflict(outcome.Refused);
        await database.AuditAsync(http, action, id, null, cancel);
        return TypedResults.Ok(await ViewAsync(database, outcome.Batch, cancel));
    }

    static async Task<PayoutView> ViewAsync(Database database, PayoutRow batch, CancellationToken cancel)
    {
        await using var db = database.Open();
        return PayoutView.Of(batch, await db.PayoutLines.Where(l => l.PayoutId == batch.Id).OrderBy(l => l.PartnerId).Take(InlineLines).ToListAsync(cancel));
    }

    static ProblemHttpResult NotFound(string id) => Problems.NotFound($"There is no payout '{id}'.");
}
