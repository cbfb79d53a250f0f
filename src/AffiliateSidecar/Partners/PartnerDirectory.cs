using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>What clicks and attribution need of a partner.</summary>
sealed record PartnerEntry(int Id, string Code, string Status)
{
    public bool Earns => Status == PartnerStatus.Approved;
}

/// <summary>All partners and everything that means one, as they were at one version.</summary>
sealed record PartnerSnapshot(
    string Version,
    IReadOnlyDictionary<int, PartnerEntry> ById,
    IReadOnlyDictionary<string, PartnerEntry> ByCode,
    IReadOnlyDictionary<string, PartnerEntry> ByCoupon)
{
    /// <summary>By code or alias, in any case and with either kind of Persian letters.</summary>
    public PartnerEntry? Find(string? code) => string.IsNullOrEmpty(code) ? null : ByCode.GetValueOrDefault(CodeText.Fold(code));

    public PartnerEntry? FindCoupon(string? coupon) => string.IsNullOrEmpty(coupon) ? null : ByCoupon.GetValueOrDefault(CodeText.Fold(coupon));
}

/// <summary>
/// Partners in memory. Redirects must not ask the database, and must go on while it is away; every change bumps a version in the
/// settings table, so other nodes see it within a second, and whoever needs the exact state asks with a connection.
/// </summary>
sealed class PartnerDirectory(Database database, TimeProvider clock)
{
    const string VersionName = "partners-version";
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    volatile PartnerSnapshot? snapshot;
    long lookedAt;

    /// <summary>At most a second old; older while the database is away.</summary>
    public async ValueTask<PartnerSnapshot> RecentAsync(CancellationToken cancel)
    {
        var known = snapshot;
        var now = clock.GetTimestamp();
        var last = Interlocked.Read(ref lookedAt);
        if (known is not null && (clock.GetElapsedTime(last, now) < LookAgain || Interlocked.CompareExchange(ref lookedAt, now, last) != last))
            return known;
        try
        {
            await using var db = database.Open();
            return await CurrentAsync(db, cancel);
        }
        catch (Exception e) when (known is not null && Database.IsUnavailable(e))
        {
            return known;
        }
    }

    /// <summary>As the connection sees it now, inside a transaction too.</summary>
    public async ValueTask<PartnerSnapshot> CurrentAsync(SidecarDb db, CancellationToken cancel)
    {
        var version = await db.Settings.Where(s => s.Name == VersionName).Select(s => s.Value).FirstOrDefaultAsync(cancel) ?? "";
        var known = snapshot;
        return known?.Version == version ? known : snapshot = await LoadAsync(db, version, cancel);
    }

    /// <summary>To be called in the transaction that changes a partner, a code or a coupon.</summary>
    public static async Task BumpAsync(SidecarDb db, CancellationToken cancel)
    {
        var version = Guid.NewGuid().ToString("N");
        if (await db.Settings.Where(s => s.Name == VersionName).Set(s => s.Value, version).UpdateAsync(cancel) == 0)
            await db.InsertAsync(new SettingRow { Name = VersionName, Value = version }, token: cancel);
    }

    /// <summary>After a change on this node: the next click looks again at once.</summary>
    public void Expire() => Interlocked.Exchange(ref lookedAt, 0);

    static async Task<PartnerSnapshot> LoadAsync(SidecarDb db, string version, CancellationToken cancel)
    {
        var partners = await db.Partners.Select(p => new PartnerEntry(p.Id, p.Code, p.Status)).ToDictionaryAsync(p => p.Id, cancel);
        var codes = await db.PartnerCodes.Select(c => new { c.Kind, c.CodeKey, c.PartnerId }).ToListAsync(cancel);
        Dictionary<string, PartnerEntry> Of(string kind) => codes.Where(c => c.Kind == kind && partners.ContainsKey(c.PartnerId))
            .ToDictionary(c => c.CodeKey, c => partners[c.PartnerId], StringComparer.Ordinal);
        return new(version, partners, Of(CodeKind.Code), Of(CodeKind.Coupon));
    }
}

static class CodeKind
{
    public const string Code = "code", Coupon = "coupon";
}
