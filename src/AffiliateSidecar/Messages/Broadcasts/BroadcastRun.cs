using System.Text.Json;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>
/// Makes a broadcast that is due mails of the queue, a page of partners in one transaction, which also writes down how far it is: whoever dies in between leaves whole pages, and whoever comes
/// next goes on behind them. Beside that the queue takes one mail of a broadcast for an address.
/// </summary>
sealed class BroadcastRun(Database database, Outbox outbox, MailStops stops, TimeProvider clock)
{
    const int PageSize = 1000;

    /// <summary>Every broadcast whose time has come.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        foreach (var id in await Due(db, now).OrderBy(b => b.DueAt).Select(b => b.Id).ToListAsync(cancel))
            await QueueAsync(id, cancel);
    }

    /// <summary>All of its mails.</summary>
    public async Task QueueAsync(int id, CancellationToken cancel)
    {
        while (await database.WriteAsync((db, token) => PageAsync(db, id, token), cancel))
        {
        }
    }

    static IQueryable<BroadcastRow> Due(SidecarDb db, DateTimeOffset now) =>
        db.Broadcasts.Where(b => b.QueuedAt == null && (b.Status == BroadcastStatus.Sending || (b.Status == BroadcastStatus.Scheduled && b.DueAt <= now)));

    /// <returns>Whether there may be more.</returns>
    async Task<bool> PageAsync(SidecarDb db, int id, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        // The row is written before it is read: whoever else queues this broadcast waits here, and sees then how far it is.
        if (await Due(db, now).Where(b => b.Id == id).Set(b => b.Status, BroadcastStatus.Sending).UpdateAsync(cancel) == 0)
            return false;
        var broadcast = await db.Broadcasts.FirstAsync(b => b.Id == id, cancel);
        var partners = await db.PartnersOf(broadcast.To()).Where(p => p.Id > broadcast.LastPartner).OrderBy(p => p.Id).Take(PageSize).ToListAsync(cancel);
        var (letters, skipped) = await LettersAsync(db, broadcast, partners, cancel);
        var queued = await outbox.QueueManyAsync(db, broadcast.Cause(), letters, cancel);
        if (letters.Count > queued)
            skipped["same_address"] = skipped.GetValueOrDefault("same_address") + letters.Count - queued;
        var (last, more) = (partners.LastOrDefault()?.Id ?? broadcast.LastPartner, partners.Count == PageSize);
        await db.Broadcasts.Where(b => b.Id == id).Set(b => b.LastPartner, last).Set(b => b.Queued, broadcast.Queued + queued)
            .Set(b => b.LeftOut, JsonSerializer.Serialize(skipped)).Set(b => b.QueuedAt, more ? null : now).UpdateAsync(cancel);
        return more;
    }

    async Task<(List<Letter> Letters, Dictionary<string, int> Skipped)> LettersAsync(SidecarDb db, BroadcastRow broadcast, List<PartnerRow> partners, CancellationToken cancel)
    {
        var stopped = await MailStops.AllAsync(db, broadcast.Topic, cancel);
        var facts = await PartnerFacts.OfAsync(db, partners, cancel);
        var (letters, skipped) = (new List<Letter>(), broadcast.Skipped());
        foreach (var partner in partners)
            if ((string.IsNullOrWhiteSpace(partner.Email) ? "no_address" : stopped.GetValueOrDefault(stops.KeyOf(partner.Email))) is { } reason)
                skipped[reason] = skipped.GetValueOrDefault(reason) + 1;
            else
                letters.Add(Letter.To(partner, BroadcastMail.Template, broadcast.Cause(), new BroadcastModel(broadcast.Id, facts[partner.Id]), broadcast.Topic) with { DueAt = DueAt(broadcast, letters.Count) });
        return (letters, skipped);
    }

    /// <summary>A broadcast's own rate: its mails become due one after the other.</summary>
    static DateTimeOffset? DueAt(BroadcastRow broadcast, int number) =>
        broadcast.RatePerMinute is { } rate ? broadcast.DueAt!.Value + TimeSpan.FromMinutes(1) * (broadcast.Queued + number) / rate : null;
}

static class BroadcastAudiences
{
    /// <summary>Whom it goes to.</summary>
    public static IQueryable<PartnerRow> PartnersOf(this SidecarDb db, BroadcastAudience audience)
    {
        var status = audience.Status ?? PartnerStatus.Approved;
        var query = db.Partners.Where(p => p.Status == status);
        if (audience.Segment is { } segment)
            query = query.Where(p => db.PartnerSegments.Any(s => s.Segment == segment && s.PartnerId == p.Id));
        if (audience.Group is { } group)
            query = query.Where(p => p.GroupName == group);
        if (audience.Locale is { } locale)
            query = query.Where(p => p.Locale == locale || p.Locale.StartsWith(locale + "-"));
        return query;
    }
}

/// <summary>Looks every few seconds whether a broadcast is due.</summary>
sealed class BroadcastSender(BroadcastRun run, TimeProvider clock, ILogger<BroadcastSender> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    protected override string What => "Broadcasts";

    protected override bool BeginsAtOnce => true;

    protected override Task RoundAsync(CancellationToken cancel) => run.RunAsync(cancel);
}
