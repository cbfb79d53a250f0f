using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>How long people worked on the program: measured on what they did, and what they say they spent beside that.</summary>
static class WorkHours
{
    /// <summary>Who does nothing for so long has gone away; a single act takes <see cref="Act"/>.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMinutes(10), Act = TimeSpan.FromMinutes(2);

    /// <summary>Machines act through the same API: their work costs no hours.</summary>
    static readonly string[] Human = ["partner.", "fraud.", "commission.", "adjustment.", "payout.", "talk.", "segment.", "commission-rules.", "message.", "broadcast."];

    internal static async Task<IReadOnlyList<Work>> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var acts = await db.AuditLog.Where(a => a.At >= from && a.At < to).OrderBy(a => a.Id).Select(a => new { a.At, a.Actor, a.Action, a.Subject }).ToListAsync(cancel);
        var said = await db.Minutes.Where(m => m.At >= from && m.At < to).ToListAsync(cancel);
        return [.. Measure(acts.Where(a => Human.Any(h => a.Action.StartsWith(h, StringComparison.Ordinal))).Select(a => (a.At, a.Actor, a.Subject))), .. said.Select(m => new Work(m.At, TimeSpan.FromMinutes(m.Minutes), null))];
    }

    /// <summary>Each act takes the time since the one before it, or two minutes where that is long ago.</summary>
    internal static IEnumerable<Work> Measure(IEnumerable<(DateTimeOffset At, string Actor, string Subject)> acts)
    {
        foreach (var person in acts.GroupBy(a => a.Actor))
        {
            DateTimeOffset? last = null;
            foreach (var (at, _, subject) in person.OrderBy(a => a.At))
            {
                var since = at - (last ?? DateTimeOffset.MinValue);
                yield return new(at, since <= Idle ? since : Act, PublicId.NumberOf(PublicId.Partner, subject));
                last = at;
            }
        }
    }
}

/// <param name="At">When it was done.</param>
/// <param name="Time">How long it took.</param>
/// <param name="PartnerId">For whom; null where it was nobody's.</param>
sealed record Work(DateTimeOffset At, TimeSpan Time, int? PartnerId);
