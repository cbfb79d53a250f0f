using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>A case in the owner's words.</summary>
static class CaseText
{
    public static async Task<IReadOnlyDictionary<int, string>> CodesAsync(SidecarDb db, IEnumerable<FraudCaseRow> rows, CancellationToken cancel)
    {
        var ids = rows.Select(r => r.PartnerId).Distinct().ToArray();
        return await db.Partners.Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
    }

    public static string Recommended(FraudCaseRow row, IReadOnlyList<SignalFinding> findings) => row.Status == CaseStatus.Resolved ? "Nothing: there is a verdict."
        : (row.HeldUntil is null || row.ReleasedAt is not null ? "Hold the partner's pending commissions and look at the evidence" : "The pending commissions are held: look at the evidence")
            + (findings.Any(f => f is { IsSuspicious: true, Finding.IsFact: true }) ? ", and reverse what is not owed." : ", ask the partner how the traffic came about, then decide.");

    public static string? Hold(FraudCaseRow row) => row switch
    {
        { HeldUntil: null } => null,
        { ReleasedAt: { } at } => FormattableString.Invariant($"The hold has ended on {at:yyyy-MM-dd} without a verdict: the commissions are released."),
        { Status: CaseStatus.Open } => FormattableString.Invariant($"Pending commissions are held until {row.HeldUntil:yyyy-MM-dd} and released then, unless there is a verdict."),
        { Action: CaseAction.Hold or CaseAction.Suspend } => "Pending commissions are held until somebody decides.",
        { Action: CaseAction.Reverse } => "Pending and held commissions were reversed.",
        _ => "The commissions are released.",
    };
}
