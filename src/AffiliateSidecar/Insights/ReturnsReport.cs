using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Insights;

/// <summary>What came back of each partner's sales.</summary>
public sealed record ReturnsReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>All partners' orders by their age today: young orders have had little time to come back.</summary>
    public required IReadOnlyList<ReturnsAge> Ages { get; init; }

    /// <summary>One row a partner and currency with sales, the most money given back first.</summary>
    public required IReadOnlyList<ReturnsRow> Partners { get; init; }

    const int LeastOrders = 10, MatureDays = 30;

    /// <summary>Up to so many days; the last class has no end.</summary>
    static readonly int[] AgeLimits = [7, 14, MatureDays, 60];

    internal static async Task<ReturnsReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancel)
    {
        var sums = await SumsAsync(db, from, to, now, cancel);
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        var program = sums.GroupBy(s => s.Age).ToDictionary(g => g.Key, g => (Orders: g.Sum(s => s.Orders), Returned: g.Sum(s => s.Returned)));
        return new()
        {
            From = from,
            To = to,
            Ages = [.. Enumerable.Range(0, AgeLimits.Length + 1).Select(age => new ReturnsAge
            {
                FromDays = age == 0 ? 0 : AgeLimits[age - 1], ToDays = age < AgeLimits.Length ? AgeLimits[age] : null, Orders = program.GetValueOrDefault(age).Orders,
                ReturnedOrders = program.GetValueOrDefault(age).Returned, ReturnedShare = Share(program.GetValueOrDefault(age).Returned, program.GetValueOrDefault(age).Orders),
            })],
            Partners = [.. sums.Where(s => codes.ContainsKey(s.PartnerId)).GroupBy(s => (s.PartnerId, s.Currency)).Select(g => Row(g.Key.PartnerId, codes[g.Key.PartnerId], g.Key.Currency, [.. g], program))
                .OrderByDescending(r => r.Refunded.Minor).ThenByDescending(r => r.Orders).ThenBy(r => r.PartnerCode, StringComparer.Ordinal)],
        };
    }

    static ReturnsRow Row(int partner, string code, string currency, List<Sums> ages, Dictionary<int, (long Orders, long Returned)> program)
    {
        var (orders, returned, total, refunded) = (ages.Sum(a => a.Orders), ages.Sum(a => a.Returned), ages.Sum(a => a.TotalMinor), ages.Sum(a => a.RefundedMinor));
        var mature = ages.Where(a => a.Age > Array.IndexOf(AgeLimits, MatureDays)).ToList();
        return new()
        {
            Partner = PublicId.Of(PublicId.Partner, partner), PartnerCode = code, Currency = currency, Orders = orders, ReturnedOrders = returned, ReturnedShare = Share(returned, orders),
            ExpectedReturnedOrders = Expected(ages, program), MatureOrders = mature.Sum(a => a.Orders), MatureReturnedOrders = mature.Sum(a => a.Returned),
            MatureReturnedShare = Share(mature.Sum(a => a.Returned), mature.Sum(a => a.Orders)), CancelledOrders = ages.Sum(a => a.Cancelled), Sales = new(total, currency),
            Refunded = new(refunded, currency), RefundedShare = Share(refunded, total), State = orders < LeastOrders ? FindingState.NotEnoughData : "ok",
        };
    }

    /// <summary>Were every age of these orders as the other partners' orders of that age. Where the others have none of an age, as they are altogether.</summary>
    static double? Expected(List<Sums> ages, Dictionary<int, (long Orders, long Returned)> program)
    {
        var others = program.ToDictionary(p => p.Key, p => (Orders: p.Value.Orders - ages.Where(a => a.Age == p.Key).Sum(a => a.Orders), Returned: p.Value.Returned - ages.Where(a => a.Age == p.Key).Sum(a => a.Returned)));
        if (Share(others.Values.Sum(o => o.Returned), others.Values.Sum(o => o.Orders)) is not { } overall)
            return null;
        return Math.Round(ages.Sum(a => a.Orders * (others[a.Age].Orders > 0 ? (double)others[a.Age].Returned / others[a.Age].Orders : overall)), 1);
    }

    static double? Share(long part, long of) => of > 0 ? Math.Round((double)part / of, 4) : null;

    /// <summary>Sums of one pass over an index. An order without a price is a lead: nothing of it can come back.</summary>
    static async Task<List<Sums>> SumsAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now, CancellationToken cancel)
    {
        var age = "case " + string.Concat(AgeLimits.Select((days, i) => $"when placed_at > {UnixTime.ToMicros(now.AddDays(-days))} then {i} ")) + $"else {AgeLimits.Length} end";
        var rows = await db.QueryToListAsync<Sums>($"""
            select partner_id, currency, {age} as age, count(*) as orders,
                cast(sum(case when status = 'refunded' or (refunded_minor > 0 and status not in ('cancelled', 'failed', 'trash')) then 1 else 0 end) as signed) as returned,
                cast(sum(case when status in ('cancelled', 'failed', 'trash') then 1 else 0 end) as signed) as cancelled,
                cast(sum(total_minor) as signed) as total_minor,
                cast(sum(case when status = 'refunded' and refunded_minor = 0 then total_minor else refunded_minor end) as signed) as refunded_minor
            from afs_orders where partner_id is not null and total_minor > 0 and placed_at >= @from and placed_at < @to group by partner_id, currency, age
            """, cancel, new DataParameter("from", UnixTime.ToMicros(from)), new DataParameter("to", UnixTime.ToMicros(to)));
        return [.. rows];
    }

    sealed class Sums
    {
        public int PartnerId { get; init; }
        public string Currency { get; init; } = "";
        public int Age { get; init; }
        public long Orders { get; init; }
        public long Returned { get; init; }
        public long Cancelled { get; init; }
        public long TotalMinor { get; init; }
        public long RefundedMinor { get; init; }
    }
}

