using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>The history of a partner's payout details: the newest counts, as soon as it may be used.</summary>
static class PayoutAccounts
{
    /// <summary>
    /// Keep new details. The first may be used at once, and so may the same account again; a changed one waits
    /// <see cref="PayoutDetails.Wait"/>, unless it is confirmed.
    /// </summary>
    public static async Task<long> AddAsync(SidecarDb db, PayoutDetails payouts, int partner, string text, string actor, DateTimeOffset now, CancellationToken cancel)
    {
        var before = await NewestAsync(db, partner, cancel);
        var row = payouts.Row(partner, text, actor, now, now);
        if (before is not null && (before.AccountKey.Length > 0 ? before : payouts.Row(partner, before.Details, "", now, now)).AccountKey != row.AccountKey)
            row = row with { UsableFrom = now + PayoutDetails.Wait };
        else if (before is not null)
            row = row with { UsableFrom = before.UsableFrom };
        return await db.InsertWithInt64IdentityAsync(row, token: cancel);
    }

    public static Task<PayoutDetailsRow?> NewestAsync(SidecarDb db, int partner, CancellationToken cancel) =>
        db.PayoutDetails.Where(d => d.PartnerId == partner).OrderByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
}
