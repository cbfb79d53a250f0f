using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Fraud;

/// <summary>Reads from the database what the signals compare: days of clicks, orders with the click they are credited to, and what became of them.</summary>
static class FraudData
{
    // Some days at once: few queries, little memory.
    const int DaysARead = 5;

    // While some days are put together, the next ones are read.
    const int ReadsAhead = 2;

    /// <summary>A link whose tag has been silent for so long reports no impressions any more.</summary>
    public const int DaysWithoutImpressions = 7;

    static readonly string[] Reversed = [OrderStatus.Cancelled, OrderStatus.Failed, OrderStatus.Refunded, OrderStatus.Trash];

    public static async Task<ProgramHistory> HistoryAsync(SidecarDb db, CancellationToken cancel)
    {
        var currency = await db.ScalarAsync("select currency from afs_orders where partner_id is not null group by currency order by count(*) desc, currency limit 1", cancel);
        // By hand, as everything here that is much: linq2db takes longer to begin than all of it to be read.
        var partners = await db.RowsAsync("""
            select p.id, p.code, p.created_at, p.email_hash, coalesce(d.account_key, p.payout_hash), p.signup_address, p.website, p.external_id
            from afs_partners p left join afs_payout_details d on d.id = p.payout_details_id order by p.id
            """, p => new PartnerIdentity(p.GetInt32(0), p.GetString(1), Day(UnixTime.FromMicros(p.GetInt64(2))), Text(p, 3), Text(p, 4), p.IsDBNull(5) ? 0 : (uint)p.GetInt64(5), ClickFacts.Referrer(Text(p, 6)))
            { ExternalId = Text(p, 7) }, cancel);
        return new((string?)currency ?? "EUR", partners);

        static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    /// <summary>The first day with a click, an impression or an order; null where there is nothing.</summary>
    public static async Task<DateOnly?> FirstDayAsync(SidecarDb db, CancellationToken cancel)
    {
        var days = new List<DateOnly>();
        if (await db.ScalarAsync("select min(day) from afs_click_days", cancel) is { } day)
            days.Add(DateOnly.FromDayNumber(Convert.ToInt32(day, CultureInfo.InvariantCulture)));
        if (await db.ScalarAsync("select min(placed_at) from afs_orders where partner_id is not null", cancel) is { } placed)
            days.Add(Day(UnixTime.FromMicros(Convert.ToInt64(placed, CultureInfo.InvariantCulture))));
        return days.Count == 0 ? null : days.Min();
    }

    /// <summary>Every day from the first to the last, the quiet ones as well.</summary>
    /// <param name="isReplay">
    /// What became of a commission is not known on the day itself: a replay ranks by a tenth of the order instead of what is still unpaid today.
    /// </param>
    public static async IAsyncEnumerable<DayNews> DaysAsync(Database database, ProgramHistory history, DateOnly from, DateOnly to, bool isReplay, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // While the first days are read.
        var returns = Task.Run(() => ReturnsAsync(database, from, stop.Token), CancellationToken.None);
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
            await Task.WhenAll([returns, .. ahead]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    static async Task<List<DayNews>> ReadAsync(Database database, string currency, DateOnly first, DateOnly last, Task<ILookup<DateOnly, ReturnNews>> returns, bool isReplay, CancellationToken cancel)
    {
        await using var db = database.Open();
        var clicks = await ClicksAsync(db, first, last, cancel);
        var orders = await new OrderDays(currency, isReplay).ReadAsync(db, Start(first), Start(last.AddDays(1)), cancel);
        var days = new List<DayNews>();
        for (var day = first; day <= last; day = day.AddDays(1))
            days.Add(new(day, [.. clicks[day]], [.. orders[day]], [.. (await returns)[day]]));
        return days;
    }

    static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    static DateTimeOffset Start(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    static async Task<ILookup<DateOnly, (int, DayFigures)>> ClicksAsync(SidecarDb db, DateOnly first, DateOnly last, CancellationToken cancel)
    {
        var shown = (await ShownDays.ReadAsync(db, first.DayNumber, last.DayNumber, cancel)).Days;
        var days = await db.RowsAsync($"select day, partner_id, profile from afs_click_days where day between {first.DayNumber} and {last.DayNumber}", row =>
        {
            var (day, partner) = (row.GetInt32(0), row.GetInt32(1));
            return (Day: day, Partner: partner, Figures: With(DayProfile.Figures((byte[])row.GetValue(2), DateOnly.FromDayNumber(day)), shown.Remove((day, partner), out var sums) ? sums : null));
        }, cancel);
        // Seen, and not clicked.
        days.AddRange(shown.Select(s => (s.Key.Day, s.Key.Partner, With(new DayProfile().Figures(DateOnly.FromDayNumber(s.Key.Day)), s.Value))));
        return days.OrderBy(d => d.Day).ThenBy(d => d.Partner).ToLookup(d => d.Figures.Day, d => (d.Partner, d.Figures));
    }

    static DayFigures With(DayFigures figures, ShownDays.Sums? shown) => shown is null ? figures : figures with
    {
        Impressions = shown.HasImpressions ? [.. shown.Impressions] : [],
        ShownClicks = [.. shown.Clicks],
    };

    /// <summary>
    /// What came back, and when that was known. An imported order has its state of the export, which a replay must not know: its refunds tell when. Elsewhere the state is
    /// as old as the shop's last change.
    /// </summary>
    static async Task<ILookup<DateOnly, ReturnNews>> ReturnsAsync(Database database, DateOnly from, CancellationToken cancel)
    {
        await using var db = database.Open();
        var of = $"o.partner_id is not null and o.placed_at >= {UnixTime.ToMicros(Start(from))}";
        var news = await db.RowsAsync($"select o.id, r.body, r.received_at, o.total_minor from afs_refunds r join afs_orders o on o.shop = r.shop and o.external_id = r.order_external_id where {of}",
            row => Of(row.GetString(0), OrderBody.ReadRefund(row.GetString(1)), UnixTime.FromMicros(row.GetInt64(2)), IsLead(row)), cancel);
        var stated = await db.RowsAsync($"""
            select o.id, coalesce(o.shop_body, o.body), o.updated_at, o.total_minor, o.status from afs_orders o
            where {of} and o.shop <> '{Cli.Import.ImportedOrders.Shop}' and (o.refunded_minor > 0 or o.status in ({string.Join(',', Reversed.Select(s => $"'{s}'"))}))
            """, row => (Id: row.GetString(0), Body: row.GetString(1), UpdatedAt: UnixTime.FromMicros(row.GetInt64(2)), IsLead: IsLead(row), Status: row.GetString(4)), cancel);
        foreach (var order in stated)
        {
            foreach (var refund in order.Body.Length == 0 ? [] : OrderBody.Read(order.Body).Refunds ?? [])
                news.Add(Of(order.Id, refund, order.UpdatedAt, order.IsLead));
            if (Reversed.Contains(order.Status))
                news.Add(new(order.Id, order.UpdatedAt, order.IsLead ? ReturnKind.DeadLead : order.Status == OrderStatus.Refunded ? ReturnKind.Returned : ReturnKind.Unpaid));
        }
        return news.ToLookup(r => Day(r.At));

        static bool IsLead(DbDataReader row) => row.GetInt64(3) == 0;
    }

    static ReturnNews Of(string order, Refund refund, DateTimeOffset received, bool isLead) => new(order, refund.OccurredAt ?? received, Kind(refund.Reason ?? "", isLead));

    /// <summary>By the shop's own words.</summary>
    public static ReturnKind Kind(string reason, bool isLead) => isLead ? ReturnKind.DeadLead
        : reason.Contains("chargeback", StringComparison.OrdinalIgnoreCase) || reason.Contains("dispute", StringComparison.OrdinalIgnoreCase) ? ReturnKind.Chargeback
        : reason.Contains("unpaid", StringComparison.OrdinalIgnoreCase) || reason.Contains("cancel", StringComparison.OrdinalIgnoreCase) ? ReturnKind.Unpaid
        : ReturnKind.Returned;
}
