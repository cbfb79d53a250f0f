using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>The one way a partner's status changes, whoever decides it: a person, a rule, a button in a mail.</summary>
sealed class PartnerDecisions(Database database, PartnerDirectory directory, IEnumerable<IPartnerNews> news, TimeProvider clock)
{
    /// <param name="id">The partner's number.</param>
    /// <param name="from">States that it may be changed from.</param>
    /// <param name="decision">What is decided.</param>
    /// <param name="also">Done in the same transaction; where it returns false nothing is changed.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The state found, null where there is no such partner, and whether it was one of <paramref name="from"/>.</returns>
    public async Task<(string? Found, bool Done)> DecideAsync(int id, IReadOnlyCollection<string> from, PartnerDecision decision, CancellationToken cancel, Func<SidecarDb, CancellationToken, Task<bool>>? also = null)
    {
        var outcome = await database.WriteAsync(async (db, token) =>
        {
            var before = await db.Partners.FirstOrDefaultAsync(p => p.Id == id, token);
            if (before is null || !from.Contains(before.Status) || (also is not null && !await also(db, token)))
                return (before?.Status, false);
            await StoreAsync(db, before, decision, token);
            return (before.Status, true);
        }, cancel);
        directory.Expire();
        return outcome;
    }

    async Task StoreAsync(SidecarDb db, PartnerRow before, PartnerDecision decision, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await db.Partners.Where(p => p.Id == before.Id).Set(p => p.Status, decision.Status).Set(p => p.StatusReason, decision.Reason).Set(p => p.UpdatedAt, now).UpdateAsync(cancel);
        await PartnerDirectory.BumpAsync(db, cancel);
        await db.InsertAsync(new AuditRow
        {
            At = now, Actor = decision.Actor, Action = "partner." + decision.Status, Subject = PublicId.Of(PublicId.Partner, before.Id), Detail = decision.Reason, Origin = decision.Origin,
        }, token: cancel);
        foreach (var listener in news)
            await listener.DecidedAsync(db, before, decision, cancel);
    }
}
