using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Scriban.Syntax;

namespace AffiliateSidecar.Insights.Segments;

/// <summary>Makes the figures of every partner anew and says who is in which segment.</summary>
sealed class SegmentRun(Database database, SalesDays sales, RuleStore rules, TimeProvider clock)
{
    /// <summary>As of the midnight that has passed.</summary>
    public async Task<SegmentRunView> RunAsync(CancellationToken cancel)
    {
        var days = await sales.RefreshAsync(cancel);
        var end = new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var currency = (await rules.CurrentAsync(cancel)).Program.Currency;
        await using var db = database.Open();
        var figures = await PartnerFigures.ComputeAsync(db, end, currency, cancel);
        var partners = await db.Partners.ToDictionaryAsync(p => p.Id, cancel);
        var members = BuiltIn(figures, partners);
        var (own, broken) = await OwnAsync(db, figures, partners, members, cancel);
        members.AddRange(own);
        await StoreAsync(figures, members, end, cancel);
        return new(end, figures.Count, days, [.. members.GroupBy(m => m.Segment).Select(g => new SegmentCount(g.Key, g.Count()))], broken);
    }

    static List<(string Segment, int Partner, string Reason)> BuiltIn(IReadOnlyList<PartnerFigureRow> figures, Dictionary<int, PartnerRow> partners)
    {
        var all = new Everybody(figures);
        return [.. from f in figures
                   let person = new Person(f, (f.Day - partners[f.PartnerId].CreatedAt).Days, all)
                   from s in BuiltInSegments.All
                   let reason = s.Reason(person)
                   where reason is not null
                   select (s.Name, f.PartnerId, reason)];
    }

    static async Task<(List<(string, int, string)> Members, List<string> Broken)> OwnAsync(SidecarDb db, IReadOnlyList<PartnerFigureRow> figures, Dictionary<int, PartnerRow> partners,
        List<(string Segment, int Partner, string Reason)> builtIn, CancellationToken cancel)
    {
        var of = builtIn.ToLookup(m => m.Partner, m => m.Segment);
        var (members, broken) = (new List<(string, int, string)>(), new List<string>());
        foreach (var segment in await db.Segments.OrderBy(s => s.Name).ToListAsync(cancel))
        {
            var filter = SegmentFilter.Parse(segment.Filter).Filter;
            try
            {
                members.AddRange(figures.Where(f => filter?.Matches(SegmentFilter.Values(partners[f.PartnerId], f, of[f.PartnerId])) == true).Select(f => (segment.Name, f.PartnerId, segment.Filter.Length > 480 ? segment.Filter[..480] : segment.Filter)).ToList());
            }
            catch (ScriptRuntimeException)
            {
                filter = null;
            }
            if (filter is null)
                broken.Add(segment.Name);
        }
        return (members, broken);
    }

    /// <summary>Who was in a segment before keeps the day since when.</summary>
    Task StoreAsync(IReadOnlyList<PartnerFigureRow> figures, List<(string Segment, int Partner, string Reason)> members, DateTimeOffset end, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        var since = await db.PartnerSegments.ToDictionaryAsync(s => (s.Segment, s.PartnerId), s => s.Since, token);
        await db.PartnerFigures.DeleteAsync(token);
        await db.PartnerSegments.DeleteAsync(token);
        await db.InsertManyAsync(figures, token);
        await db.InsertManyAsync(members.Select(m => new PartnerSegmentRow
        {
            Segment = m.Segment, PartnerId = m.Partner, Reason = m.Reason, Since = since.TryGetValue((m.Segment, m.Partner), out var before) ? before : end,
        }).ToList(), token);
    }, cancel);
}

/// <summary>What a run found.</summary>
/// <param name="At">Figures are as of this midnight, UTC.</param>
/// <param name="Partners">Approved partners.</param>
/// <param name="DaysRead">Days whose orders had changed.</param>
/// <param name="Segments">How many are in each.</param>
/// <param name="Broken">Own segments whose filter could not be said of every partner; nobody is in them.</param>
public sealed record SegmentRunView(DateTimeOffset At, int Partners, int DaysRead, IReadOnlyList<SegmentCount> Segments, IReadOnlyList<string> Broken);

/// <summary>A segment and how many are in it.</summary>
public sealed record SegmentCount(string Segment, int Partners);
