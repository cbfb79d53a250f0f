using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Http;

/// <summary>Who calls.</summary>
sealed record Caller(string Id, string Name, IReadOnlySet<string> Scopes)
{
    public bool May(string scope) => Scopes.Contains(scope) || Scopes.Contains(Scope.Admin);
}

static class Scope
{
    public const string OrdersRead = "orders:read", OrdersWrite = "orders:write", PartnersRead = "partners:read", PartnersWrite = "partners:write",
        CommissionsRead = "commissions:read", CommissionsWrite = "commissions:write", PayoutsWrite = "payouts:write", FraudRead = "fraud:read",
        FraudWrite = "fraud:write", ReportsRead = "reports:read", MessagesWrite = "messages:write", SiteWrite = "site:write", Admin = "admin";

    public static readonly IReadOnlyList<string> All = [OrdersRead, OrdersWrite, PartnersRead, PartnersWrite, CommissionsRead, CommissionsWrite,
        PayoutsWrite, FraudRead, FraudWrite, ReportsRead, MessagesWrite, SiteWrite, Admin];
}

/// <summary>API keys: shown once, stored as a hash, looked up from memory for a few seconds.</summary>
sealed class ApiKeys(Database database, IConfiguration configuration, TimeProvider clock)
{
    // A key has 160 random bits, so a fast hash is enough; a revoked key works for this long on the other nodes.
    static readonly TimeSpan Remember = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, (Caller? Caller, DateTimeOffset Until)> known = new();
    readonly string? bootstrapHash = configuration["Sidecar:BootstrapKey"] is { Length: > 0 } key ? Hash(key) : null;

    public async Task<(string Id, string Key)> CreateAsync(string name, IReadOnlyCollection<string> scopes, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var key = "afk_" + Base32.Encode(RandomNumberGenerator.GetBytes(20));
        var row = new ApiKeyRow
        {
            Id = PublicId.New(PublicId.Key, now), Name = name, Scopes = string.Join(',', scopes), Hash = Hash(key), CreatedAt = now,
        };
        await database.WriteAsync((db, token) => db.InsertAsync(row, token: token), cancel);
        known.Clear();
        return (row.Id, key);
    }

    /// <summary>False where there is no such key, or it was revoked before.</summary>
    public async Task<bool> RevokeAsync(string id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var revoked = await database.WriteAsync((db, token) => db.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null)
            .Set(k => k.RevokedAt, now).UpdateAsync(token), cancel);
        known.Clear();
        return revoked > 0;
    }

    public async Task<IReadOnlyList<ApiKeyRow>> ListAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ApiKeys.OrderBy(k => k.Id).ToListAsync(cancel);
    }

    public async ValueTask<Caller?> FindAsync(string key, CancellationToken cancel)
    {
        var hash = Hash(key);
        if (bootstrapHash is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(bootstrapHash)))
            return new Caller("bootstrap", "bootstrap key", new HashSet<string> { Scope.Admin });
        var now = clock.GetUtcNow();
        if (known.TryGetValue(hash, out var entry) && entry.Until > now)
            return entry.Caller;
        await using var db = database.Open();
        var row = await db.ApiKeys.FirstOrDefaultAsync(k => k.Hash == hash && k.RevokedAt == null, cancel);
        var caller = row is null ? null : new Caller(row.Id, row.Name, row.Scopes.Split(',').ToHashSet());
        if (known.Count > 10_000)
            known.Clear();
        known[hash] = (caller, now + Remember);
        return caller;
    }

    static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
