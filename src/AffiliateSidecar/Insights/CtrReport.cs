using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Clicks per impression.</summary>
public sealed record CtrReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>Payable clicks per impression of all partners whose links report impressions; null without impressions.</summary>
    public double? Ctr { get; init; }

    /// <summary>One row a partner with clicks or impressions, the most clicks first; empty where the report is by something else.</summary>
    public required IReadOnlyList<CtrRow> Partners { get; init; }

    /// <summary>One row a link with clicks or impressions, the most clicks first; null unless asked for.</summary>
    public IReadOnlyList<CtrLinkRow>? Links { get; init; }

    /// <summary>One row a day (UTC) with clicks or impressions, the oldest first; null unless asked for.</summary>
    public IReadOnlyList<CtrTimeRow>? Days { get; init; }

    /// <summary>One row an hour with clicks or impressions, the oldest first; null unless asked for.</summary>
    public IReadOnlyList<CtrTimeRow>? Hours { get; init; }

    internal const string ByPartner = "partner", ByLink = "link", ByDay = "day", ByHour = "hour";

    // A rate of a few in a hundred needs some hundred impressions to be seen at all.
    const int LeastImpressions = 1000;

    internal static async Task<CtrReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string by, CancellationToken cancel)
    {
        var sums = await CtrSums.LoadAsync(db, from, to, by == ByHour ? 1 : LinkDay.Hours, cancel);
        var ctr = Rate(sums.Times.Values.Sum(t => t.Shown), sums.Times.Values.Sum(t => t.Impressions));
        if (by is ByDay or ByHour)
        {
            IReadOnlyList<CtrTimeRow> times = [.. sums.Times.OrderBy(t => t.Key).Select(t => Row(sums.Time(t.Key), t.Value))];
            return new() { From = from, To = to, Partners = [], Ctr = ctr, Days = by == ByDay ? times : null, Hours = by == ByHour ? times : null };
        }
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        if (by == ByLink)
            return new() { From = from, To = to, Ctr = ctr, Partners = [], Links = LinkRows(sums, codes, await db.Links.ToDictionaryAsync(l => l.Id, cancel)) };
        return new()
        {
            From = from, To = to, Ctr = ctr,
            Partners = [.. sums.Partners.Where(p => codes.ContainsKey(p.Key)).Select(p => Row(p.Key, codes[p.Key], p.Value)).OrderByDescending(r => r.Clicks).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }

    static CtrRow Row(int id, string code, CtrSums.Sum sum) => new()
    {
        Partner = PublicId.Of(PublicId.Partner, id), PartnerCode = code, Impressions = Shown(sum), Clicks = sum.Clicks, InvalidClicks = sum.Invalid,
        Ctr = Rate(sum.Clicks, sum.Impressions), PeakHour = sum.Peak.Clicks > 0 ? sum.Peak.Hour : null, PeakHourClicks = sum.Peak.Clicks, State = State(sum.Impressions),
    };

    static List<CtrLinkRow> LinkRows(CtrSums sums, Dictionary<int, string> codes, Dictionary<int, LinkRow> links) =>
        [.. sums.Links.Where(l => codes.ContainsKey(l.Key.PartnerId)).Select(l =>
        {
            var (key, sum, link) = (l.Key, l.Value, links.GetValueOrDefault(l.Key.LinkId));
            return new CtrLinkRow
            {
                Partner = PublicId.Of(PublicId.Partner, key.PartnerId), PartnerCode = codes[key.PartnerId], Link = key.LinkId == 0 ? null : PublicId.Of(PublicId.Link, key.LinkId),
                LinkName = link?.Name ?? link?.ExternalId, Path = link?.Path, Impressions = Shown(sum), Clicks = sum.Clicks, InvalidClicks = sum.Invalid,
                Ctr = Rate(sum.Clicks, sum.Impressions), State = State(sum.Impressions),
            };
        }).OrderByDescending(r => r.Clicks).ThenBy(r => r.PartnerCode, StringComparer.Ordinal).ThenBy(r => r.Link, StringComparer.Ordinal)];

    static CtrTimeRow Row(DateTimeOffset at, CtrSums.Sum sum) => new()
    {
        At = at, Impressions = Shown(sum), Clicks = sum.Clicks, InvalidClicks = sum.Invalid, ShownClicks = sum.Shown, Ctr = Rate(sum.Shown, sum.Impressions), State = State(sum.Impressions),
    };

    static long? Shown(CtrSums.Sum sum) => sum.Impressions > 0 ? sum.Impressions : null;

    static double? Rate(long clicks, long impressions) => impressions > 0 ? Math.Round((double)clicks / impressions, 6) : null;

    static string State(long impressions) => impressions >= LeastImpressions ? "ok" : FindingState.NotEnoughData;
}

/// <summary>One partner's clicks per impression.</summary>
public sealed record CtrRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary>Null where the partner's links report none.</summary>
    public long? Impressions { get; init; }

    /// <summary>Payable clicks.</summary>
    public required long Clicks { get; init; }

    /// <summary>Bots, prefetches and repetitions.</summary>
    public required long InvalidClicks { get; init; }

    /// <summary>Payable clicks per impression; null without impressions.</summary>
    public double? Ctr { get; init; }

    /// <summary>The hour with the most payable clicks.</summary>
    public DateTimeOffset? PeakHour { get; init; }
    public required long PeakHourClicks { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below a thousand impressions.</summary>
    public required string State { get; init; }
}

/// <summary>One link's clicks per impression.</summary>
public sealed record CtrLinkRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }

    /// <summary>Null: the partner's plain code.</summary>
    public string? Link { get; init; }
    public string? LinkName { get; init; }

    /// <summary>Where it leads in the shop.</summary>
    public string? Path { get; init; }

    /// <summary>Null where the link reports none.</summary>
    public long? Impressions { get; init; }
    public required long Clicks { get; init; }
    public required long InvalidClicks { get; init; }
    public double? Ctr { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below a thousand impressions.</summary>
    public required string State { get; init; }
}

/// <summary>Clicks per impression of a day or an hour, of all partners.</summary>
public sealed record CtrTimeRow
{
    /// <summary>Its beginning.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Null where no link reports any.</summary>
    public long? Impressions { get; init; }
    public required long Clicks { get; init; }
    public required long InvalidClicks { get; init; }

    /// <summary>Payable clicks of partners whose links report impressions in the period.</summary>
    public required long ShownClicks { get; init; }

    /// <summary>Of these, per impression; null without impressions.</summary>
    public double? Ctr { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below a thousand impressions.</summary>
    public required string State { get; init; }
}
