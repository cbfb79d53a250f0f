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
        var (approve, reject) = (new DecisionAnswer(Approve, "Approve"), new DecisionAnswer(Reject, "Reject"));
        var doubtful = facts.Count > 1 || facts.Any(f => Grave.Contains(f.Kind));
        return new(Kind, PublicId.Of(PublicId.Partner, partner.Id), $"Take {partner.Name} ({partner.Website ?? "no site"}) into the program?",
            $"{(facts.Count == 0 ? "Nothing speaks against it." : string.Join(' ', facts.Select(f => f.Text)))} Waiting since {partner.CreatedAt:yyyy-MM-dd}.")
        {
            Answers = doubtful ? [reject, approve] : [approve, reject], MoneyMinor = context.AverageMonthMinor, MoneyBasis = "what an average partner sells in a month",
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
