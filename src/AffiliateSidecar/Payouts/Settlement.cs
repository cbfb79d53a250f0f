using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Payouts;

/// <summary>What became of a line at the bank.</summary>
/// <param name="Partner">The partner's number.</param>
/// <param name="Reference">The bank's.</param>
/// <param name="Reason">Why it has failed.</param>
sealed record Settled(int Partner, bool Failed, string? Reference, string? Reason);

/// <summary>Takes a batch on its way: reviewed, exported, and line by line paid or failed. Only here money leaves a balance, and comes back.</summary>
sealed class Settlement(Database database, TimeProvider clock)
{
    /// <summary>Book what the bank says. Saying it twice changes nothing; a line that was paid may still fail, where the bank sends it back.</summary>
    /// <param name="lines">Null: every line that is ready is paid.</param>
    /// <returns>The batch, or a sentence why not.</returns>
    public Task<(PayoutRow? Batch, string? Refused)> SettleAsync(string id, IReadOnlyList<Settled>? lines, string? reference, string actor, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return database.WriteAsync<(PayoutRow?, string?)>(async (db, token) =>
        {
            // The row is written first: whoever settles the same batch at the same time waits, and then sees what is settled.
            if (await db.Payouts.Where(p => p.Id == id).Set(p => p.Actor, p => p.Actor).UpdateAsync(token) == 0)
                return (null, null);
            var batch = await db.Payouts.FirstAsync(p => p.Id == id, token);
            if (batch.Status is PayoutStatus.Cancelled)
                return (batch, "The batch was cancelled.");
            var rows = (await db.PayoutLines.Where(l => l.PayoutId == id).ToListAsync(token)).ToDictionary(l => l.PartnerId);
            lines ??= [.. rows.Values.Where(l => l.Status == LineStatus.Ready).OrderBy(l => l.PartnerId).Select(l => new Settled(l.PartnerId, false, reference, null))];
            if (lines.FirstOrDefault(l => !rows.TryGetValue(l.Partner, out var row) || row.Status == LineStatus.Skipped) is { } strange)
                return (batch, $"The batch does not pay {PublicId.Of(PublicId.Partner, strange.Partner)}.");
            if (lines.FirstOrDefault(l => !l.Failed && rows[l.Partner].Status == LineStatus.Failed) is { } late)
                return (batch, $"The line of {PublicId.Of(PublicId.Partner, late.Partner)} has failed and went back to the balance: it is paid by the next batch.");
            await PayAsync(db, batch, [.. lines.Where(l => !l.Failed && rows[l.Partner].Status == LineStatus.Ready).Select(l => (l, rows[l.Partner]))], actor, now, token);
            await FailAsync(db, batch, [.. lines.Where(l => l.Failed && rows[l.Partner].Status != LineStatus.Failed).Select(l => (l, rows[l.Partner]))], actor, now, token);
            return (await CloseAsync(db, batch, now, token), null);
        }, cancel);
    }

    static async Task PayAsync(SidecarDb db, PayoutRow batch, IReadOnlyList<(Settled Settled, PayoutLineRow Row)> lines, string actor, DateTimeOffset now, CancellationToken cancel)
    {
        await db.InsertManyAsync(lines.SelectMany(l => Booking.Transfer(new Posting(l.Row.PartnerId, batch.Currency, "", l.Row.AmountMinor), Account.Approved, Account.Paid,
            EntryKind.Payout, batch.Id, Cause(batch, l.Row, l.Settled.Reference), actor, now, 0)).ToList(), cancel);
        foreach (var same in lines.GroupBy(l => l.Settled.Reference))
            foreach (var partners in same.Select(l => l.Row.PartnerId).Chunk(500))
            {
                await db.PayoutLines.Where(l => l.PayoutId == batch.Id && partners.Contains(l.PartnerId)).Set(l => l.Status, LineStatus.Paid)
                    .Set(l => l.Reference, same.Key).Set(l => l.SettledAt, now).UpdateAsync(cancel);
                await db.Commissions.Where(c => partners.Contains(c.PartnerId) && c.Currency == batch.Currency && c.Status == CommissionStatus.Approved
                        && c.AmountMinor != 0 && c.ApprovedAt <= batch.CreatedAt)
                    .Set(c => c.Status, CommissionStatus.Paid).Set(c => c.PayoutId, batch.Id).Set(c => c.UpdatedAt, now).UpdateAsync(cancel);
            }
    }

