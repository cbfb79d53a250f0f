using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Partners;

static class PayoutAccountEndpoints
{
    public static void MapPayoutAccounts(this IEndpointRouteBuilder partners)
    {
        partners.MapGet("/{id}/payout", Get).RequireScope(Scope.PayoutsWrite);
        partners.MapPost("/{id}/payout/confirm", Confirm).RequireScope(Scope.PayoutsWrite);
    }

    /// <summary>Where a partner is paid: the method and the ends of the account, never the whole.</summary>
    internal static async Task<Results<Ok<PayoutAccountView>, ProblemHttpResult>> Get(string id, Database database, TimeProvider clock, CancellationToken cancel)
    {
        await using var db = database.Open();
        return PublicId.NumberOf(PublicId.Partner, id) is { } partner && await PayoutAccounts.NewestAsync(db, partner, cancel) is { } row
            ? TypedResults.Ok(PayoutAccountView.Of(row, clock.GetUtcNow()))
            : Problems.NotFound($"The partner '{id}' has no payout details.");
    }

    /// <summary>Confirm a changed payout account, so that it need not wait seven days.</summary>
    /// <remarks>Ask the partner first, over a way that you knew before the change: whoever takes an account over changes this first.</remarks>
    /// <response code="409">It need not be confirmed.</response>
    internal static async Task<Results<Ok<PayoutAccountView>, ProblemHttpResult>> Confirm(string id, PayoutConfirmation request, HttpContext http, Database database,
        TimeProvider clock, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var partner = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var (row, waiting) = await database.WriteAsync<(PayoutDetailsRow?, bool)>(async (db, token) =>
        {
            var newest = await PayoutAccounts.NewestAsync(db, partner, token);
            if (newest is null || newest.UsableFrom <= now)
                return (newest, false);
            await db.PayoutDetails.Where(d => d.Id == newest.Id).Set(d => d.UsableFrom, now).UpdateAsync(token);
            return (newest with { UsableFrom = now }, true);
        }, cancel);
        if (row is null)
            return Problems.NotFound($"The partner '{id}' has no payout details.");
        if (!waiting)
            return Problems.Conflict("The payout account can be used already.");
        await database.AuditAsync(http, "partner.payout-confirm", id, request.Reason, cancel);
        return TypedResults.Ok(PayoutAccountView.Of(row, now));
    }
}

/// <summary>How the account was confirmed; goes to the audit log.</summary>
public sealed record PayoutConfirmation
{
    /// <example>Called her back on the number we know.</example>
    [MinLength(1), MaxLength(500)]
    public required string Reason { get; init; }
}

/// <summary>Where a partner is paid.</summary>
public sealed record PayoutAccountView
{
    /// <summary><c>sepa</c>, <c>paypal</c>, <c>paya</c> or <c>manual</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The first and last characters of the account.</summary>
    /// <example>DE89…3000</example>
    public required string Account { get; init; }
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>A changed account is not paid to before; it waits seven days or for a confirmation.</summary>
    public required DateTimeOffset UsableFrom { get; init; }
    public required bool Usable { get; init; }

    internal static PayoutAccountView Of(PayoutDetailsRow row, DateTimeOffset now) => new()
    {
        Method = row.Method.Length > 0 ? row.Method : PayoutMethod.Manual, Account = row.Account, ChangedAt = row.CreatedAt, UsableFrom = row.UsableFrom, Usable = row.UsableFrom <= now,
    };
}
