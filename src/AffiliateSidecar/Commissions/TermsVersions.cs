using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Commissions;

/// <summary>Which version of the terms an order came in under: the newest of its rules that was in force then.</summary>
sealed class TermsVersions
{
    readonly IReadOnlyList<(int Version, int Rules, DateTimeOffset From)> all;

    TermsVersions(IReadOnlyList<(int, int, DateTimeOffset)> all) => this.all = all;

    public static async Task<TermsVersions> ReadAsync(SidecarDb db, CancellationToken cancel) =>
        new([.. (await db.Terms.OrderBy(t => t.Version).Select(t => new { t.Version, t.RuleVersion, t.EffectiveAt }).ToListAsync(cancel)).Select(t => (t.Version, t.RuleVersion, t.EffectiveAt))]);

    /// <summary>Rules whose words were written down only afterwards have the first that were. Null: none were.</summary>
    public int? Of(int rules, DateTimeOffset at)
    {
        var own = all.Where(t => t.Rules == rules).ToList();
        return own.Count == 0 ? null : own.Where(t => t.From <= at).DefaultIfEmpty(own[0]).Last().Version;
    }
}
