using AffiliateSidecar.Commissions;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>All versions of the terms.</summary>
public sealed record TermsListView
{
    public required IReadOnlyList<TermsView> Data { get; init; }

    internal static async Task<TermsListView> ReadAsync(Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var notices = await db.TermsNotices.GroupBy(n => n.Version).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(n => n.Key, n => n.Count, cancel);
        var sent = await db.Mails.Where(m => m.Cause.StartsWith("terms:") && (m.Status == MailStatus.Sent || m.Status == MailStatus.Unconfirmed)).GroupBy(m => m.Cause).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(m => m.Key, m => m.Count, cancel);
        return new()
        {
            Data = [.. (await db.Terms.OrderByDescending(t => t.Version).ToListAsync(cancel)).Select(t => new TermsView
            {
                Version = t.Version, RuleVersion = t.RuleVersion, EffectiveAt = t.EffectiveAt, CreatedAt = t.CreatedAt, Hash = t.Hash,
                Notices = notices.GetValueOrDefault(t.Version), NoticesSent = sent.GetValueOrDefault(TermsBook.CauseOf(t.Version)),
                Texts = TermsTexts.Parse(t.Texts).ByLanguage.ToDictionary(l => l.Key, l => (IReadOnlyList<string>)[.. l.Value.Select(line => line.Text)]),
            })],
        };
    }
}

/// <summary>A version of the terms.</summary>
public sealed record TermsView
{
    /// <example>3</example>
    public required int Version { get; init; }

    /// <summary>The commission rules that it says in words.</summary>
    /// <example>2</example>
    public required int RuleVersion { get; init; }

    /// <summary>It holds for orders from then on.</summary>
    public required DateTimeOffset EffectiveAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>SHA-256 of the texts.</summary>
    public required string Hash { get; init; }

    /// <summary>Partners who are to be told of it.</summary>
    /// <example>12</example>
    public required int Notices { get; init; }

    /// <summary>Of them, those who have been, by mail.</summary>
    /// <example>12</example>
    public required int NoticesSent { get; init; }

    /// <summary>Its lines by language.</summary>
    /// <example>{"en":["The terms, in plain words"]}</example>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Texts { get; init; }
}
