using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Carries the owner's answers out and takes them back, and remembers both.</summary>
sealed class DecisionDesk(Database database, WeeklyDigest digest, TimeProvider clock)
{
    /// <summary>The answer that holds for it; null: none since a week.</summary>
    public async Task<DecisionRow?> AnsweredAsync(SidecarDb db, string kind, string subject, CancellationToken cancel)
    {
        var since = UnixTime.Truncate(clock.GetUtcNow()) - WeeklyDigest.Rest;
        return await db.Decisions.Where(d => d.Kind == kind && d.Subject == subject && d.UndoneAt == null && d.At > since).OrderByDescending(d => d.Id).FirstOrDefaultAsync(cancel);
    }

    public bool CanUndo(DecisionRow row) => clock.GetUtcNow() - row.At < WeeklyDigest.UndoTime;

    /// <returns>False: nothing was done, since it is no decision any more.</returns>
    public async Task<bool> AnswerAsync(OpenDecision decision, string answer, CancellationToken cancel)
    {
        var note = answer == WeeklyDigest.Later ? "" : await digest.Source(decision.Kind)!.ActAsync(decision.Subject, answer, cancel);
        if (note is null)
            return false;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await database.WriteAsync(async (db, token) =>
        {
            await db.InsertAsync(new DecisionRow { Kind = decision.Kind, Subject = decision.Subject, Answer = answer, Title = decision.Title, At = now, Note = note }, token: token);
            await db.InsertAsync(Audit("decision.answer", decision.Kind, decision.Subject, answer, now), token: token);
        }, cancel);
        return true;
    }

    /// <returns>False: it has gone too far.</returns>
    public async Task<bool> UndoAsync(DecisionRow row, CancellationToken cancel)
    {
        if (!CanUndo(row) || (row.Answer != WeeklyDigest.Later && !await digest.Source(row.Kind)!.UndoAsync(row.Subject, row.Note ?? "", cancel)))
            return false;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await database.WriteAsync(async (db, token) =>
        {
            await db.Decisions.Where(d => d.Id == row.Id).Set(d => d.UndoneAt, now).UpdateAsync(token);
            await db.InsertAsync(Audit("decision.undo", row.Kind, row.Subject, row.Answer, now), token: token);
        }, cancel);
        return true;
    }

    static AuditRow Audit(string action, string kind, string subject, string answer, DateTimeOffset now) => new() { At = now, Actor = "owner", Action = action, Subject = subject, Detail = $"{kind}: {answer}" };
}
