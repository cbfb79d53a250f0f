using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Ledger;

static class AdjustmentEndpoints
{
    public static void MapAdjustments(this IEndpointRouteBuilder api)
    {
        var adjustments = api.MapGroup("/adjustments").WithTags("Ledger");
        adjustments.MapGet("/", List).RequireScope(Scope.CommissionsRead);
        adjustments.MapPost("/", Create).RequireScope(Scope.CommissionsWrite).Idempotent();
    }

    /// <summary>List adjustments made by hand, the newest first.</summary>
    internal static async Task<Ok<Page<AdjustmentView>>> List([AsParameters] AdjustmentFilter filter, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var prefix = PublicId.Adjustment;
        var query = db.Ledger.Where(l => l.Reference!.StartsWith(prefix) && l.Account == Account.Approved);
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(l => l.PartnerId == partner);
        }
        if (page.AfterNumber is { } before)
            query = query.Where(l => l.Id < before);
        var rows = await query.OrderByDescending(l => l.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), AdjustmentView.Of));
    }

    /// <summary>Change a partner's balance by hand.</summary>
    /// <remarks>
    /// The amount is approved at once: positive adds to the next payout, negative is set against it. <c>writeoff</c> gives up what a partner owes: a positive amount, not more than
    /// his approved balance is below zero. The reason goes to the partner's statement and to the audit log.
    /// </remarks>
    internal static async Task<Results<Created<AdjustmentView>, ProblemHttpResult>> Create(NewAdjustment request, HttpContext http, Database database, TimeProvider clock,
        CancellationToken cancel)
    {
        if (request.Amount.Minor == 0)
            return Problems.Unprocessable("amount", "Nothing is adjusted by zero.");
        if (Math.Abs(request.Amount.Amount) >= 1_000_000_000_000m)
            return Problems.Unprocessable("amount", "The amount is too large.");
        var number = PublicId.NumberOf(PublicId.Partner, request.Partner) ?? 0;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var id = PublicId.New(PublicId.Adjustment, now);
        var (entry, refused) = await database.WriteAsync<(LedgerRow?, string?)>(async (db, token) =>
        {
            // Written first: two write-offs of one debt wait for each other.
            if (await db.Partners.Where(p => p.Id == number).Set(p => p.UpdatedAt, p => p.UpdatedAt).UpdateAsync(token) == 0)
                return (null, "There is no such partner.");
            if (request.Kind == EntryKind.WriteOff && await MistakeInWriteOffAsync(db, number, request.Amount, token) is { } mistake)
                return (null, mistake);
            var rows = Booking.Transfer(new Posting(number, request.Amount.Currency, Account.Approved, request.Amount.Minor), Account.Program, Account.Approved, request.Kind, id,
                request.Reason, http.Actor(), now, 0);
            await db.InsertManyAsync(rows, token);
            return (rows[1], null);
        }, cancel);
        if (entry is null)
            return Problems.Unprocessable(refused!.StartsWith("There", StringComparison.Ordinal) ? "partner" : "amount", refused);
        await database.AuditAsync(http, $"adjustment.{request.Kind}", request.Partner, $"{request.Amount}: {request.Reason}", cancel);
        return TypedResults.Created($"/v1/adjustments?partner={request.Partner}", AdjustmentView.Of(entry));
    }

    static async Task<string?> MistakeInWriteOffAsync(SidecarDb db, int partner, Money amount, CancellationToken cancel)
    {
        var approved = await db.AccountsOf(partner).Where(a => a.Currency == amount.Currency && a.Account == Account.Approved).SumAsync(a => a.AmountMinor, cancel);
        return amount.Minor < 0 || amount.Minor > -approved
            ? $"The approved balance is {new Money(approved, amount.Currency)}: at most what it is below zero can be written off."
            : null;
    }
}

/// <summary>Which adjustments.</summary>
public sealed class AdjustmentFilter
{
    /// <summary>A partner's id.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }
}

/// <summary>A change of a balance by hand.</summary>
public sealed record NewAdjustment
{
    /// <summary>The partner's id.</summary>
    [MaxLength(60)]
    public required string Partner { get; init; }

    /// <summary>Negative takes away.</summary>
    public required Money Amount { get; init; }

    /// <summary><c>adjust</c>, <c>bonus</c>, <c>chargeback</c> or <c>writeoff</c>.</summary>
    [OneOf("adjust", "bonus", "chargeback", "writeoff"), DefaultValue("adjust")]
    public string Kind { get; init; } = "adjust";

    /// <example>Newsletter of November, as agreed.</example>
    [MinLength(1), MaxLength(500), Visible(500)]
    public required string Reason { get; init; }
}

/// <summary>A change of a balance by hand.</summary>
public sealed record AdjustmentView
{
    /// <example>adj_06bq3kq2s0v1</example>
    public required string Id { get; init; }
    public required string Partner { get; init; }
    public required Money Amount { get; init; }

    /// <summary><c>adjust</c>, <c>bonus</c>, <c>chargeback</c> or <c>writeoff</c>.</summary>
    public required string Kind { get; init; }
    public required string Reason { get; init; }
    public required string Actor { get; init; }
    public required DateTimeOffset At { get; init; }

    internal static AdjustmentView Of(LedgerRow row) => new()
    {
        Id = row.Reference!, Partner = PublicId.Of(PublicId.Partner, row.PartnerId), Amount = new(row.AmountMinor, row.Currency), Kind = row.Kind, Reason = row.Cause, Actor = row.Actor,
        At = row.At,
    };
}
