using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>What a case was opened for and what has come to light since, as it is stored with the case.</summary>
static class CaseEvidence
{
    const int MostOrders = 200;

    public static IReadOnlyList<SignalFinding> Read(FraudCaseRow row) => JsonSerializer.Deserialize<IReadOnlyList<SignalFinding>>(row.Evidence, Json.Options)!;

    public static string Write(IEnumerable<SignalFinding> findings) => JsonSerializer.Serialize(findings, Json.Options);

    /// <summary>
    /// Of each signal what it has found strongest, of equally strong what costs more. An open case keeps what was found, though the newest weeks look better.
    /// </summary>
    public static IReadOnlyList<SignalFinding> Merge(IEnumerable<SignalFinding> known, IEnumerable<SignalFinding> found) =>
        [.. known.Concat(found.Where(f => f.Finding.State != FindingState.NotEnoughData && f.Strength > 0).Select(Shorter))
            .GroupBy(f => f.Signal).Select(g => g.MaxBy(f => (f.Weight, f.Finding.MoneyAtRiskMinor))!).OrderByDescending(f => f.Weight).ThenBy(f => f.Signal, StringComparer.Ordinal)];

    // The newest tell most of what to do now.
    static SignalFinding Shorter(SignalFinding f) => f.Finding.Orders.Count <= MostOrders ? f : f with { Finding = f.Finding with { Orders = [.. f.Finding.Orders.TakeLast(MostOrders)] } };
}
