using System.Collections.ObjectModel;
using System.Text.Json;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>What clicks and attribution need of a partner.</summary>
sealed record PartnerEntry(int Id, string Code, string Status)
{
    /// <summary>For rules and policies of a group.</summary>
    public string? Group { get; init; }

    /// <summary>The number of the partner who recruited him.</summary>
    public int? ReferredBy { get; init; }

    public DateTimeOffset JoinedAt { get; init; }

    public bool Earns => Status == PartnerStatus.Approved;

    /// <summary>Deep links: number by path and query, decoded.</summary>
    public IReadOnlyDictionary<string, int> Links { get; init; } = ReadOnlyDictionary<string, int>.Empty;

    /// <summary>Which deep link leads to this page, the one that names the query first; 0: none.</summary>
    public int LinkTo(string path, string query) => Links.Count == 0 ? 0
        : query.Length > 1 && Links.TryGetValue(path + Uri.UnescapeDataString(query), out var exact) ? exact
        : Links.GetValueOrDefault(path);
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
sealed class PartnerDirectory(Database database, DataFolder folder, TimeProvider clock)
{
    const string VersionName = "partners-version", CopyName = "partners.json";
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // A visitor waits for this; a database that answers later answers the next one.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

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
        // Off this thread: SQLite waits for a lock without giving the thread back.
        var looking = Task.Run(LookAsync, CancellationToken.None);
        try
        {
            return await (known is null ? looking.WaitAsync(cancel) : looking.WaitAsync(Patience, cancel));
        }
        catch (Exception e) when (known is not null && (e is TimeoutException || Database.IsUnavailable(e)))
        {
            return known;
        }
        catch (Exception e) when (Database.IsUnavailable(e) && ReadCopy() is { } copy)
        {
            return snapshot = copy;
        }
    }

    async Task<PartnerSnapshot> LookAsync()
    {
        await using var db = database.Open();
        return await CurrentAsync(db, CancellationToken.None);
    }

    /// <summary>As the connection sees it now, inside a transaction too.</summary>
    public async ValueTask<PartnerSnapshot> CurrentAsync(SidecarDb db, CancellationToken cancel)
    {
        var version = await db.ScalarAsync($"select value from afs_settings where name = '{VersionName}'", cancel) as string ?? "";
        var known = snapshot;
        if (known?.Version == version)
            return known;
        snapshot = known = await LoadAsync(db, version, cancel);
        WriteCopy(known);
        return known;
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

    /// <summary>A copy in the data folder lets a node that starts while the database is away recognise its partners.</summary>
    void WriteCopy(PartnerSnapshot partners)
    {
        var copy = new Copy([.. partners.ById.Values], Ids(partners.ByCode), Ids(partners.ByCoupon));
        try
        {
            var fresh = $"{folder.File(CopyName)}.{Guid.NewGuid():N}";
            File.WriteAllBytes(fresh, JsonSerializer.SerializeToUtf8Bytes(copy));
            File.Move(fresh, folder.File(CopyName), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk: the copy before this one is better than none.
        }
        static Dictionary<string, int> Ids(IReadOnlyDictionary<string, PartnerEntry> codes) => codes.ToDictionary(c => c.Key, c => c.Value.Id);
    }

    PartnerSnapshot? ReadCopy()
    {
        if (!File.Exists(folder.File(CopyName)))
            return null;
        var copy = JsonSerializer.Deserialize<Copy>(File.ReadAllBytes(folder.File(CopyName)))!;
        var partners = copy.Partners.ToDictionary(p => p.Id);
        // A version of no database: the first look at the real one replaces it.
        return new("copy", partners, Entries(copy.Codes), Entries(copy.Coupons));
        Dictionary<string, PartnerEntry> Entries(Dictionary<string, int> ids) => ids.ToDictionary(i => i.Key, i => partners[i.Value], StringComparer.Ordinal);
    }

    sealed record Copy(PartnerEntry[] Partners, Dictionary<string, int> Codes, Dictionary<string, int> Coupons);

    static async Task<PartnerSnapshot> LoadAsync(SidecarDb db, string version, CancellationToken cancel)
    {
        var links = (await db.Links.Select(l => new { l.PartnerId, l.Path, l.Id }).OrderBy(l => l.Id).ToListAsync(cancel)).ToLookup(l => l.PartnerId);
        var partners = (await db.Partners.Select(p => new { p.Id, p.Code, p.Status, p.GroupName, p.ReferredBy, p.CreatedAt }).ToListAsync(cancel)).ToDictionary(p => p.Id, p =>
            new PartnerEntry(p.Id, p.Code, p.Status)
            {
                Group = p.GroupName, ReferredBy = p.ReferredBy, JoinedAt = p.CreatedAt,
                Links = links[p.Id].GroupBy(l => Uri.UnescapeDataString(l.Path), l => l.Id).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal),
            });
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
