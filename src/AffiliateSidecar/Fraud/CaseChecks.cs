using System.Runtime.CompilerServices;
using System.Text.Json;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>Cases, their verdicts and what follows from them agree.</summary>
sealed class CasesAreConsistent : IIntegrityCheck
{
    public string Name => "every fraud alert has one partner, a verdict or none, and nothing is held or tolerated without one";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        var cases = await db.FraudCases.OrderBy(c => c.Id).ToListAsync(cancel);
        var partners = (await db.Partners.Select(p => p.Id).ToListAsync(cancel)).ToHashSet();
        foreach (var row in cases)
        {
            if (!partners.Contains(row.PartnerId))
                yield return $"Alert {row.Id} is about a partner who does not exist.";
            var isOpen = row.Status == CaseStatus.Open;
            if (row.Status is not (CaseStatus.Open or CaseStatus.Resolved) || isOpen != (row.Verdict is null) || isOpen != (row.ResolvedAt is null) || isOpen != (row.Action is null))
                yield return $"Alert {row.Id} is {row.Status} with the verdict {row.Verdict ?? "none"}.";
            if (!IsReadable(row))
                yield return $"Alert {row.Id} has evidence that cannot be read.";
        }
        foreach (var twice in cases.Where(c => c.Status == CaseStatus.Open).GroupBy(c => c.PartnerId).Where(g => g.Count() > 1))
            yield return $"Partner {PublicId.Of(PublicId.Partner, twice.Key)} has {twice.Count()} open alerts.";

        var byId = cases.ToDictionary(c => c.Id);
        foreach (var tolerance in await db.FraudTolerances.ToListAsync(cancel))
            if (!byId.TryGetValue(tolerance.CaseId, out var row) || row.Verdict != CaseVerdict.Legitimate || row.PartnerId != tolerance.PartnerId)
                yield return $"The tolerance of {tolerance.Family} for {PublicId.Of(PublicId.Partner, tolerance.PartnerId)} belongs to no alert that was found legitimate.";

        var byReason = cases.ToDictionary(c => CaseMoney.Reason(c.Id));
        var prefix = CaseMoney.Reason("");
        // An order that is credited to somebody else meanwhile has left its old commission behind.
        var marked = from c in db.Commissions
                     join o in db.Orders on c.OrderId equals o.Id
                     where o.PartnerId == c.PartnerId && c.Override != null && c.OverrideReason!.StartsWith(prefix)
                     select new { c.Id, c.Override, c.OverrideReason, c.PartnerId };
        await foreach (var c in marked.AsAsyncEnumerable().WithCancellation(cancel))
            if (!byReason.TryGetValue(c.OverrideReason!, out var row) || row.PartnerId != c.PartnerId || !Allows(row, c.Override!))
                yield return $"Commission {c.Id} is under {c.Override} for a fraud alert that does not say so.";
    }

    static bool Allows(FraudCaseRow row, string decision) => decision switch
    {
        "hold" => row.Status == CaseStatus.Open ? row.ReleasedAt is null && row.HeldUntil is not null : row.Action is CaseAction.Hold or CaseAction.Suspend,
        "reverse" => row.Action == CaseAction.Reverse,
        _ => false,
    };

    static bool IsReadable(FraudCaseRow row)
    {
        try
        {
            return CaseEvidence.Read(row) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
