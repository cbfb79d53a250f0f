using AffiliateSidecar.Http;
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
    public async Task<FraudCaseRow?> ResolveAsync(string id, FraudVerdict verdict, HttpContext http, CancellationToken cancel)
    {
        var (row, isNews) = await database.WriteAsync<(FraudCaseRow?, bool)>((db, token) => StoreAsync(db, id, verdict, http.Actor(), token), cancel);
        if (row is null)
            return null;
        await money.CarryOutAsync(row, cancel);
        directory.Expire();
        if (isNews)
            await database.AuditAsync(http, $"fraud.{row.Verdict}", id, row.Note is null ? row.Action : $"{row.Action}: {row.Note}", cancel);
        return row;
    }

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
