using AffiliateSidecar.Commissions;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>At most three decisions, those by which a minute saves most, then five numbers. The same data give the same three.</summary>
sealed class WeeklyDigest(IEnumerable<IDecisionSource> sources, RuleStore rules, MailTexts texts, ThreadSettings settings, TimeProvider clock)
{
    public const int Most = 3;

    /// <summary>For so long an answer can be taken back, and for so long what was put off is not asked again.</summary>
    public static readonly TimeSpan UndoTime = TimeSpan.FromHours(24), Rest = TimeSpan.FromDays(7);

    /// <summary>Every source offers it: not this week.</summary>
    public const string Later = "later";

    public async Task<DigestContext> ContextAsync(SidecarDb db, CancellationToken cancel)
    {
        var currency = (await rules.CurrentAsync(db, cancel)).Program.Currency;
        var month = await db.PartnerFigures.Where(f => f.Currency == currency).GroupBy(f => 1).Select(g => new { Sum = g.Sum(f => f.NetMonthMinor), Partners = g.Count() }).FirstOrDefaultAsync(cancel);
        return new(UnixTime.Truncate(clock.GetUtcNow()), currency, month is null || month.Partners == 0 ? 0 : Math.Max(0, month.Sum) / month.Partners, texts.LanguageOf(settings.OwnerLocale));
    }

    public async Task<IReadOnlyList<OpenDecision>> ChooseAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var since = context.Now - Rest;
        var rests = (await db.Decisions.Where(d => d.At > since && d.UndoneAt == null).Select(d => new { d.Kind, d.Subject }).ToListAsync(cancel)).Select(d => (d.Kind, d.Subject)).ToHashSet();
        var found = new List<OpenDecision>();
        foreach (var source in sources)
            found.AddRange((await source.FindAsync(db, context, cancel)).Where(d => !rests.Contains((d.Kind, d.Subject))));
        return [.. found.OrderByDescending(d => d.Score).ThenBy(d => d.Kind, StringComparer.Ordinal).ThenBy(d => d.Subject, StringComparer.Ordinal).Take(Most)];
    }

    public IDecisionSource? Source(string kind) => sources.FirstOrDefault(s => s.Kind == kind);
}
