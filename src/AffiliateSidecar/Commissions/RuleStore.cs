using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Commissions;

/// <summary>All versions of the rules. Versions are immutable, so they are remembered for good.</summary>
sealed class RuleStore(Database database, ClickWindow window, TimeProvider clock)
{
    /// <summary>An empty installation: 10 % of the net base, 30 days, last click, coupon first, 30 days hold, minimum payout 50.</summary>
    static readonly RuleSet Initial = new() { Version = 0 };

    readonly ConcurrentDictionary<int, RuleSet> versions = new([new(0, Initial)]);
    volatile RuleSet? newest;

    public ValueTask<RuleSet> CurrentAsync(CancellationToken cancel) => CurrentAsync(database, cancel);

    public async ValueTask<RuleSet> CurrentAsync(ITextQueries db, CancellationToken cancel)
    {
        var version = Convert.ToInt32(await db.ScalarAsync(
            string.Create(CultureInfo.InvariantCulture, $"select max(version) from afs_rule_versions where applies_at <= {UnixTime.ToMicros(clock.GetUtcNow())}"), cancel), CultureInfo.InvariantCulture);
        var rules = await GetAsync(db, version, cancel);
        if (!ReferenceEquals(rules, newest))
        {
            newest = rules;
            window.Set(partner => rules.Program.For(partner).WindowDays);
        }
        return rules;
    }

    /// <summary>
    /// The versions under which an order needs to know of others; null where no version has ever needed that.
    /// </summary>
    public async ValueTask<IReadOnlyList<RuleSet>?> AskingOtherOrdersAsync(SidecarDb db, RuleSet current, CancellationToken cancel)
    {
        var known = asking;
        if (known.Version != current.Version)
        {
            var sets = new List<RuleSet>(known.Sets);
            foreach (var version in await db.RuleVersions.Where(v => v.Version > known.Version && v.Version <= current.Version).Select(v => v.Version).OrderBy(v => v).ToListAsync(cancel))
                if (await GetAsync(db, version, cancel) is { AsksOtherOrders: true } set)
                    sets.Add(set);
            asking = known = new(current.Version, sets);
        }
        return known.Sets.Count == 0 ? null : known.Sets;
    }

    sealed record Asking(int Version, IReadOnlyList<RuleSet> Sets);

    volatile Asking asking = new(0, []);

    /// <summary>The version that was the newest at that time.</summary>
    public async ValueTask<RuleSet> AtAsync(SidecarDb db, DateTimeOffset time, CancellationToken cancel) => await GetAsync(db,
        await db.RuleVersions.Where(v => v.AppliesAt < time).MaxAsync(v => (int?)v.Version, cancel) ?? 0, cancel);

    public async ValueTask<RuleSet> GetAsync(ITextQueries db, int version, CancellationToken cancel)
    {
        if (versions.TryGetValue(version, out var known))
            return known;
        var body = (string)(await db.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"select body from afs_rule_versions where version = {version}"), cancel)
            ?? throw new InvalidOperationException($"There are no rules of version {version}."));
        return versions.GetOrAdd(version, JsonSerializer.Deserialize<RuleSet>(body, Json.Options)! with { Version = version });
    }

    /// <summary>Versions that are newer than the current one and do not apply yet.</summary>
    public async Task<IReadOnlyList<RuleSet>> ComingAsync(ITextQueries db, RuleSet current, CancellationToken cancel)
    {
        var coming = new List<RuleSet>();
        var last = current.Version;
        while (await db.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"select min(version) from afs_rule_versions where version > {last}"), cancel) is { } next)
        {
            last = Convert.ToInt32(next, CultureInfo.InvariantCulture);
            coming.Add(await GetAsync(db, last, cancel));
        }
        return coming;
    }

    /// <summary>When a version applies; null: the rules of an empty installation.</summary>
    public static async Task<DateTimeOffset?> AppliesAtAsync(ITextQueries db, int version, CancellationToken cancel) =>
        await db.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"select applies_at from afs_rule_versions where version = {version}"), cancel) is { } micros
            ? UnixTime.FromMicros(Convert.ToInt64(micros, CultureInfo.InvariantCulture))
            : null;

    /// <summary>
    /// Store a new version. Orders are decided under it from the time it asks for, but not before the notice is over that the present rules promise;
    /// where it asks for none and none is promised, from now on.
    /// </summary>
    public async Task<RuleSet> ReplaceAsync(RuleSet rules, string actor, CancellationToken cancel)
    {
        // Asked before the number is taken, so that two who replace the rules at once collide seldom.
        var notice = (await CurrentAsync(cancel)).Program.NoticeDays;
        var version = await database.WriteAsync(async (db, token) =>
        {
            var now = clock.GetUtcNow();
            var next = (await db.RuleVersions.MaxAsync(v => (int?)v.Version, token) ?? 0) + 1;
            var earliest = now.AddDays(notice);
            var applies = UnixTime.Truncate(rules.AppliesAt is { } wish && wish > earliest ? wish : earliest);
            await db.InsertAsync(new RuleVersionRow
            {
                Version = next, Body = JsonSerializer.Serialize(rules with { Version = next, AppliesAt = applies > now ? applies : null }, Json.Options), Actor = actor, CreatedAt = now, AppliesAt = applies,
            }, token: token);
            return next;
        }, cancel);
        await CurrentAsync(cancel);
        return await GetAsync(database, version, cancel);
    }
}
