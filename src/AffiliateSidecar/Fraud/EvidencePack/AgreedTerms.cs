using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud.EvidencePack;

/// <summary>A version of the terms that a case is about.</summary>
sealed record AgreedTerms(int Version, DateTimeOffset EffectiveAt, string Hash, TermsTexts Texts)
{
    /// <summary>Says how both deal fairly with each other, and that a commission may be held.</summary>
    const string Clause = "fair";

    /// <summary>Those that the orders concerned came in under, the oldest first. Where the case is not about orders: those in force when it was opened. Empty where none were ever written down.</summary>
    public static async Task<IReadOnlyList<AgreedTerms>> OfAsync(SidecarDb db, IEnumerable<CaseOrder> orders, (int Rules, DateTimeOffset At) opened, CancellationToken cancel)
    {
        var known = await TermsVersions.ReadAsync(db, cancel);
        var asked = orders.Select(o => o.Earned).OfType<(int Rules, DateTimeOffset At)>().DefaultIfEmpty(opened).Select(e => known.Of(e.Rules, e.At)).OfType<int>().Distinct().ToArray();
        return [.. (await db.Terms.Where(t => asked.Contains(t.Version)).OrderBy(t => t.Version).ToListAsync(cancel)).Select(t => new AgreedTerms(t.Version, t.EffectiveAt, t.Hash, TermsTexts.Parse(t.Texts)))];
    }

    /// <summary>The clause in the reader's language, or in another where his had no terms yet.</summary>
    public IReadOnlyList<TermsLine> Fairness(string language) =>
        Texts.ByLanguage.Keys.OrderBy(code => code != language).Select(code => Texts.Clause(Clause, code)).FirstOrDefault(lines => lines.Count > 0, []);
}
