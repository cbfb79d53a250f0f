using AffiliateSidecar.Fraud;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>The open alerts with most at stake. "Legitimate" is not offered: what it releases cannot be held again.</summary>
sealed class FraudDecisions(CaseVerdicts verdicts) : IDecisionSource
{
    public string Kind => "fraud";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var rows = await db.FraudCases.Where(c => c.Status == CaseStatus.Open && c.Currency == context.Currency).OrderByDescending(c => c.MoneyMinor).ThenBy(c => c.Id).Take(WeeklyDigest.Most).ToListAsync(cancel);
        var codes = await CaseText.CodesAsync(db, rows, cancel);
        return [.. rows.Select(c => new OpenDecision(Kind, c.Id, $"Hold what {codes[c.PartnerId]} has earned until you have looked into it?",
            $"Suspicion: {c.Reasons.Replace(" ", ", ", StringComparison.Ordinal)}; risk {Math.Round(100 * c.Risk)} %. {CaseText.Hold(c)} The evidence: GET /v1/fraud/alerts/{c.Id}".Replace("  ", " ", StringComparison.Ordinal))
        {
            Answers = [new("hold", "Hold it")], MoneyMinor = c.MoneyMinor, MoneyBasis = "unpaid commission inside what is suspicious, and the next 30 days at this rate", Urgency = c.HeldUntil > context.Now ? 2 : 3, Minutes = 10,
        })];
    }

    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel) =>
        await verdicts.ResolveAsync(subject, new FraudVerdict { Verdict = CaseVerdict.Fraud, Action = CaseAction.Hold, Note = "Decided in the digest." }, "owner", null, cancel) is null ? null : "";

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) => await verdicts.ReopenAsync(subject, "owner", cancel);
}
