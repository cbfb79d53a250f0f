using System.Globalization;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>Who makes the money: how unequal partners' net sales are, and who moved.</summary>
public sealed record ParetoReport
{
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public required string Currency { get; init; }
    public required Money NetSales { get; init; }

    /// <summary>Partners who sold something.</summary>
    public required int Sellers { get; init; }

    /// <summary>0: all sell the same; near 1: one sells everything. Null without sales.</summary>
    public double? Gini { get; init; }

    /// <summary>The smallest number of partners who make 80 % of the sales.</summary>
    public required int HeadPartners { get; init; }

    /// <summary>What the best 1, 3, 10 … sell of everything.</summary>
    public required IReadOnlyList<TopShare> Top { get; init; }

    /// <summary>From the smallest seller to the largest: what share of the sellers makes what share of the sales.</summary>
    public required IReadOnlyList<LorenzPoint> Lorenz { get; init; }

    /// <summary>The best first.</summary>
    public required IReadOnlyList<ParetoRow> Partners { get; init; }

    /// <summary>The last 30 days of the period against the 30 before them.</summary>
    const int MoveDays = 30;

    const int LorenzSteps = 20;

    static readonly int[] Best = [1, 3, 5, 10, 25, 50, 100];

    internal static async Task<ParetoReport> LoadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel)
    {
        var nets = await NetAsync(db, from, to, currency, cancel);
        var (now, before) = (await RanksAsync(db, to.AddDays(-MoveDays), to, currency, cancel), await RanksAsync(db, to.AddDays(-2 * MoveDays), to.AddDays(-MoveDays), currency, cancel));
        var codes = await db.Partners.Select(p => new { p.Id, p.Code }).ToDictionaryAsync(p => p.Id, p => p.Code, cancel);
        var sellers = nets.Where(n => n.Net > 0).OrderByDescending(n => n.Net).ThenBy(n => n.Partner).ToList();
        var all = sellers.Sum(s => s.Net);
        long sum = 0;
        var rows = sellers.Select((s, i) => new ParetoRow
        {
            Rank = i + 1, Partner = PublicId.Of(PublicId.Partner, s.Partner), PartnerCode = codes.GetValueOrDefault(s.Partner, ""), Orders = s.Orders, NetSales = new(s.Net, currency),
            Commission = new(s.Commission, currency), Share = Share(s.Net, all), CumulativeShare = Share(sum += s.Net, all), RankThisMonth = Rank(now, s.Partner), RankLastMonth = Rank(before, s.Partner),
        }).ToList();
        return new()
        {
            From = from, To = to, Currency = currency, NetSales = new(all, currency), Sellers = sellers.Count, Gini = GiniOf(sellers.Select(s => s.Net)),
            HeadPartners = rows.FindIndex(r => r.CumulativeShare >= Segments.Everybody.HeadShare) + 1,
            Top = [.. Best.Where(n => n == 1 || n < sellers.Count).Where(_ => all > 0).Select(n => new TopShare(n, Share(sellers.Take(n).Sum(s => s.Net), all)))],
            Lorenz = LorenzOf([.. sellers.Select(s => s.Net).Order()]), Partners = rows,
        };
    }

    /// <summary>The mean difference of two sellers against twice the mean.</summary>
    internal static double? GiniOf(IEnumerable<long> nets)
    {
        var sorted = nets.Order().ToArray();
        var sum = sorted.Sum(n => (double)n);
        return sum <= 0 ? null : Math.Round(sorted.Select((n, i) => (2.0 * (i + 1) - sorted.Length - 1) * n).Sum() / (sorted.Length * sum), 4);
    }

    static List<LorenzPoint> LorenzOf(long[] ascending)
    {
        if (ascending.Length == 0)
            return [];
        var whole = ascending.Sum(n => (double)n);
        var steps = Math.Min(LorenzSteps, ascending.Length);
        return [.. Enumerable.Range(0, steps + 1).Select(i => (int)Math.Round((double)i * ascending.Length / steps))
            .Select(count => new LorenzPoint(Math.Round((double)count / ascending.Length, 4), Math.Round(ascending.Take(count).Sum(n => (double)n) / whole, 4)))];
    }

    static async Task<List<Sold>> NetAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel) =>
        await db.SalesDays.Where(d => d.Day >= from && d.Day < to && d.Currency == currency).GroupBy(d => d.PartnerId)
            .Select(g => new Sold(g.Key, g.Sum(d => d.Orders), g.Sum(d => d.NetMinor), g.Sum(d => d.CommissionMinor))).ToListAsync(cancel);

    static async Task<Dictionary<int, int>> RanksAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, string currency, CancellationToken cancel) =>
        (await NetAsync(db, from, to, currency, cancel)).Where(n => n.Net > 0).OrderByDescending(n => n.Net).ThenBy(n => n.Partner).Select((n, i) => (n.Partner, Rank: i + 1)).ToDictionary(r => r.Partner, r => r.Rank);

    static int? Rank(Dictionary<int, int> ranks, int partner) => ranks.TryGetValue(partner, out var rank) ? rank : null;

    static double Share(long part, long of) => of > 0 ? Math.Round((double)part / of, 4) : 0;

    /// <summary>The Lorenz curve over the line of equality.</summary>
    internal string Plot()
    {
        const int Size = 320, Margin = 36;
        string At(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{Margin + x * Size:0.#},{Margin + (1 - y) * Size:0.#}");
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Size + 2 * Margin} {Size + 2 * Margin}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Share of sales by share of partners">
            <rect x="{Margin}" y="{Margin}" width="{Size}" height="{Size}" fill="none" stroke="#c4ccc8"/>
            <path d="M{At(0, 0)} L{At(1, 1)}" stroke="#7a8781" stroke-dasharray="4 4" fill="none"/>
            <polyline points="{string.Join(' ', Lorenz.Select(p => At(p.Sellers, p.Sales)))}" fill="none" stroke="#b3261e" stroke-width="2"/>
            <text x="{Margin}" y="{Size + Margin + 20}">partners, smallest first → 100 %</text>
            <text x="{Margin}" y="{Margin - 10}">net sales, 100 %{(Gini is { } gini ? string.Create(CultureInfo.InvariantCulture, $" · Gini {gini:0.00}") : "")}</text>
            </svg>
            """;
    }

    sealed record Sold(int Partner, long Orders, long Net, long Commission);
}

/// <summary>What the best sell.</summary>
/// <param name="Partners">So many of the best.</param>
/// <param name="Share">Of all sales, 0 to 1.</param>
public sealed record TopShare(int Partners, double Share);

/// <summary>A point of the Lorenz curve.</summary>
/// <param name="Sellers">Share of the sellers, the smallest first: 0 to 1.</param>
/// <param name="Sales">What they make of all sales: 0 to 1.</param>
public sealed record LorenzPoint(double Sellers, double Sales);

/// <summary>A partner who sold something.</summary>
public sealed record ParetoRow
{
    public required int Rank { get; init; }
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required long Orders { get; init; }

    /// <summary>Net of refunds.</summary>
    public required Money NetSales { get; init; }
    public required Money Commission { get; init; }

    /// <summary>Of all sales, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Together with everybody above.</summary>
    public required double CumulativeShare { get; init; }

    /// <summary>In the last 30 days of the period; null without sales in them.</summary>
    public int? RankThisMonth { get; init; }

    /// <summary>In the 30 days before those.</summary>
    public int? RankLastMonth { get; init; }
}
