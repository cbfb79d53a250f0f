using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Whether the owner's hours are enough, and what more of them would bring.</summary>
public sealed record CapacityReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Applications that wait for an answer.</summary>
    public required int OpenApplications { get; init; }

    /// <summary>Null where none waits.</summary>
    public DateTimeOffset? OldestApplication { get; init; }

    /// <summary>Partners' messages that wait for an answer, and since when the oldest does; null where none waits.</summary>
    public required int OpenThreads { get; init; }
    public DateTimeOffset? OldestMessage { get; init; }

    /// <summary>Applications of the last 30 days, and those answered in them: where more come than go, the queue grows.</summary>
    public required int NewApplications { get; init; }
    public required int AnsweredApplications { get; init; }

    /// <summary>Partners of the head with whom nobody has talked for 30 days.</summary>
    public required IReadOnlyList<string> HeadWithoutContact { get; init; }

    /// <summary>Hours spent a week, and hours the work would take.</summary>
    public required double HoursPerWeek { get; init; }
    public required double HoursNeeded { get; init; }

    /// <summary>What the owner has, by <c>Sidecar:Insights:HoursPerWeek</c>.</summary>
    public required double HoursAvailable { get; init; }

    /// <summary>Where the hours of the period went, and what came of it.</summary>
    public required IReadOnlyList<CapacitySegment> Segments { get; init; }
    public required CapacityAdvice Advice { get; init; }

    public const int ContactDays = 30;

    internal static async Task<CapacityReport> LoadAsync(SidecarDb db, RoiSettings settings, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel)
    {
        var recent = to.AddDays(-ContactDays);
        var pending = await db.Partners.Where(p => p.Status == PartnerStatus.Pending).Select(p => p.CreatedAt).ToListAsync(cancel);
        var arrived = await db.Partners.CountAsync(p => p.CreatedAt >= recent && p.CreatedAt < to && p.Source == "signup", cancel);
        string[] answers = ["partner.approved", "partner.rejected"];
        var answered = await db.AuditLog.CountAsync(a => a.At >= recent && a.At < to && answers.Contains(a.Action), cancel);
        var head = await (from s in db.PartnerSegments join p in db.Partners on s.PartnerId equals p.Id where s.Segment == BuiltInSegments.Head orderby p.Id select new { p.Id, p.Code }).ToListAsync(cancel);
        var talked = (await db.Talks.Where(t => t.What == TalkList.Done && t.At >= recent).Select(t => t.PartnerId).Distinct().ToListAsync(cancel)).ToHashSet();
        // A message is a contact, too.
        talked.UnionWith(await (from m in db.Messages join t in db.Threads on m.ThreadId equals t.Id where m.At >= recent && m.Origin == "owner" select t.PartnerId).Distinct().ToListAsync(cancel));
        var waiting = await db.Threads.Where(t => t.WaitingSince != null).Select(t => t.WaitingSince!.Value).ToListAsync(cancel);
        var lonely = head.Where(h => !talked.Contains(h.Id)).ToList();
        var roi = await RoiReport.LoadAsync(db, settings, from, to, currency, cancel);
        var segments = await SegmentsAsync(db, settings, from, to, currency, [.. head.Select(h => h.Id)], await WorkHours.LoadAsync(db, from, to, cancel), cancel);
        var weeks = Math.Max(1, (to - from).TotalDays / 7);
        var facts = new CapacityFacts
        {
            Currency = currency, Weeks = weeks, HoursPerWeek = roi.Total.Hours / weeks, HoursAvailable = (double)settings.HoursPerWeek, HourlyCost = settings.HourlyCost, OpenApplications = pending.Count,
            ApplicationsPerWeek = arrived / (ContactDays / 7.0), HeadPartners = head.Count, HeadWithoutContact = lonely.Count, Profit = roi.Total.Attributed.Profit.Amount, Margin = roi.Total.Attributed.Margin.Amount,
            Complete = roi.Missing.Count == 0, Segments = segments,
        };
        return new()
        {
            From = from, To = to, OpenApplications = pending.Count, OldestApplication = pending.Count > 0 ? pending.Min() : null, OpenThreads = waiting.Count, OldestMessage = waiting.Count > 0 ? waiting.Min() : null, NewApplications = arrived, AnsweredApplications = answered,
            HeadWithoutContact = [.. lonely.Select(l => l.Code)], HoursPerWeek = Math.Round(facts.HoursPerWeek, 2), HoursNeeded = Math.Round(facts.HoursNeeded, 2), HoursAvailable = facts.HoursAvailable,
            Segments = segments, Advice = CapacityAdvice.Of(facts),
        };
    }

    /// <summary>Head and everybody else: margin after commissions and discounts against the hours that went there.</summary>
    static async Task<List<CapacitySegment>> SegmentsAsync(SidecarDb db, RoiSettings settings, DateTimeOffset from, DateTimeOffset to, string currency, int[] head, IReadOnlyList<Work> work, CancellationToken cancel)
    {
        var sales = db.SalesDays.Where(d => d.Day >= from && d.Day < to && d.Currency == currency);
        var (all, inHead) = (await MarginAsync(sales, settings, currency, cancel), await MarginAsync(sales.Where(d => head.Contains(d.PartnerId)), settings, currency, cancel));
        CapacitySegment Segment(string name, decimal margin, bool isHead)
        {
            var hours = work.Where(w => w.PartnerId is { } partner && head.Contains(partner) == isHead).Sum(w => w.Time.TotalHours);
            return new(name, Math.Round(hours, 2), Money.Round(margin, currency), Money.Round((decimal)hours * settings.HourlyCost, currency));
        }
        return [Segment(BuiltInSegments.Head, inHead, isHead: true), Segment("others", all - inHead, isHead: false)];
    }

    static async Task<decimal> MarginAsync(IQueryable<SalesDayRow> sales, RoiSettings settings, string currency, CancellationToken cancel) =>
        (await sales.GroupBy(d => d.Category).Select(g => new { Category = g.Key, Net = g.Sum(d => d.NetMinor), Costs = g.Sum(d => d.CommissionMinor + d.DiscountMinor) }).ToListAsync(cancel))
            .Sum(s => new Money(s.Net, currency).Amount * (settings.Of(s.Category) ?? 0) - new Money(s.Costs, currency).Amount);
}

/// <summary>Where hours went.</summary>
/// <param name="Segment"><c>head</c> or <c>others</c>.</param>
/// <param name="Hours">Spent on these partners.</param>
/// <param name="Margin">Of their sales, less commissions and discounts.</param>
/// <param name="Cost">Of the hours.</param>
public sealed record CapacitySegment(string Segment, double Hours, Money Margin, Money Cost);
