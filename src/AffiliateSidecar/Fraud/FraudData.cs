using System.Runtime.CompilerServices;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Fraud;

/// <summary>Reads from the database what the signals compare: days of clicks, orders with the click they are credited to, and what became of them.</summary>
static class FraudData
{
    // Some days at once: few queries, little memory.
    const int DaysARead = 10;

    // While some days are put together, the next ones are read.
    const int ReadsAhead = 2;

    /// <summary>A link whose tag has been silent for so long reports no impressions any more.</summary>
    public const int DaysWithoutImpressions = 7;

    static readonly string[] Reversed = [OrderStatus.Cancelled, OrderStatus.Failed, OrderStatus.Refunded, OrderStatus.Trash];

    public static async Task<ProgramHistory> HistoryAsync(SidecarDb db, CancellationToken cancel)
    {
        var currency = await db.Orders.Where(o => o.PartnerId != null).GroupBy(o => o.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key).FirstOrDefaultAsync(cancel);
        var accounts = await db.Partners.Where(p => p.PayoutDetailsId != null).Join(db.PayoutDetails, p => p.PayoutDetailsId, d => d.Id, (p, d) => new { p.Id, d.AccountKey })
            .ToDictionaryAsync(a => a.Id, a => a.AccountKey, cancel);
        var partners = await db.Partners.Select(p => new { p.Id, p.Code, p.CreatedAt, p.EmailHash, p.PayoutHash, p.SignupAddress, p.Website, p.ExternalId }).ToListAsync(cancel);
        return new(currency ?? "EUR", partners.Select(p => new PartnerIdentity(p.Id, p.Code, Day(p.CreatedAt), p.EmailHash, accounts.GetValueOrDefault(p.Id) ?? p.PayoutHash,
            (uint)(p.SignupAddress ?? 0), ClickFacts.Referrer(p.Website)) { ExternalId = p.ExternalId }));
    }

    /// <summary>The first day with a click, an impression or an order; null where there is nothing.</summary>
    public static async Task<DateOnly?> FirstDayAsync(SidecarDb db, CancellationToken cancel)
    {
        var days = new List<DateOnly>();
        if (await db.ClickDays.OrderBy(d => d.Day).Select(d => (int?)d.Day).FirstOrDefaultAsync(cancel) is { } day)
            days.Add(DateOnly.FromDayNumber(day));
        if (await db.Orders.Where(o => o.PartnerId != null).OrderBy(o => o.PlacedAt).Select(o => (DateTimeOffset?)o.PlacedAt).FirstOrDefaultAsync(cancel) is { } placed)
            days.Add(Day(placed));
        return days.Count == 0 ? null : days.Min();
    }

