using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>
/// Writes to applicants: asks them to confirm their address, tells them what was decided. Where no mail server is set nobody is asked and nobody waits for an answer
/// that cannot come: the application is in the owner's queue at once.
/// </summary>
sealed class ApplicationNews(MailSettings mail, ApplicationSettings settings, ApplicationLink links, Outbox outbox, RuleStore rules, TimeProvider clock) : IPartnerNews
{
    /// <summary>Who has approved.</summary>
    public const string ByRule = "rule", ByPerson = "person";

    const string Approved = "mail/approved", Refused = "mail/refused";

    bool CanWrite => mail.Host is not null;

    public async Task AddedAsync(SidecarDb db, PartnerRow partner, CancellationToken cancel)
    {
        if (partner.Source != PartnerSource.Signup)
            return;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await db.InsertAsync(new ApplicationRow { PartnerId = partner.Id, SubmittedAt = now, AskedAt = CanWrite ? now : null, Site = SiteState.Unknown }, token: cancel);
        if (CanWrite)
            await AskAsync(db, partner, now, cancel);
    }

    /// <summary>Once a day: the first mail may have been lost, and nobody is to be annoyed with our mails by a stranger.</summary>
    public async Task AppliedAgainAsync(SidecarDb db, PartnerRow partner, CancellationToken cancel)
    {
        if (CanWrite && partner.Status == PartnerStatus.Pending && await db.Applications.AnyAsync(a => a.PartnerId == partner.Id && a.AskedAt != null && a.ConfirmedAt == null, cancel))
            await AskAsync(db, partner, clock.GetUtcNow(), cancel);
    }

    public async Task DecidedAsync(SidecarDb db, PartnerRow before, PartnerDecision decision, CancellationToken cancel)
    {
        await NoteAsync(db, before.Id, decision, cancel);
        if (decision.Status == before.Status || before.Status is not (PartnerStatus.Pending or PartnerStatus.Rejected or PartnerStatus.Approved))
            return;
        if (decision.Status is PartnerStatus.Pending)
            await TakeBackAsync(db, before.Id, cancel);
        else if (CanWrite && !decision.Quiet && decision.Status is PartnerStatus.Approved or PartnerStatus.Rejected)
            await outbox.QueueAsync(db, Letter.To(before, decision.Status == PartnerStatus.Approved ? Approved : Refused, $"decision:{before.Id}:{decision.Status}:{clock.GetUtcNow().ToUnixTimeSeconds()}",
                new { Status = links.Of(before.Id), Link = new Uri(mail.ServiceUrl, $"r/{before.Code}") }) with { DueAt = decision.TellAt }, cancel);
    }

    Task<bool> AskAsync(SidecarDb db, PartnerRow partner, DateTimeOffset now, CancellationToken cancel) =>
        outbox.QueueAsync(db, Letter.To(partner, "mail/confirm", $"confirm:{partner.Id}:{now.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}", new { Link = links.Of(partner.Id) }), cancel);

    async Task NoteAsync(SidecarDb db, int partner, PartnerDecision decision, CancellationToken cancel)
    {
        var application = db.Applications.Where(a => a.PartnerId == partner);
        if (decision.Status is PartnerStatus.Pending)
            await application.Set(a => a.DecidedAt, (DateTimeOffset?)null).Set(a => a.ApprovedBy, (string?)null).Set(a => a.CapMinor, (long?)null).UpdateAsync(cancel);
        else if (decision.Status is PartnerStatus.Rejected)
            await application.Set(a => a.DecidedAt, clock.GetUtcNow()).Set(a => a.ApprovedBy, (string?)null).UpdateAsync(cancel);
        else if (decision.Status is PartnerStatus.Approved && decision.Actor == ByRule)
        {
            var currency = (await rules.CurrentAsync(db, cancel)).Program.Currency;
            await application.Set(a => a.DecidedAt, clock.GetUtcNow()).Set(a => a.ApprovedBy, ByRule).Set(a => a.CapMinor, Money.RoundToMinor(settings.Cap, currency)).Set(a => a.CapCurrency, currency).UpdateAsync(cancel);
        }
        // Who brings his own links back has looked at nothing.
        else if (decision.Status is PartnerStatus.Approved && decision.Actor != Side.Partner)
        {
            await application.Where(a => a.DecidedAt == null).Set(a => a.DecidedAt, clock.GetUtcNow()).UpdateAsync(cancel);
            await application.Set(a => a.ApprovedBy, ByPerson).UpdateAsync(cancel);
        }
    }

    /// <summary>The mail of a decision that does not hold any more, as long as it lies in the queue.</summary>
    async Task TakeBackAsync(SidecarDb db, int partner, CancellationToken cancel)
    {
        foreach (var cause in await db.Mails.Where(m => m.PartnerId == partner && (m.Template == Approved || m.Template == Refused) && m.Status == MailStatus.Queued).Select(m => m.Cause).ToListAsync(cancel))
            await outbox.TakeBackAsync(db, cause, "The decision was taken back.", cancel);
    }
}
