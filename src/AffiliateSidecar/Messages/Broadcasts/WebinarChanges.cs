using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Broadcasts;

/// <summary>A webinar moves or is called off: whoever has been invited is told, and his calendar too.</summary>
sealed class WebinarChanges(Outbox outbox, TimeProvider clock)
{
    static readonly string[] NotSent = [MailStatus.Failed, MailStatus.Skipped];

    /// <param name="changed">Null: it is called off.</param>
    /// <returns>How many are told; null: there is no such invitation.</returns>
    public async Task<int?> ApplyAsync(SidecarDb db, int id, Webinar? changed, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        if (await db.Broadcasts.Where(b => b.Id == id && b.Webinar != null && b.Status != BroadcastStatus.Cancelled).Set(b => b.Sequence, b => b.Sequence + 1).Set(b => b.UpdatedAt, now).UpdateAsync(cancel) == 0)
            return null;
        var broadcast = await db.Broadcasts.FirstAsync(b => b.Id == id, cancel);
        var cause = broadcast.Cause();
        if (changed is not null)
            // A mail that still waits brings the new time by itself; that the second one says so again does no harm.
            await db.Broadcasts.Where(b => b.Id == id).Set(b => b.Webinar, JsonSerializer.Serialize(changed, Json.Options)).UpdateAsync(cancel);
        else
        {
            await db.Broadcasts.Where(b => b.Id == id).Set(b => b.Status, BroadcastStatus.Cancelled).UpdateAsync(cancel);
            await outbox.TakeBackAsync(db, cause, BroadcastEndpoints.TakenBack, cancel);
        }
        var invited = await db.Mails.Where(m => m.Cause == cause && !NotSent.Contains(m.Status)).OrderBy(m => m.Id).ToListAsync(cancel);
        var partners = await db.Partners.Where(p => db.Mails.Any(m => m.Cause == cause && m.PartnerId == p.Id)).ToListAsync(cancel);
        var facts = await Kits.PartnerFacts.OfAsync(db, partners, cancel);
        return await outbox.QueueManyAsync(db, $"{cause}:{broadcast.Sequence}", invited.Where(m => facts.ContainsKey(m.PartnerId ?? 0)).Select(m => new Letter
        {
            Template = changed is null ? BroadcastMail.CalledOff : BroadcastMail.Changed, Cause = "", Address = m.Address, Name = m.Name, PartnerId = m.PartnerId, Locale = m.Locale, Topic = broadcast.Topic,
            Model = new BroadcastModel(id, facts[m.PartnerId!.Value]),
        }), cancel);
    }
}
