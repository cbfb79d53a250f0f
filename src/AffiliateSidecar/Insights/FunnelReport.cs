using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>The steps before an application, which are counted and not remembered.</summary>
static class FunnelStep
{
    public const string Visit = "visit", Start = "start";
}

/// <summary>From the signup page to the first sale: where applicants are lost, by door and language.</summary>
public sealed record FunnelReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required FunnelRow Total { get; init; }

    /// <summary>By door and language, the most applications first.</summary>
    public required IReadOnlyList<FunnelRow> Rows { get; init; }

    internal static async Task<FunnelReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var seen = await db.FunnelDays.Where(d => d.Day >= from && d.Day < to).GroupBy(d => new { d.Source, d.Locale, d.Step }).Select(g => new { g.Key.Source, g.Key.Locale, g.Key.Step, Count = g.Sum(d => d.Count) }).ToListAsync(cancel);
        var came = await (from p in db.Partners
                          from a in db.Applications.LeftJoin(a => a.PartnerId == p.Id)
                          where p.Source == PartnerSource.Signup && p.CreatedAt >= @from && p.CreatedAt < to
                          select new { p.Id, p.SignupSource, p.Locale, p.Status, Confirmed = a!.ConfirmedAt }).ToListAsync(cancel);
        // Who was in at some time: somebody who was suspended later is no loss of the queue.
        bool In(string status) => status is PartnerStatus.Approved or PartnerStatus.Suspended;
        var newcomers = db.Partners.Where(p => p.Source == PartnerSource.Signup && p.CreatedAt >= from && p.CreatedAt < to).Select(p => p.Id);
        var clicked = (await db.LinkDays.Where(c => c.Clicks > 0 && newcomers.Contains(c.PartnerId)).Select(c => c.PartnerId).Distinct().ToListAsync(cancel)).ToHashSet();
        var sold = (await db.Commissions.Where(c => newcomers.Contains(c.PartnerId)).Select(c => c.PartnerId).Distinct().ToListAsync(cancel)).ToHashSet();
        var visitsKnown = seen.Any(s => s.Step == FunnelStep.Visit);
        var doors = seen.Select(s => (s.Source, s.Locale)).Concat(came.Select(c => (Source: c.SignupSource ?? "", c.Locale))).Distinct().Select(door =>
        {
            var (here, counts) = (came.Where(c => (c.SignupSource ?? "") == door.Source && c.Locale == door.Locale).ToList(), seen.Where(s => s.Source == door.Source && s.Locale == door.Locale).ToList());
            return new FunnelRow
            {
                Source = door.Source.Length == 0 ? null : door.Source, Locale = door.Locale, Visits = visitsKnown ? counts.Where(c => c.Step == FunnelStep.Visit).Sum(c => c.Count) : null,
                Starts = counts.Where(c => c.Step == FunnelStep.Start).Sum(c => c.Count), Applications = here.Count, Confirmed = here.Count(h => h.Confirmed is not null), Approved = here.Count(h => In(h.Status)),
                Clicked = here.Count(h => clicked.Contains(h.Id)), Sold = here.Count(h => sold.Contains(h.Id)),
            };
        }).OrderByDescending(r => r.Applications).ThenBy(r => r.Source is null).ThenBy(r => r.Source, StringComparer.Ordinal).ThenBy(r => r.Locale, StringComparer.Ordinal).ToList();
        return new() { From = from, To = to, Rows = doors, Total = Sum(doors, visitsKnown) };
    }

    static FunnelRow Sum(IReadOnlyList<FunnelRow> rows, bool visitsKnown) => new()
    {
        Visits = visitsKnown ? rows.Sum(r => r.Visits) : null, Starts = rows.Sum(r => r.Starts), Applications = rows.Sum(r => r.Applications), Confirmed = rows.Sum(r => r.Confirmed), Approved = rows.Sum(r => r.Approved),
        Clicked = rows.Sum(r => r.Clicked), Sold = rows.Sum(r => r.Sold),
    };
}

/// <summary>One door in one language. From the application on, it is the same people in each step.</summary>
public sealed record FunnelRow
{
    /// <summary><c>footer</c>, <c>banner</c>, <c>order</c> or a <c>utm_medium</c> of your own; null where the visitor brought none.</summary>
    /// <example>footer</example>
    public string? Source { get; init; }

    /// <summary>Null in the sum of all.</summary>
    /// <example>en</example>
    public string? Locale { get; init; }

    /// <summary>How often people opened the signup page, without declared bots; null where another host serves the site: nothing on the page counts its readers.</summary>
    public long? Visits { get; init; }

    /// <summary>How often its form was sent for the first time, with or without a mistake.</summary>
    public required long Starts { get; init; }
    public required int Applications { get; init; }

    /// <summary>Of these: have confirmed their address, are partners, have had a click, have sold.</summary>
    public required int Confirmed { get; init; }
    public required int Approved { get; init; }
    public required int Clicked { get; init; }
    public required int Sold { get; init; }
}