    static async Task FailAsync(SidecarDb db, PayoutRow batch, IReadOnlyList<(Settled Settled, PayoutLineRow Row)> lines, string actor, DateTimeOffset now, CancellationToken cancel)
    {
        // A line that was never paid has nothing in the ledger to be taken back.
        var returned = lines.Where(l => l.Row.Status == LineStatus.Paid).ToList();
        await db.InsertManyAsync(returned.SelectMany(l => Booking.Transfer(new Posting(l.Row.PartnerId, batch.Currency, "", l.Row.AmountMinor), Account.Paid, Account.Approved,
            EntryKind.PayoutFailed, batch.Id, $"{batch.Id} came back: {l.Settled.Reason}", actor, now, 0)).ToList(), cancel);
        foreach (var partners in returned.Select(l => l.Row.PartnerId).Chunk(500))
            await db.Commissions.Where(c => partners.Contains(c.PartnerId) && c.PayoutId == batch.Id)
                .Set(c => c.Status, CommissionStatus.Approved).Set(c => c.PayoutId, (string?)null).Set(c => c.UpdatedAt, now).UpdateAsync(cancel);
        foreach (var (settled, row) in lines)
            await db.PayoutLines.Where(l => l.PayoutId == batch.Id && l.PartnerId == row.PartnerId).Set(l => l.Status, LineStatus.Failed)
                .Set(l => l.Reason, settled.Reason).Set(l => l.Reference, settled.Reference ?? row.Reference).Set(l => l.SettledAt, now).UpdateAsync(cancel);
    }

    static async Task<PayoutRow> CloseAsync(SidecarDb db, PayoutRow batch, DateTimeOffset now, CancellationToken cancel)
    {
        if (batch.Status is PayoutStatus.Paid or PayoutStatus.Empty || await db.PayoutLines.AnyAsync(l => l.PayoutId == batch.Id && l.Status == LineStatus.Ready, cancel))
            return batch;
        var closed = batch with { Status = PayoutStatus.Paid, OpenKey = null, SettledAt = now };
        await db.UpdateAsync(closed, token: cancel);
        return closed;
    }

    /// <summary>How the cause of a payout begins in the ledger.</summary>
    public const string PaidBy = "paid by ";

    static string Cause(PayoutRow batch, PayoutLineRow line, string? reference) => $"{PaidBy}{batch.Id}"
        + (batch.PayCurrency == batch.Currency ? "" : $" as {new Money(line.PayMinor, batch.PayCurrency)} at {batch.Rate} ({batch.RateSource})")
        + (reference is null ? "" : $", reference {reference}");

    /// <summary>Somebody has looked at the list.</summary>
    /// <param name="hash">Of the list he has seen.</param>
    public Task<(PayoutRow? Batch, string? Refused)> ReviewAsync(string id, string hash, string actor, CancellationToken cancel) => ChangeAsync(id, (batch, now) =>
        !string.Equals(hash, batch.Hash, StringComparison.OrdinalIgnoreCase) ? (null, "The hash is another list's: read the batch again.")
        : batch.Status == PayoutStatus.Draft ? (batch with { Status = PayoutStatus.Reviewed, ReviewedAt = now, ReviewedBy = actor }, null)
        : batch.Status == PayoutStatus.Reviewed ? (batch, null)
        : (null, $"The batch is {batch.Status}."), cancel);

    /// <summary>Give a batch up: everything in it is free for another.</summary>
    public Task<(PayoutRow? Batch, string? Refused)> CancelAsync(string id, CancellationToken cancel) => ChangeAsync(id, (batch, now) =>
        batch.Status is PayoutStatus.Draft or PayoutStatus.Reviewed
            // The name of the period is free again.
            ? (batch with { Status = PayoutStatus.Cancelled, OpenKey = null, Period = batch.Id, SettledAt = now }, null)
            : batch.Status == PayoutStatus.Cancelled ? (batch, null)
            : (null, batch.Status == PayoutStatus.Exported
                ? "The file was handed out: the bank may have it. Say of each line whether it was paid or has failed."
                : $"The batch is {batch.Status}."), cancel);

    /// <summary>A file was handed out.</summary>
    public Task<(PayoutRow? Batch, string? Refused)> ExportedAsync(string id, CancellationToken cancel) => ChangeAsync(id, (batch, now) =>
        batch.Status is PayoutStatus.Draft or PayoutStatus.Reviewed ? (batch with { Status = PayoutStatus.Exported, ExportedAt = now }, null) : (batch, null), cancel);

    Task<(PayoutRow? Batch, string? Refused)> ChangeAsync(string id, Func<PayoutRow, DateTimeOffset, (PayoutRow? Batch, string? Refused)> change, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return database.WriteAsync<(PayoutRow?, string?)>(async (db, token) =>
        {
            if (await db.Payouts.Where(p => p.Id == id).Set(p => p.Actor, p => p.Actor).UpdateAsync(token) == 0)
                return (null, null);
            var batch = await db.Payouts.FirstAsync(p => p.Id == id, token);
            var (changed, refused) = change(batch, now);
            if (changed is null)
                return (batch, refused);
            if (changed != batch)
                await db.UpdateAsync(changed, token: token);
            if (changed.Status == PayoutStatus.Cancelled)
                await db.PayoutLines.Where(l => l.PayoutId == id && l.Status == LineStatus.Ready).Set(l => l.Status, LineStatus.Skipped)
                    .Set(l => l.Reason, "The batch was cancelled.").UpdateAsync(token);
            return (changed, null);
        }, cancel);
    }
}
