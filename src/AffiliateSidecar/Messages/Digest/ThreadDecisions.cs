using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Partners' messages that nobody has answered, the oldest first.</summary>
sealed class ThreadDecisions(Database database, ThreadBook book, ThreadLink links) : IDecisionSource
{
    public string Kind => "thread";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var rows = await (from t in db.Threads
                          join p in db.Partners on t.PartnerId equals p.Id
                          from f in db.PartnerFigures.LeftJoin(f => f.PartnerId == p.Id && f.Currency == context.Currency)
                          where t.WaitingSince != null
                          orderby t.WaitingSince, t.Id
                          select new { Thread = t, p.Name, Month = Sql.ToNullable(f.NetMonthMinor) }).Take(WeeklyDigest.Most).ToListAsync(cancel);
        return [.. rows.Select(r => new OpenDecision(Kind, PublicId.Of(PublicId.Thread, r.Thread.Id), context.Text("thread.title", ("name", r.Name), ("subject", r.Thread.Subject)),
            context.Text("thread.why", ("day", context.Say(r.Thread.WaitingSince!.Value))))
        {
            Answers = ["close"], MoneyMinor = Math.Max(0, r.Month ?? 0), MoneyBasis = context.Text("thread.basis"), Urgency = OpenDecision.UrgencyOf(2 * (context.Now - r.Thread.WaitingSince!.Value)), Minutes = 5,
            Page = links.Of(r.Thread.Id, Side.Owner),
        })];
    }

    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel)
    {
        var thread = PublicId.NumberOf(PublicId.Thread, subject) ?? 0;
        await using var db = database.Open();
        var since = await db.Threads.Where(t => t.Id == thread).Select(t => t.WaitingSince).FirstOrDefaultAsync(cancel);
        return since is { } time && await book.CloseAsync(thread, cancel) > 0 ? $"{UnixTime.ToMicros(time)}" : null;
    }

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel)
    {
        var (thread, since) = (PublicId.NumberOf(PublicId.Thread, subject) ?? 0, UnixTime.FromMicros(long.Parse(note, System.Globalization.CultureInfo.InvariantCulture)));
        return await database.WriteAsync((db, token) => db.Threads.Where(t => t.Id == thread && t.WaitingSince == null).Set(t => t.WaitingSince, since).UpdateAsync(token), cancel) > 0;
    }
}
