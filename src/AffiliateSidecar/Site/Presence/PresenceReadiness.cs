using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Site.Presence;

/// <summary>What the last round of the monitor found. Never more than degraded: orders and clicks do not need the site.</summary>
sealed class PresenceReadiness(SiteSettings settings, Database database, TimeProvider clock) : IReadinessCheck
{
    static readonly TimeSpan Late = TimeSpan.FromDays(3);

    public string Name => "site-presence";

    public async Task<(Condition, string)> CheckAsync(CancellationToken cancel)
    {
        if (settings.BaseUrl is null)
            return (Condition.Ok, "It is not said where the site is published, so nobody looks at it.");
        await using var db = database.Open();
        if (await PresenceReport.ReadAsync(db, cancel) is not { } report)
            return (Condition.Ok, "Nobody has looked at the published site yet; the first look comes at night.");
        var failed = report.Failed.Select(c => c.Check).Distinct().ToList();
        return failed.Count > 0 ? (Condition.Degraded, $"{report.Failed.Count()} of {report.Checks.Count} checks of the published site did not pass: {string.Join(", ", failed)}. GET /v1/site/status says who must do what.")
            : settings.Monitor && clock.GetUtcNow() - report.CheckedAt > Late ? (Condition.Degraded, $"Nobody has looked at the published site for {(clock.GetUtcNow() - report.CheckedAt).Days} days.")
            : (Condition.Ok, $"All {report.Checks.Count} checks of the published site passed.");
    }
}
