using System.Data.Common;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;

namespace AffiliateSidecar.Fraud;

/// <summary>Orders of partners with the click they are credited to. Read column by column: mapping them takes longer than the database does.</summary>
/// <param name="currency">Of the program; orders in another one have no amount.</param>
/// <param name="isReplay">See <see cref="FraudData.DaysAsync"/>.</param>
sealed class OrderDays(string currency, bool isReplay)
{
    // Buyers come from the same pages again and again, and to read an address takes longer than all the rest.
    readonly Dictionary<string, uint> referrers = new(StringComparer.Ordinal);

    /// <summary>Each day's by their time.</summary>
    public async Task<ILookup<DateOnly, (int Partner, OrderFigures Order)>> ReadAsync(SidecarDb db, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        // Made partner by partner: signals walk through a partner's orders again and again, and what lies side by side in memory is there before it is asked for.
        (await db.RowsAsync($"""
            select o.partner_id, o.id, o.placed_at, o.currency, o.total_minor, o.base_minor, o.is_new_customer, o.customer_key, o.has_disposable_mail, o.address, o.country, o.method, o.lag_seconds,
                case when k.status in ('paid', 'reversed') then 0 else k.amount_minor end,
                c.at, c.user_agent, c.country, c.referrer, c.landing, c.address, c.is_hosted, c.is_advertised
            from afs_orders o left join afs_clicks c on c.id = o.click_id left join afs_commissions k on k.order_id = o.id and k.partner_id = o.partner_id
            where o.partner_id is not null and o.placed_at >= {UnixTime.ToMicros(from)} and o.placed_at < {UnixTime.ToMicros(to)} order by o.partner_id, o.placed_at
            """, row => (Partner: row.GetInt32(0), Order: Order(row)), cancel)).OrderBy(o => o.Order.PlacedAt).ThenBy(o => o.Order.Id, StringComparer.Ordinal).ToLookup(o => o.Order.Day);

    OrderFigures Order(DbDataReader row)
    {
        var (total, counts) = (row.GetInt64(4), row.GetString(3) == currency);
        return new()
        {
            Id = row.GetString(1), PlacedAt = UnixTime.FromMicros(row.GetInt64(2)), AmountMinor = !counts ? 0 : isReplay ? total : row.GetInt64(5),
            CommissionMinor = !counts ? 0 : isReplay ? total / 10 : Number(row, 13) ?? 0, IsNewCustomer = Flag(row, 6), Customer = Text(row, 7), HasDisposableMail = Flag(row, 8),
            Address = (uint)(Number(row, 9) ?? 0), Country = ClickFacts.Country(Text(row, 10)), HasCoupon = Text(row, 11) == AttributionMethod.Coupon, IsLead = total == 0,
            Click = Number(row, 14) is { } at && Number(row, 12) is not null ? Click(row, UnixTime.FromMicros(at)) : null,
        };
    }

    ClickTraits Click(DbDataReader row, DateTimeOffset at) => new(at, ClickFacts.Text(Text(row, 15) ?? ""), ClickFacts.Country(Text(row, 16)), Referrer(Text(row, 17)),
        ClickFacts.Land(Text(row, 18), Flag(row, 21) == true), (uint)(Number(row, 19) ?? 0), Flag(row, 20) == true);

    uint Referrer(string? url)
    {
        if (url is null)
            return 0;
        if (!referrers.TryGetValue(url, out var referrer))
            referrers[url] = referrer = ClickFacts.Referrer(url);
        return referrer;
    }

    static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    static long? Number(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    static bool? Flag(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetBoolean(column);
}
