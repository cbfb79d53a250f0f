using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>The oldest applications: who waits goes elsewhere.</summary>
sealed class ApplicationDecisions(ApplicationRisks risks, PartnerDecisions decisions, TimeProvider clock) : IDecisionSource
{
    const string Approve = "approve", Reject = "reject";

    // Shared lines and slow sites have honest reasons; these have few.
    static readonly string[] Grave = ["same_account", "same_email", "disposable_email", "mail_returned"];

    public string Kind => "application";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var oldest = await ApplicationEndpoints.Of(db, ApplicationFilter.Waiting).OrderBy(a => a.Partner.CreatedAt).ThenBy(a => a.Partner.Id).Take(WeeklyDigest.Most).ToListAsync(cancel);
        var facts = await risks.LoadAsync(db, [.. oldest.Select(a => (a.Partner, a.Application))], cancel);
        return [.. oldest.Select(a => Of(a.Partner, [.. facts[a.Partner.Id]], context))];
    }

    OpenDecision Of(PartnerRow partner, IReadOnlyList<RiskFact> facts, DigestContext context)
    {
        var doubtful = facts.Count > 1 || facts.Any(f => Grave.Contains(f.Kind));
        string[] why = [.. facts.Count == 0 ? [context.Text("application.clear")] : facts.Select(f => context.Text($"application.{f.Kind}", ("n", context.Number(f.Others)))), context.Text("application.since", ("day", context.Say(partner.CreatedAt)))];
        return new(Kind, PublicId.Of(PublicId.Partner, partner.Id), context.Text("application.title", ("name", partner.Name), ("site", partner.Website ?? context.Text("application.no_site"))), string.Join(' ', why))
        {
            Answers = doubtful ? [Reject, Approve] : [Approve, Reject], MoneyMinor = context.AverageMonthMinor, MoneyBasis = context.Text("application.basis"),
            Urgency = OpenDecision.UrgencyOf(context.Now - partner.CreatedAt), Minutes = 3,
        };
    }

    /// <summary>The applicant is told when it can not be taken back any more.</summary>
    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel)
    {
        var decision = new PartnerDecision(answer == Approve ? PartnerStatus.Approved : PartnerStatus.Rejected, "Decided in the digest.", "owner", TellAt: clock.GetUtcNow() + WeeklyDigest.UndoTime);
        return (await decisions.DecideAsync(Number(subject), [PartnerStatus.Pending], decision, cancel)).Done ? "" : null;
    }

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) =>
        (await decisions.DecideAsync(Number(subject), [PartnerStatus.Approved, PartnerStatus.Rejected], new(PartnerStatus.Pending, "Taken back.", "owner"), cancel)).Done;

    static int Number(string subject) => PublicId.NumberOf(PublicId.Partner, subject) ?? 0;
}
