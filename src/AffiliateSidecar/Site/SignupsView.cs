using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>What one door to the signup page has brought.</summary>
public sealed record SignupsView
{
    /// <summary><c>footer</c>, <c>widget</c>, <c>banner</c>, <c>order</c> or a <c>utm_medium</c> of your own; null where the visitor brought none.</summary>
    /// <example>footer</example>
    public string? Source { get; init; }

    /// <example>12</example>
    public required int Applications { get; init; }

    /// <summary>Of these, partners now.</summary>
    /// <example>9</example>
    public required int Approved { get; init; }

    internal static async Task<IReadOnlyList<SignupsView>> ReadAsync(SidecarDb db, CancellationToken cancel)
    {
        var doors = await db.Partners.Where(p => p.Source == PartnerSource.Signup).GroupBy(p => p.SignupSource)
            .Select(g => new { g.Key, Applications = g.Count(), Approved = g.Sum(p => p.Status == PartnerStatus.Approved ? 1 : 0) }).ToListAsync(cancel);
        return [.. doors.OrderBy(d => d.Key is null).ThenByDescending(d => d.Applications).ThenBy(d => d.Key, StringComparer.Ordinal)
            .Select(d => new SignupsView { Source = d.Key, Applications = d.Applications, Approved = d.Approved })];
    }
}
