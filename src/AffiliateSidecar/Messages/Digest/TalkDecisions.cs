using AffiliateSidecar.Insights;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>This week's talk list: the draft can be sent as it is, and leaves when it can not be taken back any more.</summary>
sealed class TalkDecisions(TalkList talks, ThreadBook book, Database database, MailSettings mail, TimeProvider clock) : IDecisionSource
{
    const string Send = "send", Done = "done";

    public string Kind => "talk";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var open = (await talks.ThisWeekAsync(cancel)).Where(t => t.State == "open").ToList();
        int[] ids = [.. open.Select(t => Number(t.Partner))];
        var figures = (await db.PartnerFigures.Where(f => ids.Contains(f.PartnerId) && f.Currency == context.Currency).ToListAsync(cancel)).ToDictionary(f => f.PartnerId);
        return [.. open.Select(t => (Talk: t, Figures: figures.GetValueOrDefault(Number(t.Partner)))).Select(t => new OpenDecision(Kind, t.Talk.Partner, context.Text("talk.title", ("name", t.Talk.Name)), $"{Why(t.Talk, t.Figures, context)}\n\n{t.Talk.Draft}")
        {
            Answers = t.Talk.Channel == "email" && mail.Host is not null ? [Send, Done] : [Done],
            MoneyMinor = t.Figures is { } f ? Math.Max(0, Math.Max(f.NetMonthMinor, f.NetBeforeMinor / 2)) : 0, MoneyBasis = context.Text("talk.basis"), Urgency = 1, Minutes = 10,
        })];
    }

    /// <summary>In the owner's language; the talk list itself has the sentence of the night.</summary>
    static string Why(Talk talk, PartnerFigureRow? figures, DigestContext context) => figures is null ? talk.Why : context.Text($"talk.{talk.Segment.Replace('-', '_')}",
        ("month", context.Number(figures.OrdersMonth)), ("before", context.Number(figures.OrdersBefore)), ("money", context.Say(figures.NetMinor)), ("clicks", context.Number(figures.Clicks)));

    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel)
    {
        if ((await talks.ThisWeekAsync(cancel)).FirstOrDefault(t => t.Partner == subject && t.State == "open") is not { } talk)
            return null;
        var (partner, now) = (Number(subject), UnixTime.Truncate(clock.GetUtcNow()));
        var thread = 0;
        if (answer == Send)
        {
            await using var db = database.Open();
            thread = (await book.StartAsync(await db.Partners.FirstAsync(p => p.Id == partner, cancel), mail.Shop, new Said("page", "owner", talk.Draft) { DueAt = now + WeeklyDigest.UndoTime }, cancel)).Thread.Id;
        }
        var done = await database.WriteAsync((db, token) => db.InsertWithInt64IdentityAsync(new TalkRow { PartnerId = partner, At = now, What = TalkList.Done, Actor = "owner" }, token: token), cancel);
        return $"{done} {thread}";
    }

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel)
    {
        var (done, thread) = note.Split(' ') is [var d, var t] ? (long.Parse(d, System.Globalization.CultureInfo.InvariantCulture), int.Parse(t, System.Globalization.CultureInfo.InvariantCulture)) : (0, 0);
        if (thread > 0 && !await book.TakeBackAsync(thread, cancel))
            return false;
        await database.WriteAsync((db, token) => db.Talks.DeleteAsync(x => x.Id == done, token), cancel);
        return true;
    }

    static int Number(string subject) => PublicId.NumberOf(PublicId.Partner, subject) ?? 0;
}
