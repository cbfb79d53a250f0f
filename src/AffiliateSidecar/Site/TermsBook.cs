using System.Data.Common;
using System.Globalization;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>A version of the terms.</summary>
sealed record TermsVersion(int Version, int RuleVersion, DateTimeOffset EffectiveAt, TermsTexts Texts)
{
    /// <summary>In the order of <see cref="TermsBook"/>'s columns.</summary>
    public static TermsVersion Of(DbDataReader row) => new(row.GetInt32(0), row.GetInt32(1), UnixTime.FromMicros(row.GetInt64(2)), TermsTexts.Parse(row.GetString(3)));
}

/// <summary>Keeps every version of the terms, word for word, with the day it holds from, and whom it is to be told.</summary>
sealed class TermsBook(Database database, Outbox outbox, MailSettings mail, MailTexts texts, TimeProvider clock)
{
    public async Task<IReadOnlyList<TermsVersion>> ReadAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.RowsAsync("select version, rule_version, effective_at, texts from afs_terms order by version", TermsVersion.Of, cancel);
    }

    /// <summary>The version that holds now: what whoever applies agrees to. Null where the site was never built.</summary>
    public async Task<int?> InForceAsync(CancellationToken cancel) => await HoldsAsync(cancel) is { } version ? Convert.ToInt32(version, CultureInfo.InvariantCulture) : null;

    Task<object?> HoldsAsync(CancellationToken cancel) =>
        database.ScalarAsync(string.Create(CultureInfo.InvariantCulture, $"select max(version) from afs_terms where effective_at <= {UnixTime.ToMicros(clock.GetUtcNow())}"), cancel);

    /// <summary>Which the newest is, and which holds; another text after each change.</summary>
    public async Task<string> NewestAsync(CancellationToken cancel)
    {
        var newest = await database.ScalarAsync("select max(version) from afs_terms", cancel);
        return $"{newest} {await HoldsAsync(cancel)}";
    }

    /// <summary>
    /// Write a new version down where its words are not those of the newest. A change of the rules, or of what partners' own purchases earn, is a change of rights: every partner who
    /// takes part is told by mail. Other words for the same rules are a version, too, but no news.
    /// </summary>
    public Task RecordAsync(int ruleVersion, DateTimeOffset? appliesAt, bool ownPurchases, TermsTexts said, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var hash = said.Hash;
        // A node that has not heard of the newest rules writes nothing.
        if (await db.RowsAsync("select rule_version, hash from afs_terms order by version desc limit 1", row => (Rules: row.GetInt32(0), Hash: row.GetString(1)), token) is [var known]
            && (known.Rules > ruleVersion || (known.Rules == ruleVersion && known.Hash == hash)))
            return;
        var newest = await db.Terms.OrderByDescending(t => t.Version).FirstOrDefaultAsync(token);
        var now = clock.GetUtcNow();
        var row = new TermsRow
        {
            Version = (newest?.Version ?? 0) + 1, RuleVersion = ruleVersion, Hash = hash, Texts = said.Json, OwnPurchases = ownPurchases, CreatedAt = now,
            // Other words for rules that hold already hold from now on.
            EffectiveAt = UnixTime.Truncate(appliesAt is { } time && (newest?.RuleVersion != ruleVersion || time > now) ? time : now),
        };
        await db.InsertAsync(row, token: token);
        if (newest is not null && newest.Hash != hash && (newest.RuleVersion != ruleVersion || (newest.OwnPurchases ?? ownPurchases) != ownPurchases))
            await TellAsync(db, row, token);
    }, cancel);

    /// <summary>What concerns his money is told to a partner whether he wants news or not.</summary>
    async Task TellAsync(SidecarDb db, TermsRow row, CancellationToken cancel)
    {
        var partners = await db.Partners.Where(p => p.Status == PartnerStatus.Approved).ToListAsync(cancel);
        await db.InsertManyAsync([.. partners.Select(p => new TermsNoticeRow { Version = row.Version, PartnerId = p.Id, QueuedAt = row.CreatedAt })], cancel);
        await outbox.QueueManyAsync(db, CauseOf(row.Version), partners.Select(p => Letter.To(p, "mail/terms", CauseOf(row.Version), new
        {
            row.EffectiveAt, Link = new Uri(mail.SiteUrl, $"{texts.LanguageOf(p.Locale).Code}/terms/{row.Version}/"),
        })), cancel);
    }

    /// <summary>Of the mails that tell of a version.</summary>
    internal static string CauseOf(int version) => $"terms:{version}";
}
