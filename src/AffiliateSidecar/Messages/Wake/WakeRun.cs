using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Wake;

/// <summary>
/// Asks partners who have never begun or have gone cold whether they are still there: two mails, three weeks apart. Who is silent for another month is told that his links will come to rest, and 30 days later
/// they do, if anything was owed to him at no time. A click, an order or an answer ends it; one click on the mail's link brings the links back.
/// </summary>
sealed class WakeRun(Database database, WakeSettings settings, Outbox outbox, MailSettings mail, ApplicationLink links, PartnerDecisions decisions, TimeProvider clock)
{
    /// <summary>The reason of the suspension; it can be taken back by the partner himself.</summary>
    public const string Retired = "Retired: no click, no order and no answer.";

    static readonly TimeSpan Between = TimeSpan.FromDays(21), Silence = TimeSpan.FromDays(30), Grace = TimeSpan.FromDays(30), Peace = TimeSpan.FromDays(90);

    const int Most = 2;

    /// <returns>How many were written to, and how many retired.</returns>
    public async Task<(int Written, int Retired)> RunAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        string[] cold = [BuiltInSegments.NeverLaunched, BuiltInSegments.Dormant];
        var members = await (from s in db.PartnerSegments
                             join p in db.Partners on s.PartnerId equals p.Id
                             where cold.Contains(s.Segment) && p.Status == PartnerStatus.Approved && p.Email != null
                             orderby p.Id
                             select new { s.Segment, Partner = p }).ToListAsync(cancel);
        await ForgetAsync([.. members.Select(m => m.Partner.Id)], now, cancel);
        var known = await db.Wakes.ToDictionaryAsync(w => w.PartnerId, cancel);
        var owed = await db.WithBalanceAsync(cancel);
        var (written, retired) = (0, 0);
        foreach (var member in members.DistinctBy(m => m.Partner.Id))
        {
            var row = known.GetValueOrDefault(member.Partner.Id);
            if (row is { RetireAt: { } due })
                retired += due <= now && !owed.Contains(member.Partner.Id) && settings.Retires && await RetireAsync(row, cancel) ? 1 : 0;
            else if (Next(row, now) is { } step && (step <= Most || (settings.Retires && !owed.Contains(member.Partner.Id))))
                written += await WriteAsync(member.Partner, member.Segment, row, step, now, cancel) ? 1 : 0;
        }
        return (written, retired);
    }

    /// <summary>Which mail is due: 1 and 2 ask, 3 tells that the links will rest; null: none today.</summary>
    static int? Next(WakeRow? row, DateTimeOffset now) => row switch
    {
        null => 1,
        { Mails: 0 } => now - row.LastAt >= Peace ? 1 : null,
        { Mails: < Most } => now - row.LastAt >= Between ? row.Mails + 1 : null,
        _ => now - row.LastAt >= Silence ? Most + 1 : null,
    };

    Task<bool> WriteAsync(PartnerRow partner, string segment, WakeRow? row, int step, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        await db.InsertOrReplaceAsync(new WakeRow
        {
            PartnerId = partner.Id, Mails = Math.Min(step, Most), FirstAt = step == 1 ? now : row!.FirstAt, LastAt = now, RetireAt = step > Most ? now + Grace : null,
        }, token: token);
        // What is going to happen to his account is no reminder that can be unsubscribed from.
        return await outbox.QueueAsync(db, Letter.To(partner, "mail/wake", $"wake:{partner.Id}:{now:yyyyMMdd}", new
        {
            Kind = step > Most ? "rest" : segment.Replace('-', '_'), Step = step, Link = new Uri(mail.ServiceUrl, $"r/{partner.Code}"), Status = links.Of(partner.Id), RestAt = now + Grace,
        }, step > Most ? null : MailTopic.Reminders), token);
    }, cancel);

    async Task<bool> RetireAsync(WakeRow row, CancellationToken cancel) => (await decisions.DecideAsync(row.PartnerId, [PartnerStatus.Approved], new(PartnerStatus.Suspended, Retired, ApplicationNews.ByRule, Quiet: true), cancel,
        async (db, token) => await db.Wakes.DeleteAsync(w => w.PartnerId == row.PartnerId, token) > 0 && !await db.HasBalanceAsync(row.PartnerId, token))).Done;

    /// <summary>Who has done something is no case any more; who has answered has peace for a while.</summary>
    Task ForgetAsync(int[] cold, DateTimeOffset now, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var asked = db.Wakes.Where(w => w.Mails > 0);
        var warm = (await asked.Select(w => w.PartnerId).ToListAsync(token)).Except(cold).ToList();
        var answered = await (from w in asked
                              where db.Messages.Any(m => m.Origin == Side.Partner && m.At >= w.FirstAt && db.Threads.Any(t => t.Id == m.ThreadId && t.PartnerId == w.PartnerId))
                              select w.PartnerId).ToListAsync(token);
        foreach (var partner in warm)
            await db.Wakes.DeleteAsync(w => w.PartnerId == partner, token);
        foreach (var partner in answered.Except(warm))
            await db.Wakes.Where(w => w.PartnerId == partner).Set(w => w.Mails, 0).Set(w => w.LastAt, now).Set(w => w.RetireAt, (DateTimeOffset?)null).UpdateAsync(token);
    }, cancel);
}
