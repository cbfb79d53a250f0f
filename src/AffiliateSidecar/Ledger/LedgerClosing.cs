using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Ledger;

/// <summary>
/// Sums up what is long settled, so that a balance is as quick after ten years as on the first day. Entries are numbered when they are made and seen
/// when they are committed, so that a low number may appear late: a number is noted first, and summed up to when nothing below it can be under way any more.
/// </summary>
sealed class LedgerClosing(Database database, TimeProvider clock, ILogger<LedgerClosing> log) : Rounds(TimeSpan.FromMinutes(5), clock, log)
{
    // A statement of ours ends after half a minute, and no transaction has many.
    static readonly TimeSpan Settled = TimeSpan.FromMinutes(15);

    protected override string What => "Summing up ledger entries";

    protected override Task RoundAsync(CancellationToken cancel) => CloseAsync(cancel);

    /// <returns>Whether entries were summed up.</returns>
    public Task<bool> CloseAsync(CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var now = UnixTime.Truncate(Clock.GetUtcNow());
        var closing = await db.LedgerClosing.FirstAsync(token);
        if (now - closing.NextAt < Settled)
            return false;
        var newest = await db.Ledger.MaxAsync(l => (long?)l.Id, token) ?? 0;
        // Of several nodes the first changes the row, and the others have nothing to do.
        var mine = await db.LedgerClosing.Where(c => c.ClosedTo == closing.ClosedTo && c.NextTo == closing.NextTo && c.NextAt == closing.NextAt)
            .Set(c => c.ClosedTo, closing.NextTo).Set(c => c.NextTo, newest).Set(c => c.NextAt, now).UpdateAsync(token);
        if (mine == 0 || closing.NextTo == closing.ClosedTo)
            return false;
        await db.ExecuteAsync("INSERT INTO afs_ledger_sums (partner_id, currency, account, amount_minor) SELECT partner_id, currency, account, SUM(amount_minor) FROM afs_ledger "
            + $"WHERE id > @above AND id <= @upto AND account <> '{Account.Program}' GROUP BY partner_id, currency, account "
            + (db.IsSqlite ? "ON CONFLICT (partner_id, currency, account) DO UPDATE SET amount_minor = amount_minor + excluded.amount_minor"
                : "ON DUPLICATE KEY UPDATE amount_minor = afs_ledger_sums.amount_minor + VALUES(amount_minor)"),
            token, new DataParameter("above", closing.ClosedTo), new DataParameter("upto", closing.NextTo));
        return true;
    }, cancel);
}
