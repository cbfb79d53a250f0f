using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>Whether the nightly scan runs.</summary>
sealed class FraudScanCheck(Database database, TimeProvider clock) : IReadinessCheck
{
    static readonly TimeSpan Late = TimeSpan.FromDays(2);

    public string Name => "fraud-scan";

    public async Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var now = clock.GetUtcNow();
        if (await db.FraudScans.OrderByDescending(s => s.RanAt).Select(s => (DateTimeOffset?)s.RanAt).FirstOrDefaultAsync(cancel) is not { } ran)
            return (Condition.Ok, "No fraud scan has run yet; the first comes after midnight UTC.");
        var days = (int)(now - ran).TotalDays;
        return now - ran > Late ? (Condition.Degraded, $"The last fraud scan ran {days} days ago.") : (Condition.Ok, $"The last fraud scan ran {(days == 0 ? "within a day" : "a day ago")}.");
    }
}
