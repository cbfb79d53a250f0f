using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>Counts what has become of broadcasts' mails.</summary>
static class BroadcastTally
{
    public static async Task<IReadOnlyDictionary<int, BroadcastCounts>> OfAsync(SidecarDb db, IReadOnlyList<BroadcastRow> rows, CancellationToken cancel)
    {
        string[] causes = [.. rows.Select(r => r.Cause())];
        var mails = (await db.Mails.Where(m => causes.Contains(m.Cause)).GroupBy(m => new { m.Cause, m.Status, Problem = m.Status == MailStatus.Skipped ? m.Problem : null })
            .Select(g => new { g.Key.Cause, g.Key.Status, g.Key.Problem, Count = g.Count() }).ToListAsync(cancel)).ToLookup(g => g.Cause);
        return rows.ToDictionary(r => r.Id, r =>
        {
            int Count(params string[] status) => mails[r.Cause()].Where(m => status.Contains(m.Status)).Sum(m => m.Count);
            var skipped = r.Skipped();
            // Who has left since his mail was queued.
            foreach (var mail in mails[r.Cause()].Where(m => m.Status == MailStatus.Skipped))
            {
                var reason = MailStops.ReasonOf(mail.Problem) ?? "cancelled";
                skipped[reason] = skipped.GetValueOrDefault(reason) + mail.Count;
            }
            return new BroadcastCounts(Count(MailStatus.Queued, MailStatus.Sending), Count(MailStatus.Sent), Count(MailStatus.Unconfirmed), Count(MailStatus.Failed),
                [.. skipped.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new LeftOut(s.Key, s.Value))]);
        });
    }
}
