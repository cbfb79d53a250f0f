using AffiliateSidecar.Storage;
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
        var period = new HourlySums(db, from, to);
        if (by is ByDay or ByHour)
        {
            var times = await TimesAsync(period, by == ByDay ? 24 : 1, cancel);
            return new() { From = from, To = to, Partners = [], Ctr = Rate(times.Sum(t => t.ShownClicks), times.Sum(t => t.Impressions ?? 0)), Days = by == ByDay ? times : null, Hours = by == ByHour ? times : null };
        }
        var impressions = await period.ImpressionsAsync(cancel);
        var shown = impressions.GroupBy(i => i.PartnerId).ToDictionary(g => g.Key, g => g.Sum(i => i.Impressions));
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        if (by == ByLink)
        {
            var clicks = await period.ClicksAsync(cancel);
            var ctr = Rate(clicks.Where(c => shown.ContainsKey(c.PartnerId)).Sum(c => c.Clicks), shown.Values.Sum());
            return new() { From = from, To = to, Ctr = ctr, Partners = [], Links = LinkRows(clicks, impressions, codes, await db.Links.ToDictionaryAsync(l => l.Id, cancel)) };
        }
        var own = await period.PartnersAsync(cancel);
        return new()
        {
            From = from, To = to, Ctr = Rate(shown.Keys.Sum(id => own.GetValueOrDefault(id).Sum?.Clicks ?? 0), shown.Values.Sum()),
            Partners = [.. own.Keys.Union(shown.Keys).Where(codes.ContainsKey).Select(id => Row(id, codes[id], own.GetValueOrDefault(id), Shown(shown, id)))
                .OrderByDescending(r => r.Clicks).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }

    static CtrRow Row(int id, string code, (HourlySums.Sum? Sum, DateTimeOffset Hour, long Clicks) own, long? impressions) => new()
    {
        Partner = PublicId.Of(PublicId.Partner, id), PartnerCode = code, Impressions = impressions, Clicks = own.Sum?.Clicks ?? 0, InvalidClicks = own.Sum?.Invalid ?? 0,
        Ctr = Rate(own.Sum?.Clicks ?? 0, impressions ?? 0), PeakHour = own.Clicks > 0 ? own.Hour : null, PeakHourClicks = own.Clicks, State = State(impressions ?? 0),
    };

    static List<CtrLinkRow> LinkRows(IReadOnlyList<HourlySums.Sum> clicks, IReadOnlyList<HourlySums.Sum> impressions, Dictionary<int, string> codes, Dictionary<int, LinkRow> links)
    {
        var own = clicks.ToDictionary(c => (c.PartnerId, c.LinkId));
        var shown = impressions.ToDictionary(i => (i.PartnerId, i.LinkId), i => i.Impressions);
        return [.. own.Keys.Union(shown.Keys).Where(k => codes.ContainsKey(k.PartnerId)).Select(key =>
        {
            var link = links.GetValueOrDefault(key.LinkId);
            var sum = own.GetValueOrDefault(key);
            return new CtrLinkRow
            {
                Partner = PublicId.Of(PublicId.Partner, key.PartnerId), PartnerCode = codes[key.PartnerId], Link = key.LinkId == 0 ? null : PublicId.Of(PublicId.Link, key.LinkId),
                LinkName = link?.Name ?? link?.ExternalId, Path = link?.Path, Impressions = Shown(shown, key), Clicks = sum?.Clicks ?? 0, InvalidClicks = sum?.Invalid ?? 0,
                Ctr = Rate(sum?.Clicks ?? 0, shown.GetValueOrDefault(key)), State = State(shown.GetValueOrDefault(key)),
            };
        }).OrderByDescending(r => r.Clicks).ThenBy(r => r.PartnerCode, StringComparer.Ordinal).ThenBy(r => r.Link, StringComparer.Ordinal)];
    }

    static async Task<IReadOnlyList<CtrTimeRow>> TimesAsync(HourlySums period, int hours, CancellationToken cancel)
    {
        var clicks = await period.ClicksByTimeAsync(hours, cancel);
        var impressions = await period.ImpressionsByTimeAsync(hours, cancel);
        return [.. clicks.Keys.Union(impressions.Keys).Order().Select(step =>
        {
            var (own, shown) = (clicks.GetValueOrDefault(step), impressions.GetValueOrDefault(step)?.Impressions);
            return new CtrTimeRow
            {
                At = HourlySums.Time(step, hours), Impressions = shown, Clicks = own?.Clicks ?? 0, InvalidClicks = own?.Invalid ?? 0, ShownClicks = own?.Shown ?? 0,
                Ctr = Rate(own?.Shown ?? 0, shown ?? 0), State = State(shown ?? 0),
            };
        })];
    }

    static long? Shown<TKey>(Dictionary<TKey, long> impressions, TKey key) where TKey : notnull => impressions.TryGetValue(key, out var sum) ? sum : null;

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