    /// <summary>Every day from the first to the last, the quiet ones as well.</summary>
    /// <param name="isReplay">
    /// What became of a commission is not known on the day itself: a replay ranks by a tenth of the order instead of what is still unpaid today.
    /// </param>
    public static async IAsyncEnumerable<DayNews> DaysAsync(Database database, ProgramHistory history, DateOnly from, DateOnly to, bool isReplay, [EnumeratorCancellation] CancellationToken cancel)
    {
        ILookup<DateOnly, ReturnNews> returns;
        await using (var db = database.Open())
            returns = (await ReturnsAsync(db, from, cancel)).ToLookup(r => Day(r.At));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (next, ahead) = (from, new Queue<Task<List<DayNews>>>());
        try
        {
            for (Begin(); ahead.TryDequeue(out var days);)
            {
                Begin();
                foreach (var day in await days)
                    yield return day;
            }
        }
        finally
        {
            // Whoever looks at no more days does not leave somebody reading behind.
            await stop.CancelAsync();
            await Task.WhenAll(ahead.ToArray<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        void Begin()
        {
            while (next <= to && ahead.Count < ReadsAhead)
            {
                var (first, last) = (next, next.AddDays(DaysARead - 1) < to ? next.AddDays(DaysARead - 1) : to);
                next = last.AddDays(1);
                ahead.Enqueue(Task.Run(() => ReadAsync(database, history.Currency, first, last, returns, isReplay, stop.Token), CancellationToken.None));
            }
        }
    }

    static async Task<List<DayNews>> ReadAsync(Database database, string currency, DateOnly first, DateOnly last, ILookup<DateOnly, ReturnNews> returns, bool isReplay, CancellationToken cancel)
    {
        await using var db = database.Open();
        var clicks = await ClicksAsync(db, first, last, cancel);
        var orders = await OrdersAsync(db, currency, first, last, isReplay, cancel);
        var days = new List<DayNews>();
        for (var day = first; day <= last; day = day.AddDays(1))
            days.Add(new(day, [.. clicks[day]], [.. orders[day]], [.. returns[day]]));
        return days;
    }

    static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    static async Task<ILookup<DateOnly, (int, DayFigures)>> ClicksAsync(SidecarDb db, DateOnly first, DateOnly last, CancellationToken cancel)
    {
        var rows = await db.ClickDays.Where(d => d.Day >= first.DayNumber && d.Day <= last.DayNumber).ToListAsync(cancel);
        var (shown, clicked) = await ShownAsync(db, first.DayNumber, last.DayNumber, cancel);
        var profiles = rows.ToDictionary(r => (r.Day, r.PartnerId), r => r.Profile);
        return profiles.Keys.Union(shown.Keys).Order().Select(key =>
        {
            var day = DateOnly.FromDayNumber(key.Item1);
            var figures = profiles.TryGetValue(key, out var bytes) ? DayProfile.Figures(bytes, day) : new DayProfile().Figures(day);
            return (Day: day, Partner: key.Item2, Figures: figures with
            {
                Impressions = shown.TryGetValue(key, out var seen) ? [.. seen] : [],
                ShownClicks = clicked.TryGetValue(key, out var on) ? [.. on.Select(n => (int)n)] : shown.ContainsKey(key) ? [.. new int[24]] : [],
            });
        }).ToLookup(d => d.Day, d => (d.Partner, d.Figures));
    }

    /// <summary>By hour: impressions of a partner's day, and clicks of those of its links that report any.</summary>
    static async Task<(Dictionary<(int Day, int Partner), long[]> Shown, Dictionary<(int Day, int Partner), long[]> Clicked)> ShownAsync(SidecarDb db, int first, int last, CancellationToken cancel)
    {
        var (shown, clicked) = (new Dictionary<(int, int), long[]>(), new Dictionary<(int, int), long[]>());
        var reported = new Dictionary<(int Partner, int Link), int>();
        await foreach (var (key, bytes) in LinkDays.BetweenAsync(db, first + 1 - DaysWithoutImpressions, last, cancel))
        {
            var hours = new LinkHour[LinkDay.Hours];
            Array.Resize(ref hours, LinkDay.Read(bytes, hours));
            if (hours.Any(h => h.Impressions > 0))
                reported[(key.PartnerId, key.LinkId)] = key.Day;
            if (key.Day < first || !reported.TryGetValue((key.PartnerId, key.LinkId), out var day) || key.Day - day >= DaysWithoutImpressions)
                continue;
            foreach (var hour in hours)
            {
                if (hour.Impressions > 0)
                    Of(shown)[hour.Hour] += hour.Impressions;
                if (hour.Clicks > 0)
                    Of(clicked)[hour.Hour] += hour.Clicks;
            }
            long[] Of(Dictionary<(int, int), long[]> sums) => sums.TryGetValue((key.Day, key.PartnerId), out var sum) ? sum : sums[(key.Day, key.PartnerId)] = new long[LinkDay.Hours];
        }
        return (shown, clicked);
    }

    static async Task<ILookup<DateOnly, (int, OrderFigures)>> OrdersAsync(SidecarDb db, string currency, DateOnly first, DateOnly last, bool isReplay, CancellationToken cancel)
    {
        var (from, to) = (Start(first), Start(last.AddDays(1)));
        var rows = await db.QueryToListAsync<OrderLine>("""
            select o.partner_id, o.id, o.placed_at, o.currency, o.total_minor, o.base_minor, o.is_new_customer, o.customer_key, o.has_disposable_mail, o.address, o.country, o.method, o.lag_seconds,
                case when k.status in ('paid', 'reversed') then 0 else k.amount_minor end as unpaid_minor,
                c.at as clicked_at, c.user_agent, c.country as click_country, c.referrer, c.landing, c.address as click_address, c.is_hosted, c.is_advertised
            from afs_orders o left join afs_clicks c on c.id = o.click_id left join afs_commissions k on k.order_id = o.id and k.partner_id = o.partner_id
            where o.partner_id is not null and o.placed_at >= @from and o.placed_at < @to order by o.placed_at, o.id
            """, cancel, new DataParameter("from", UnixTime.ToMicros(from)), new DataParameter("to", UnixTime.ToMicros(to)));
        return rows.ToLookup(r => Day(r.PlacedAt), r => (r.PartnerId, new OrderFigures
        {
            Id = r.Id, PlacedAt = r.PlacedAt, AmountMinor = r.Currency != currency ? 0 : isReplay ? r.TotalMinor : r.BaseMinor,
            CommissionMinor = r.Currency != currency ? 0 : isReplay ? r.TotalMinor / 10 : r.UnpaidMinor ?? 0, IsNewCustomer = r.IsNewCustomer, Customer = r.CustomerKey, HasDisposableMail = r.HasDisposableMail,
            Address = (uint)(r.Address ?? 0), Country = ClickFacts.Country(r.Country), HasCoupon = r.Method == AttributionMethod.Coupon, IsLead = r.TotalMinor == 0,
            Click = r.ClickedAt is { } at && r.LagSeconds is not null
                ? new(at, ClickFacts.Text(r.UserAgent ?? ""), ClickFacts.Country(r.ClickCountry), ClickFacts.Referrer(r.Referrer), ClickFacts.Land(r.Landing, r.IsAdvertised == true), (uint)(r.ClickAddress ?? 0), r.IsHosted == true)
                : null,
        }));
    }

    /// <summary>
    /// What came back, and when that was known. An imported order has its state of the export, which a replay must not know: its refunds tell when. Elsewhere the state is
    /// as old as the shop's last change.
    /// </summary>
    static async Task<List<ReturnNews>> ReturnsAsync(SidecarDb db, DateOnly from, CancellationToken cancel)
    {
        var start = Start(from);
        var news = new List<ReturnNews>();
        var reported = await db.Refunds.Join(db.Orders.Where(o => o.PartnerId != null && o.PlacedAt >= start), r => new { r.Shop, Id = r.OrderExternalId }, o => new { o.Shop, Id = o.ExternalId },
            (r, o) => new { o.Id, o.TotalMinor, r.Body, r.ReceivedAt }).ToListAsync(cancel);
        foreach (var row in reported)
            news.Add(Of(row.Id, OrderBody.ReadRefund(row.Body), row.ReceivedAt, row.TotalMinor == 0));
        var stated = await db.Orders.Where(o => o.PartnerId != null && o.PlacedAt >= start && o.Shop != Cli.Import.ImportedOrders.Shop && (o.RefundedMinor > 0 || Reversed.Contains(o.Status)))
            .Select(o => new { o.Id, o.Status, o.UpdatedAt, Body = o.ShopBody ?? o.Body, o.TotalMinor }).ToListAsync(cancel);
        foreach (var row in stated)
        {
            foreach (var refund in row.Body.Length == 0 ? [] : OrderBody.Read(row.Body).Refunds ?? [])
                news.Add(Of(row.Id, refund, row.UpdatedAt, row.TotalMinor == 0));
            if (Reversed.Contains(row.Status))
                news.Add(new(row.Id, row.UpdatedAt, row.TotalMinor == 0 ? ReturnKind.DeadLead : row.Status == OrderStatus.Refunded ? ReturnKind.Returned : ReturnKind.Unpaid));
        }
        return news;
    }

    static ReturnNews Of(string order, Refund refund, DateTimeOffset received, bool isLead) => new(order, refund.OccurredAt ?? received, Kind(refund.Reason ?? "", isLead));

    /// <summary>By the shop's own words.</summary>
    public static ReturnKind Kind(string reason, bool isLead) => isLead ? ReturnKind.DeadLead
        : reason.Contains("chargeback", StringComparison.OrdinalIgnoreCase) || reason.Contains("dispute", StringComparison.OrdinalIgnoreCase) ? ReturnKind.Chargeback
        : reason.Contains("unpaid", StringComparison.OrdinalIgnoreCase) || reason.Contains("cancel", StringComparison.OrdinalIgnoreCase) ? ReturnKind.Unpaid
        : ReturnKind.Returned;

    sealed class OrderLine
    {
        public int PartnerId { get; init; }
        public string Id { get; init; } = "";
        public DateTimeOffset PlacedAt { get; init; }
        public string Currency { get; init; } = "";
        public long TotalMinor { get; init; }
        public long BaseMinor { get; init; }
        public bool? IsNewCustomer { get; init; }
        public string? CustomerKey { get; init; }
        public bool? HasDisposableMail { get; init; }
        public long? Address { get; init; }
        public string? Country { get; init; }
        public string? Method { get; init; }
        public long? LagSeconds { get; init; }
        public long? UnpaidMinor { get; init; }
        public DateTimeOffset? ClickedAt { get; init; }
        public string? UserAgent { get; init; }
        public string? ClickCountry { get; init; }
        public string? Referrer { get; init; }
        public string? Landing { get; init; }
        public long? ClickAddress { get; init; }
        public bool? IsHosted { get; init; }
        public bool? IsAdvertised { get; init; }
    }
}
