using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>Looks at new applications once their address is confirmed: is the site there, and may the rule approve them.</summary>
sealed partial class ApplicationWatch(Database database, ApplicationSettings settings, ApplicationRisks risks, SiteProbe probe, PartnerDecisions decisions, TimeProvider clock, ILogger<ApplicationWatch> log) : Rounds(TimeSpan.FromSeconds(15), clock, log)
{
    const int AtOnce = 10;

    readonly Lease lease = new("applications", database, clock);

    protected override string What => "Looking at new applications";

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        List<ApplicationRow> fresh;
        await using (var db = database.Open())
            fresh = await (from a in db.Applications join p in db.Partners on a.PartnerId equals p.Id
                           where a.LookedAt == null && (a.AskedAt == null || a.ConfirmedAt != null) && p.Status == PartnerStatus.Pending
                           orderby a.PartnerId select a).Take(AtOnce).ToListAsync(cancel);
        if (fresh.Count == 0 || !await lease.HoldAsync(cancel))
            return;
        foreach (var application in fresh)
            await LookAsync(application, cancel);
    }

    async Task LookAsync(ApplicationRow application, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await db.Partners.FirstOrDefaultAsync(p => p.Id == application.PartnerId, cancel) is not { } partner)
            return;
        var (site, detail) = settings.LookAtSites ? await probe.LookAsync(partner.Website, cancel) : (SiteState.Unknown, null);
        var looked = application with { Site = site, SiteDetail = detail, LookedAt = UnixTime.Truncate(Clock.GetUtcNow()) };
        await database.WriteAsync((writer, token) => writer.Applications.Where(a => a.PartnerId == partner.Id)
            .Set(a => a.Site, site).Set(a => a.SiteDetail, detail).Set(a => a.LookedAt, looked.LookedAt).UpdateAsync(token), cancel);
        // An address that nobody has confirmed is a stranger's word.
        if (!settings.AutoApprove || looked.ConfirmedAt is null || (await risks.LoadAsync(db, [(partner, looked)], cancel))[partner.Id].Any())
            return;
        var decision = new PartnerDecision(PartnerStatus.Approved, "Confirmed, and nothing speaks against it.", ApplicationNews.ByRule);
        if ((await decisions.DecideAsync(partner.Id, [PartnerStatus.Pending], decision, cancel)).Done)
            LogApproved(partner.Code);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The application of {Code} was approved by the rule.")]
    partial void LogApproved(string code);
}
