using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>
/// A person's word on a case, and what follows from it. The word is stored first; what follows may be repeated, so the same word again completes what was
/// broken off and changes nothing else. Another word takes the place of the first, with what it had held or reversed.
/// </summary>
sealed class CaseVerdicts(Database database, CaseMoney money, PartnerDirectory directory, TimeProvider clock)
{
    /// <returns>Null where there is no such case.</returns>
    public async Task<FraudCaseRow?> ResolveAsync(string id, FraudVerdict verdict, string actor, string? origin, CancellationToken cancel)
    {
        var (row, isNews) = await database.WriteAsync<(FraudCaseRow?, bool)>((db, token) => StoreAsync(db, id, verdict, actor, token), cancel);
        if (row is null)
            return null;
        await money.CarryOutAsync(row, cancel);
        directory.Expire();
        if (isNews)
            await NoteAsync($"fraud.{row.Verdict}", id, row.Note is null ? row.Action : $"{row.Action}: {row.Note}", actor, origin, cancel);
        return row;
    }

    /// <summary>Take the verdict "hold" back: the case is open again, and what it had held of its own is still held as long as it says so.</summary>
    /// <returns>False: there is no such verdict.</returns>
    public async Task<bool> ReopenAsync(string id, string actor, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var row = await database.WriteAsync(async (db, token) =>
        {
            if (await db.FraudCases.FirstOrDefaultAsync(c => c.Id == id && c.Status == CaseStatus.Resolved && c.Action == CaseAction.Hold, token) is not { } resolved)
                return null;
            var open = resolved with { Status = CaseStatus.Open, Verdict = null, Action = null, Note = null, ResolvedAt = null, ResolvedBy = null };
            await db.UpdateAsync(open, token: token);
            return open;
        }, cancel);
        if (row is null)
            return false;
        if (row.HeldUntil is null || row.HeldUntil <= now || row.ReleasedAt is not null)
            await money.CarryOutAsync(row with { Action = CaseAction.None, ResolvedBy = actor }, cancel);
        await NoteAsync("fraud.reopen", id, null, actor, null, cancel);
        return true;
    }

    Task<int> NoteAsync(string action, string id, string? detail, string actor, string? origin, CancellationToken cancel) => database.WriteAsync((db, token) =>
        db.InsertAsync(new AuditRow { At = UnixTime.Truncate(clock.GetUtcNow()), Actor = actor, Action = action, Subject = id, Detail = detail, Origin = origin }, token: token), cancel);

    async Task<(FraudCaseRow?, bool)> StoreAsync(SidecarDb db, string id, FraudVerdict verdict, string actor, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        // Written first: two verdicts on one case wait for each other.
        if (await db.FraudCases.Where(c => c.Id == id).Set(c => c.Note, c => c.Note).UpdateAsync(cancel) == 0)
            return (null, false);
        var row = await db.FraudCases.FirstAsync(c => c.Id == id, cancel);
        if (row.Verdict == verdict.Verdict && row.Action == verdict.Action && row.Note == verdict.Note)
            return (row, false);
        var resolved = row with
        {
            Status = CaseStatus.Resolved, Verdict = verdict.Verdict, Action = verdict.Action, Note = verdict.Note, ResolvedAt = now, ResolvedBy = actor,
        };
        await db.UpdateAsync(resolved, token: cancel);
        await TolerateAsync(db, resolved, now, cancel);
        await SetPartnerAsync(db, resolved, now, cancel);
        return (resolved, true);
    }

    static async Task TolerateAsync(SidecarDb db, FraudCaseRow row, DateTimeOffset now, CancellationToken cancel)
    {
        await db.FraudTolerances.DeleteAsync(t => t.CaseId == row.Id, cancel);
        if (row.Verdict != CaseVerdict.Legitimate)
            return;
        foreach (var family in CaseEvidence.Read(row).Where(f => f.IsSuspicious).Select(f => f.Family).Distinct())
            await db.InsertOrReplaceAsync(new FraudToleranceRow { PartnerId = row.PartnerId, Family = family, Until = now + CaseBook.ToleranceTime, CaseId = row.Id }, token: cancel);
    }

    /// <summary>Suspends the partner, or takes a suspension back that the same case had made.</summary>
    static async Task SetPartnerAsync(SidecarDb db, FraudCaseRow row, DateTimeOffset now, CancellationToken cancel)
    {
        var reason = CaseMoney.Reason(row.Id);
        var changed = row.Action == CaseAction.Suspend
            ? await db.Partners.Where(p => p.Id == row.PartnerId && p.Status == PartnerStatus.Approved)
                .Set(p => p.Status, PartnerStatus.Suspended).Set(p => p.StatusReason, reason).Set(p => p.UpdatedAt, now).UpdateAsync(cancel)
            : await db.Partners.Where(p => p.Id == row.PartnerId && p.Status == PartnerStatus.Suspended && p.StatusReason == reason)
                .Set(p => p.Status, PartnerStatus.Approved).Set(p => p.StatusReason, (string?)null).Set(p => p.UpdatedAt, now).UpdateAsync(cancel);
        if (changed > 0)
            await PartnerDirectory.BumpAsync(db, cancel);
    }
}