/// <summary>Orders of one age.</summary>
public sealed record ReturnsAge
{
    /// <summary>Older than so many days.</summary>
    public required int FromDays { get; init; }

    /// <summary>Up to so many days; null: of any age.</summary>
    public int? ToDays { get; init; }
    public required long Orders { get; init; }
    public required long ReturnedOrders { get; init; }

    /// <summary>0 to 1; null without orders.</summary>
    public double? ReturnedShare { get; init; }
}

/// <summary>What came back of one partner's sales in one currency.</summary>
public sealed record ReturnsRow
{
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required string Currency { get; init; }

    /// <summary>Orders with a price.</summary>
    public required long Orders { get; init; }

    /// <summary>Of these, with money given back, in part or whole.</summary>
    public required long ReturnedOrders { get; init; }

    /// <summary>0 to 1.</summary>
    public double? ReturnedShare { get; init; }

    /// <summary>How many there would be if orders of each age came back as the other partners' do; null without others.</summary>
    public double? ExpectedReturnedOrders { get; init; }

    /// <summary>Orders older than 30 days, most of which have come back by now if they ever will.</summary>
    public required long MatureOrders { get; init; }
    public required long MatureReturnedOrders { get; init; }

    /// <summary>Null without such orders.</summary>
    public double? MatureReturnedShare { get; init; }

    /// <summary>Cancelled, failed, or in the trash: never paid.</summary>
    public required long CancelledOrders { get; init; }

    /// <summary>What customers paid, with tax.</summary>
    public required Money Sales { get; init; }

    /// <summary>What was paid back, with tax.</summary>
    public required Money Refunded { get; init; }

    /// <summary>Of the money, 0 to 1.</summary>
    public double? RefundedShare { get; init; }

    /// <summary><c>ok</c>, or <c>not_enough_data</c> below ten orders.</summary>
    public required string State { get; init; }
}
