using System.Globalization;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.WebUtilities;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>What differs now, what has been mended, and what is wrong with the webhooks, for a person to read.</summary>
sealed class DriftReport(DriftSearch search, DriftExplainer explainer, Database database, TimeProvider clock)
{
    const int MostRecovered = 100;
    static readonly TimeSpan Recent = TimeSpan.FromDays(30);

    /// <param name="most">How many are looked at one by one; the rest is only counted.</param>
    /// <exception cref="Reading.ShopDatabaseException">The shop's database cannot be read.</exception>
    public async Task<DriftView> OfAsync(ShopSettings shop, int skip, int take, int most, CancellationToken cancel)
    {
        var found = await search.FindAsync(shop, most, cancel);
        return new()
        {
            Shop = shop.Name, CheckedAt = found.At, InStep = found.Items.Count == 0 && found.Unread == 0, Count = found.Items.Count + found.Unread, Unread = found.Unread,
            AtStake = Sums(found.Items.Select(i => i.Item.AtStake)),
            Data = [.. found.Items.Skip(skip).Take(take).Select(i => DriftedOrder.Of(i.Item, i.Cause, found.At))],
            NextCursor = skip + take < found.Items.Count
                ? WebEncoders.Base64UrlEncode(System.Text.Encoding.UTF8.GetBytes((skip + take).ToString(CultureInfo.InvariantCulture))) : null,
            Webhooks = await explainer.ProblemsAsync(shop, cancel),
            Recovered = await RecoveredAsync(shop, cancel),
        };
    }

    public async Task<RecoveredView> RecoveredAsync(ShopSettings shop, CancellationToken cancel)
    {
        var since = UnixTime.Truncate(clock.GetUtcNow() - Recent);
        await using var db = database.Open();
        var rows = db.ShopDrifts.Where(d => d.Shop == shop.Name && d.RecoveredAt >= since);
        var causes = await rows.GroupBy(d => d.Cause).Select(g => new CauseCount(g.Key, g.Count())).ToListAsync(cancel);
        var sums = await rows.Where(d => d.Currency != null).GroupBy(d => d.Currency)
            .Select(g => new { Currency = g.Key, Sum = g.Sum(d => d.AtStakeMinor < 0 ? -d.AtStakeMinor : d.AtStakeMinor) }).ToListAsync(cancel);
        var latest = await rows.OrderByDescending(d => d.Id).Take(MostRecovered).ToListAsync(cancel);
        return new(causes.Sum(c => c.Count), [.. sums.OrderBy(s => s.Currency, StringComparer.Ordinal).Select(s => new Money(s.Sum, s.Currency!))],
            [.. causes.OrderByDescending(c => c.Count).ThenBy(c => c.Cause, StringComparer.Ordinal)], [.. latest.Select(DriftedOrder.Of)]);
    }

    /// <summary>What is too much and what is too little do not make up for each other.</summary>
    public static List<Money> Sums(IEnumerable<Money?> amounts) => [.. amounts.OfType<Money>().GroupBy(m => m.Currency).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => new Money(g.Sum(m => Math.Abs(m.Minor)), g.Key))];
}
