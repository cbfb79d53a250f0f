using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>A version of the terms.</summary>
sealed record TermsVersion(int Version, int RuleVersion, DateTimeOffset EffectiveAt, TermsTexts Texts)
{
    public static TermsVersion Of(TermsRow row) => new(row.Version, row.RuleVersion, row.EffectiveAt, TermsTexts.Parse(row.Texts));
}

/// <summary>Keeps every version of the terms, word for word, with the day it holds from, and whom it is to be told.</summary>
sealed class TermsBook(Database database, TimeProvider clock)
{
    public async Task<IReadOnlyList<TermsVersion>> ReadAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.Terms.OrderBy(t => t.Version).ToListAsync(cancel)).Select(TermsVersion.Of)];
    }

    /// <summary>Which the newest is, and which holds; another text after each change.</summary>
    public async Task<string> NewestAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var newest = await db.ScalarAsync("select max(version) from afs_terms", cancel);
        var holds = await db.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"select max(version) from afs_terms where effective_at <= {UnixTime.ToMicros(clock.GetUtcNow())}"), cancel);
        return $"{newest} {holds}";
    }

    /// <summary>
    /// Write a new version down where its words are not those of the newest. A change of the rules is a change of rights: every partner who
    /// takes part is to be told. Other words for the same rules are a version, too, but no news.
    /// </summary>
    public Task RecordAsync(int ruleVersion, DateTimeOffset? appliesAt, TermsTexts texts, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var newest = await db.Terms.OrderByDescending(t => t.Version).FirstOrDefaultAsync(token);
        var hash = texts.Hash;
        // A node that has not heard of the newest rules writes nothing.
        if (newest is not null && (newest.RuleVersion > ruleVersion || (newest.RuleVersion == ruleVersion && newest.Hash == hash)))
            return;
        var now = clock.GetUtcNow();
        var row = new TermsRow
        {
            Version = (newest?.Version ?? 0) + 1, RuleVersion = ruleVersion, Hash = hash, Texts = texts.Json, CreatedAt = now,
            // Other words for rules that hold already hold from now on.
            EffectiveAt = UnixTime.Truncate(appliesAt is { } time && (newest?.RuleVersion != ruleVersion || time > now) ? time : now),
        };
        await db.InsertAsync(row, token: token);
        if (newest is not null && newest.RuleVersion != ruleVersion && newest.Hash != hash)
            await db.Partners.Where(p => p.Status == PartnerStatus.Approved).InsertAsync(db.TermsNotices,
                p => new TermsNoticeRow { Version = row.Version, PartnerId = p.Id, QueuedAt = now }, token);
    }, cancel);
}
