using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Partners;

/// <summary>Forgets a person and keeps the money: orders, ledger and payouts stay, under a partner without a name.</summary>
static class Erasure
{
    public static void MapErasure(this IEndpointRouteBuilder partners) => partners.MapDelete("/{id}", Erase).RequireScope(Scope.PartnersWrite);

    /// <summary>Erase a partner: name, addresses, website, payout accounts, codes, coupons and links.</summary>
    /// <remarks>
    /// What was earned and paid stays in the ledger, without the identity. A partner with a balance is not erased: pay it, or adjust it to zero with the reason, first. Payout files of the
    /// past are written without the account from then on.
    /// </remarks>
    /// <response code="409">The partner has a balance, or a line in an open payout.</response>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Erase(string id, HttpContext http, Database database, PartnerDirectory directory, TimeProvider clock,
        CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var (found, refused) = await database.WriteAsync<(bool, string?)>(async (db, token) =>
        {
            if (await db.Partners.FirstOrDefaultAsync(p => p.Id == number, token) is not { } row)
                return (false, null);
            if (await Balances.OfAsync(db, number, token) is { } balance)
                return (true, $"The partner has a balance of {balance}: pay it, or adjust it to zero, first.");
            if (await db.PayoutLines.Where(l => l.PartnerId == number && l.Status == "ready").Select(l => l.PayoutId).FirstOrDefaultAsync(token) is { } payout)
                return (true, $"The partner has a line in the open payout {payout}.");
            await db.UpdateAsync(row with
            {
                Code = $"erased-{number}", Name = "Erased", Email = null, EmailHash = null, SearchKey = "", Website = null, PayoutDetailsId = null, GroupName = null, ExternalId = null,
                Country = null, Status = PartnerStatus.Erased, StatusReason = null, UpdatedAt = now,
            }, token: token);
            await db.PartnerCodes.DeleteAsync(c => c.PartnerId == number, token);
            await db.Links.DeleteAsync(l => l.PartnerId == number, token);
            await db.PayoutDetails.DeleteAsync(d => d.PartnerId == number, token);
            await db.PartnerSegments.DeleteAsync(s => s.PartnerId == number, token);
            await db.PartnerFigures.DeleteAsync(f => f.PartnerId == number, token);
            await db.Talks.DeleteAsync(t => t.PartnerId == number, token);
            await db.Mails.DeleteAsync(m => m.PartnerId == number, token);
            await db.MessageFiles.DeleteAsync(f => db.Messages.Any(m => m.Id == f.MessageId && db.Threads.Any(t => t.Id == m.ThreadId && t.PartnerId == number)), token);
            await db.Messages.DeleteAsync(m => db.Threads.Any(t => t.Id == m.ThreadId && t.PartnerId == number), token);
            await db.Threads.DeleteAsync(t => t.PartnerId == number, token);
            await db.Wakes.DeleteAsync(w => w.PartnerId == number, token);
            await db.Applications.DeleteAsync(a => a.PartnerId == number, token);
            await db.PayoutLines.Where(l => l.PartnerId == number).Set(l => l.Name, "Erased").Set(l => l.Method, PayoutMethod.Manual).Set(l => l.DetailsId, (long?)null).UpdateAsync(token);
            await PartnerDirectory.BumpAsync(db, token);
            return (true, null);
        }, cancel);
        directory.Expire();
        if (!found)
            return Problems.NotFound($"There is no partner '{id}'.");
        if (refused is not null)
            return Problems.Conflict(refused);
        await database.AuditAsync(http, "partner.erase", id, null, cancel);
        return TypedResults.NoContent();
    }
}
