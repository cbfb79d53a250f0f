using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Drift;

/// <summary>Compares a shop's database with ours, now, and changes nothing.</summary>
sealed class DriftSearch(ShopReaders readers, OrderIntake orders, Database database, DriftExplainer explainer, DriftGauge gauge, TimeProvider clock)
{
    /// <summary>As many are looked at one by one while somebody waits for an answer over HTTP: about a second.</summary>
    public const int MostAtOnce = 2000;

    const int PageSize = 1000, ReadTogether = 500;

    /// <summary>Every difference inside the sweep's window; over the whole history where that has never been read.</summary>
    /// <param name="most">How many are looked at one by one; the rest is only counted.</param>
    /// <exception cref="ShopDatabaseException">The shop's database cannot be read.</exception>
    public async Task<DriftFound> FindAsync(ShopSettings shop, int most, CancellationToken cancel)
    {
        var reader = await readers.OpenAsync(shop, cancel);
        var since = await SinceAsync(shop, cancel);
        var suspects = await SuspectsAsync(reader, shop, since, cancel);
        var items = new List<DriftItem>();
        foreach (var page in suspects.Take(most).Chunk(ReadTogether))
            items.AddRange(await WeighAsync(reader, shop, page, cancel));
        var causes = await explainer.ExplainAsync(shop, items, cancel);
        var found = new DriftFound(UnixTime.Truncate(clock.GetUtcNow()), [.. items.Zip(causes).OrderByDescending(pair => Math.Abs(pair.First.AtStake?.Minor ?? 0))
            .ThenBy(pair => pair.First.ExternalId, StringComparer.Ordinal)], Math.Max(0, suspects.Count - most));
        await gauge.FoundAsync(shop, found, cancel);
        return found;
    }

    async Task<DateTimeOffset> SinceAsync(ShopSettings shop, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ShopSyncs.AnyAsync(s => s.Shop == shop.Name && s.BackfilledAt != null, cancel)
            ? UnixTime.Truncate(clock.GetUtcNow() - shop.SweepWindow) : DateTimeOffset.UnixEpoch;
    }

    /// <summary>Orders that do not amount to the same on both sides.</summary>
    async Task<List<string>> SuspectsAsync(IShopReader reader, ShopSettings shop, DateTimeOffset since, CancellationToken cancel)
    {
        var suspects = new List<string>();
        var from = since == DateTimeOffset.UnixEpoch ? DateTimeOffset.MinValue : since;
        for (var page = await reader.DigestsAsync(null, from, PageSize, cancel); page.Count > 0; page = await reader.DigestsAsync(page[^1].Id, from, PageSize, cancel))
            suspects.AddRange(await StoredDigests.DifferentAsync(database, shop, page, cancel));
        await foreach (var page in StoredDigests.PagesAsync(database, shop, since, cancel))
        {
            var there = await reader.ExistingAsync(page, cancel);
            suspects.AddRange(page.Where(id => !there.Contains(id)));
        }
        return suspects;
    }

    async Task<IEnumerable<DriftItem>> WeighAsync(IShopReader reader, ShopSettings shop, IReadOnlyCollection<string> ids, CancellationToken cancel)
    {
        var readings = await reader.ReadAsync(ids, null, cancel);
        var good = readings.Where(r => r.Problem is null).ToList();
        var results = await orders.WeighAsync([.. good.Select(r => ShopReadings.News(shop, r, clock))], cancel);
        return good.Zip(results, (reading, result) => DriftItem.Of(reading.Id, result))
            .Concat(readings.Where(r => r.Problem is not null).Select(r => DriftItem.Of(r.Id, new(IntakeStatus.Refused, null, r.Problem))))
            .OfType<DriftItem>();
    }
}

/// <param name="At">When was looked.</param>
/// <param name="Items">The most money first.</param>
/// <param name="Unread">Further orders that do not amount to the same and were not looked at one by one.</param>
sealed record DriftFound(DateTimeOffset At, IReadOnlyList<(DriftItem Item, DriftCause Cause)> Items, int Unread);
