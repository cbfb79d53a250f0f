using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Shops;

/// <summary>
/// What the program would have paid on past orders under today's rules, with today's partners: read from the shop's own database,
/// weighed by the same attribution and the same engine, and stored nowhere.
/// </summary>
sealed class Backtest(ShopReaders readers, Attribution attribution, CommissionEngine engine, RuleStore rules, PartnerDirectory partners, Database database, TimeProvider clock)
{
    const int PageSize = 500, MostSources = 30;

    static readonly string[] Naming = ["utm_source", "utm_medium", "utm_campaign"];

    /// <param name="from">Placed at or after.</param>
    /// <param name="to">Placed before.</param>
    /// <exception cref="ShopDatabaseException">The shop's database cannot be read.</exception>
    public async Task<BacktestResult> RunAsync(ShopSettings shop, DateTimeOffset from, DateTimeOffset to, IProgress<SyncProgress>? progress, CancellationToken cancel)
    {
        var reader = await readers.OpenAsync(shop, cancel);
        var all = progress is null ? 0 : await reader.CountAsync(from, cancel);
        await using var db = database.Open();
        var weigh = new Weigher(attribution, engine, await rules.CurrentAsync(db, cancel), await partners.CurrentAsync(db, cancel), clock.GetUtcNow());
        var done = 0L;
        for (var page = await reader.DigestsAsync(null, from, PageSize, cancel); page.Count > 0; page = await reader.DigestsAsync(page[^1].Id, from, PageSize, cancel))
        {
            var readings = await reader.ReadAsync([.. page.Select(d => d.Id)], page.ToDictionary(d => d.Id, StringComparer.Ordinal), cancel);
            var orders = readings.Select(r => r.Order).OfType<Order>().Where(o => o.PlacedAt >= from && o.PlacedAt < to).ToList();
            var flags = await ClickFlagsOf.LoadAsync(db, orders, cancel);
            foreach (var order in orders)
                weigh.Add(order, flags.Of);
            weigh.Unreadable += readings.Count(r => r.Problem is not null);
            progress?.Report(new(done += page.Count, all));
        }
        return weigh.Result(shop.Name, from, to, MostSources);
    }

    sealed class Weigher(Attribution attribution, CommissionEngine engine, RuleSet rules, PartnerSnapshot partners, DateTimeOffset now)
    {
        readonly Dictionary<(string Code, string Currency), Tally> earned = [];
        readonly Dictionary<(string Source, string Currency), Tally> unclaimed = [];
        readonly Dictionary<string, Tally> everything = new(StringComparer.Ordinal);

        public int Unreadable { get; set; }

        public void Add(Order order, KnownFlag flagOf)
        {
            var decision = attribution.Decide(order, partners, flagOf, rules, now);
            var deserved = engine.Deserve(order, order.Refunds ?? [], rules, Earner.Of(decision));
            var counts = OrderStatus.Earns(order.Status, order.PaymentMethod);
            var commission = decision.PartnerCode is null ? 0 : deserved.Amount.Minor;
            Of(everything, order.Currency).Add(deserved.Base.Minor, commission, counts);
            if (decision.PartnerCode is { } code)
                Of(earned, (code, order.Currency)).Add(deserved.Base.Minor, commission, counts);
            else if (Source(order) is { } source)
                Of(unclaimed, (source, order.Currency)).Add(deserved.Base.Minor, 0, counts);
        }

        /// <summary>Who sent the visitor, as far as the shop remembers: somebody who might become a partner.</summary>
        static string? Source(Order order) => order.Landing is { } landing && landing.GetValueOrDefault("source_type") is "utm" or "referral"
            ? string.Join(" / ", Naming.Select(landing.GetValueOrDefault).Where(v => !string.IsNullOrEmpty(v)).Select(v => Short(v!)))
            : null;

        static string Short(string text) => text.Length <= 80 ? text : text[..80];

        static Tally Of<T>(Dictionary<T, Tally> tallies, T key) where T : notnull => tallies.TryGetValue(key, out var known) ? known : tallies[key] = new Tally();

        public BacktestResult Result(string shop, DateTimeOffset from, DateTimeOffset to, int most) => new(shop, from, to, rules.Version,
            [.. everything.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => e.Value.Line("", e.Key))],
            [.. earned.OrderByDescending(e => e.Value.Commission).ThenBy(e => e.Key.Code, StringComparer.Ordinal).Select(e => e.Value.Line(e.Key.Code, e.Key.Currency))],
            [.. unclaimed.OrderByDescending(e => e.Value.Sales).ThenBy(e => e.Key.Source, StringComparer.Ordinal).Take(most).Select(e => e.Value.Line(e.Key.Source, e.Key.Currency))],
            Unreadable);
    }

    sealed class Tally
    {
        int orders;

        public long Sales { get; private set; }
        public long Commission { get; private set; }

        public void Add(long sales, long commission, bool counts)
        {
            orders++;
            Sales += counts ? sales : 0;
            Commission += commission;
        }

        public BacktestLine Line(string name, string currency) => new(name, orders, new Money(Sales, currency), new Money(Commission, currency));
    }
}

/// <summary>What would have been paid.</summary>
/// <param name="Shop">Its name in the configuration.</param>
/// <param name="From">Placed at or after.</param>
/// <param name="To">Placed before.</param>
/// <param name="RuleVersion">The rules it was computed with.</param>
/// <param name="Totals">All orders of the time, a line a currency.</param>
/// <param name="Partners">Who would have earned, the most first.</param>
/// <param name="Unclaimed">Who sent buyers and is no partner, the most sales first.</param>
/// <param name="Unreadable">Orders that could not be read.</param>
sealed record BacktestResult(string Shop, DateTimeOffset From, DateTimeOffset To, int RuleVersion, IReadOnlyList<BacktestLine> Totals,
    IReadOnlyList<BacktestLine> Partners, IReadOnlyList<BacktestLine> Unclaimed, int Unreadable);

/// <param name="Name">A partner's code, or a source's name.</param>
/// <param name="Orders">All of them, also those that earn nothing.</param>
/// <param name="Sales">Net goods of orders in a state that earns, before refunds.</param>
/// <param name="Commission">Net of refunds.</param>
sealed record BacktestLine(string Name, int Orders, Money Sales, Money Commission);
