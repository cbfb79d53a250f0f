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
        return [.. rows.Select(c => new OpenDecision(Kind, c.Id, context.Text("fraud.title", ("code", codes[c.PartnerId])), Why(c, context))
        {
            Answers = ["hold"], MoneyMinor = c.MoneyMinor, MoneyBasis = context.Text("fraud.basis"), Urgency = c.HeldUntil > context.Now ? 2 : 3, Minutes = 10,
        })];
    }

    static string Why(FraudCaseRow row, DigestContext context) => string.Join(' ', new[]
    {
        context.Text("fraud.why", ("reasons", string.Join(context.Text("fraud.and"), Families(row).Select(context.Language.Family))), ("risk", context.Language.Percent((decimal)Math.Round(100 * row.Risk)))),
        row.ReleasedAt is { } released ? context.Text("fraud.released", ("day", context.Say(released))) : row.HeldUntil is { } until ? context.Text("fraud.held", ("day", context.Say(until))) : null,
        context.Text("fraud.evidence", ("path", $"GET /v1/fraud/alerts/{row.Id}")),
    }.OfType<string>());

    /// <summary>What speaks loudest first.</summary>
    static IEnumerable<string> Families(FraudCaseRow row) => CaseEvidence.Read(row).Where(f => f.IsSuspicious).OrderByDescending(f => f.Weight).Select(f => f.Family).Distinct().DefaultIfEmpty("other");

    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel) =>
        await verdicts.ResolveAsync(subject, new FraudVerdict { Verdict = CaseVerdict.Fraud, Action = CaseAction.Hold, Note = "Decided in the digest." }, "owner", null, cancel) is null ? null : "";

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) => await verdicts.ReopenAsync(subject, "owner", cancel);
}
